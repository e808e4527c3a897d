"""The words for trouble with the state folder."""

from __future__ import annotations

import pytest

from authkit.adapters.state_troubles import KINDS, TROUBLES, trouble
from authkit.core.endings import ended_by
from authkit.core.messages import CURES, MESSAGES
from authkit.core.render import text


@pytest.mark.parametrize("word", TROUBLES)
def test_words(word: str) -> None:
    """B-S06, B-A04: each has a reason, a message and a cure, none of which is chown."""
    found = trouble("/state", word)
    assert (found.path, found.reason) == ("/state", TROUBLES[word][0])
    assert found.says in CURES.keys() & MESSAGES.keys()
    failure = ended_by(found)
    shown = text(failure.name, **failure.values, again="authkit login dev-admin")
    assert shown.startswith(f"✗ /state: {found.reason}.\n")
    assert "chown" not in shown
    assert ("chmod" in CURES[found.says]) == (word == "open to others")


def test_the_systems_own_word() -> None:
    """B-S04: any other word is the reason, as it stands."""
    found = trouble("/state", "Permission denied")
    assert (found.reason, found.says) == ("Permission denied", "state-trouble")


def test_what_is_not_a_file() -> None:
    """B-S06: a link, a FIFO, a device, a folder and a socket."""
    assert len(KINDS) == 5
    assert all(trouble("/a", kind).reason == f"it is {kind}, not a file" for kind in KINDS)


def test_a_path_is_quoted_in_a_command() -> None:
    """B-S06: the cure can be pasted, whatever the folder is called."""
    failure = ended_by(trouble("/my state", "open to others"))
    assert "'chmod go-w '/my state''" in text(failure.name, **failure.values, again="x")


FOLDER = "Set AUTHKIT_STATE_DIR to a folder of your own."
FILE_SYSTEM = "Set AUTHKIT_STATE_DIR to a folder of your own on another file system."


@pytest.mark.parametrize(
    ("word", "cure"),
    [
        ("no room", "Make room there, then run\n  'authkit login dev-admin'."),
        ("no locks", FILE_SYSTEM),
        ("no modes", FILE_SYSTEM),
        ("open to others", "Run 'chmod go-w /state', then run\n  'authkit login dev-admin'."),
        ("open to others for good", FILE_SYSTEM),
        ("of root", FOLDER),
        ("of another user", FOLDER),
        ("of another user, under sudo", "Run it without sudo."),
        ("a hard link", "Remove it, or set AUTHKIT_STATE_DIR to a folder of your own."),
    ],
)
def test_what_to_do(word: str, cure: str) -> None:
    """B-S06: who meets it is told why, in more than its word, and what mends just that."""
    failure = ended_by(trouble("/state", word))
    shown = text(failure.name, **failure.values, again="authkit login dev-admin")
    assert shown.endswith(f"\n  {cure}")
    assert not shown.startswith(f"✗ /state: {word}.")
