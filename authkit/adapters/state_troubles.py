"""What can be wrong with the state folder and what is in it: the words for it, as data.  Pure.

The adapters find out which word fits, the fakes are told, and both raise the same
`StateTrouble`.  Imported only when there is trouble.
"""

from __future__ import annotations

from authkit.core.failures import StateTrouble

NO_ROOM, NO_LOCKS, NO_MODES = "no room", "no locks", "no modes"
OPEN, OPEN_FOR_GOOD = "open to others", "open to others for good"
OF_ROOT, OF_ANOTHER, UNDER_SUDO = "of root", "of another user", "of another user, under sudo"
LINK, FIFO, DEVICE, FOLDER, SOCKET = "a symbolic link", "a FIFO", "a device", "a folder", "a socket"
KINDS = (LINK, FIFO, DEVICE, FOLDER, SOCKET)
HARD_LINK = "a hard link"

# A word for the trouble: the reason that is shown, and the message that it ends with.
TROUBLES = {
    NO_ROOM: ("there is no room left on its file system or in a quota", "state-no-room"),
    NO_LOCKS: ("its file system has no locks", "state-file-system"),
    NO_MODES: ("its file system keeps no file private", "state-file-system"),
    OPEN: ("group or others may write to it", "state-open"),
    OPEN_FOR_GOOD: (
        "group or others may write to it, and chmod does not change that",
        "state-file-system",
    ),
    OF_ROOT: ("it belongs to root, as after 'sudo authkit'", "state-not-yours"),
    OF_ANOTHER: ("it belongs to another user", "state-not-yours"),
    UNDER_SUDO: ("it does not belong to root, as whom sudo runs this", "state-sudo"),
    HARD_LINK: ("it has another name too (a hard link)", "state-not-a-file"),
    **{kind: (f"it is {kind}, not a file", "state-not-a-file") for kind in KINDS},
}


def trouble(path: str, word: str) -> StateTrouble:
    """Return what is raised for this trouble; any other word is the system's own, as it stands."""
    reason, says = TROUBLES.get(word, (word, "state-trouble"))
    return StateTrouble(path, reason, says=says)
