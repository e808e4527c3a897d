"""The state folder in memory."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from authkit.core.failures import StateTrouble
from fakes.world.state_folder import FOLDER, MemoryStateFolder
from sts_simulator.account.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

NOON = datetime(2024, 12, 22, 12, tzinfo=UTC)


def test_files_are_kept_by_identity() -> None:
    """Session files and markers are read back, listed and removed."""
    sessions = MemoryStateFolder()
    assert sessions.read("dev-admin") is None
    sessions.replace("dev-admin", "text")
    sessions.mark("dev-admin")
    assert (sessions.read("dev-admin"), sessions.names()) == ("text", ["dev-admin"])
    assert [sessions.drop("dev-admin"), sessions.drop("dev-admin")] == [True, False]
    assert sessions.marked() == ["dev-admin"]
    sessions.unmark("dev-admin")
    assert sessions.marked() == sessions.names() == []


def test_a_fault_names_the_file() -> None:
    """A fault raises StateTrouble, as the real folder does, and changes nothing."""
    sessions = MemoryStateFolder()
    sessions.faults.add(Fault("session.replace", "No space left on device"))
    with pytest.raises(StateTrouble, match=r"sessions/dev-admin\.json: No space left on device"):
        sessions.replace("dev-admin", "text")
    assert sessions.names() == []


def test_a_marker_may_say_since_when_keys_are_untried() -> None:
    """The instant is returned until a marker without one is set."""
    sessions = MemoryStateFolder()
    sessions.mark("dev-admin", NOON)
    assert sessions.untried("dev-admin") == NOON
    sessions.mark("dev-admin")
    assert sessions.untried("dev-admin") is None
    assert sessions.untried("other") is None


def test_notes_of_codes_are_replaced_and_read_together() -> None:
    """Each identity has one note; all are read at once."""
    sessions = MemoryStateFolder()
    sessions.replace_codes("dev-admin", "one")
    sessions.replace_codes("dev-admin", "two")
    sessions.replace_codes("other", "three")
    assert sessions.codes() == ["two", "three"]


@pytest.mark.parametrize(
    ("operation", "call", "path"),
    [
        ("session.read", lambda s: s.read("dev"), "sessions/dev.json"),
        ("session.replace", lambda s: s.replace("dev", "text"), "sessions/dev.json"),
        ("session.drop", lambda s: s.drop("dev"), "sessions/dev.json"),
        ("mark.set", lambda s: s.mark("dev"), "identities/dev"),
        ("mark.read", lambda s: s.untried("dev"), "identities/dev"),
        ("mark.remove", lambda s: s.unmark("dev"), "identities/dev"),
        ("codes.read", lambda s: s.codes(), "codes"),
        ("codes.replace", lambda s: s.replace_codes("dev", "text"), "codes/dev.json"),
    ],
)
def test_every_operation_has_its_fault(
    operation: str, call: Callable[[MemoryStateFolder], object], path: str
) -> None:
    """The fault happens once, and StateTrouble names the path of the file."""
    sessions = MemoryStateFolder()
    sessions.faults.add(Fault(operation, "Permission denied"))
    with pytest.raises(StateTrouble) as raised:
        call(sessions)
    assert raised.value.path == f"{FOLDER}/{path}"
    call(sessions)
