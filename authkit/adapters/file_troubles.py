"""What can be wrong with a file of the person's own: the words for it, as data.  Pure.

``adapters.user_files`` finds out which word fits, the fake is told, and both raise the
same `FileTrouble`.  What can also happen to the state folder has the words of
``adapters.state_troubles``; their cures are others here.
"""

from __future__ import annotations

from authkit.adapters import state_troubles
from authkit.core.failures import FileTrouble
from authkit.core.messages import CURES, FILE_CURES, MESSAGES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.core.failures import StateTrouble

READ_ONLY, DANGLING, MOUNTED = "read-only", "a link to nothing", "a mount"
NOT_KEPT, NO_FOLDER, HARD_LINK = "of another owner", "no working directory", "a hard link"

# A word for the trouble: the reason that is shown.
TROUBLES = {
    READ_ONLY: "its mode does not let you write to it",
    DANGLING: "it is a link to what is not there",
    MOUNTED: "it is mounted by itself, so nothing can take its place",
    NOT_KEPT: "a new file in its place would belong to you, not to its owner",
    NO_FOLDER: "the folder that one stands in is gone",
    HARD_LINK: "it has another name too (a hard link), which would keep what it is now",
}
_CURES_OF_STATE = ("state-no-room", "state-limit")  # the others are about the state folder


def trouble(path: str, word: str) -> FileTrouble:
    """Return what is raised for a word of this table, or of ``state_troubles``.

    Any other word is the system's own, as it stands.
    """
    if word in TROUBLES:
        return explained(path, TROUBLES[word], FILE_CURES[word])
    return of_state(state_troubles.trouble(path, word))


def of_state(error: StateTrouble) -> FileTrouble:
    """Return the same trouble with a file of the person's own."""
    cure = CURES[error.says] if error.says in _CURES_OF_STATE else FILE_CURES[""]
    return explained(error.path, error.reason, cure)


def explained(path: str, reason: str, cure: str = FILE_CURES[""]) -> FileTrouble:
    """Return what is raised for a reason in words."""
    done = MESSAGES["nothing-changed"]
    return FileTrouble("file-trouble", path=path, reason=reason, cure=cure, done=done)
