"""The state folder in memory."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from authkit.adapters.state_troubles import KINDS, TROUBLES
from authkit.core.failures import StateTrouble
from authkit.core.model import Marker
from fakes.world.state_folder import FOLDER, MemoryStateFolder
from sts_simulator.account.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

NOON = datetime(2024, 12, 22, 12, tzinfo=UTC)
SESSION = "sessions/dev-admin.json"


def test_files_are_kept_by_identity() -> None:
    """Session files and markers are read back, listed and removed."""
    state = MemoryStateFolder()
    assert state.read("dev-admin") is None
    state.replace("dev-admin", "text")
    state.markers.mark("dev-admin", Marker("a.backend", NOON))
    assert (state.read("dev-admin"), state.names()) == ("text", ["dev-admin"])
    assert [state.drop("dev-admin"), state.drop("dev-admin")] == [True, False]
    assert state.markers.marked() == ["dev-admin"]
    assert state.markers.read("dev-admin") == Marker("a.backend", NOON)
    state.markers.unmark("dev-admin")
    assert state.markers.marked() == state.names() == []
    assert state.markers.read("dev-admin") is None


def test_notes_of_codes_are_replaced_and_read_together() -> None:
    """Each identity has one note; all are read at once."""
    notes = MemoryStateFolder().notes
    notes.replace_codes("dev-admin", "one")
    notes.replace_codes("dev-admin", "two")
    notes.replace_codes("other", "three")
    assert notes.codes() == ["two", "three"]


@pytest.mark.parametrize(
    ("operation", "call", "path"),
    [
        ("session.read", lambda s: s.read("dev"), "sessions/dev.json"),
        ("session.replace", lambda s: s.replace("dev", "text"), "sessions/dev.json"),
        ("session.drop", lambda s: s.drop("dev"), "sessions/dev.json"),
        ("mark.set", lambda s: s.markers.mark("dev", Marker()), "identities/dev"),
        ("mark.read", lambda s: s.markers.read("dev"), "identities/dev"),
        ("mark.remove", lambda s: s.markers.unmark("dev"), "identities/dev"),
        ("codes.read", lambda s: s.notes.codes(), "codes"),
        ("codes.replace", lambda s: s.notes.replace_codes("dev", "text"), "codes/dev.json"),
    ],
)
def test_every_operation_has_its_fault(
    operation: str, call: Callable[[MemoryStateFolder], object], path: str
) -> None:
    """The fault happens once, and StateTrouble names the path of the file."""
    state = MemoryStateFolder()
    state.faults.add(Fault(operation, "Permission denied"))
    with pytest.raises(StateTrouble, match="Permission denied") as raised:
        call(state)
    assert raised.value.path == f"{FOLDER}/{path}"
    call(state)


def test_a_fault_may_be_a_word_of_the_table() -> None:
    """B-S06: a word such as "no room" becomes what authkit says of it."""
    state = MemoryStateFolder()
    state.faults.add(Fault("session.replace", "no room"))
    with pytest.raises(StateTrouble, match="there is no room left") as raised:
        state.replace("dev-admin", "text")
    assert raised.value.says == "state-no-room"
    assert state.names() == []


@pytest.mark.parametrize("word", TROUBLES)
@pytest.mark.parametrize("path", ["", "sessions", SESSION])
def test_what_is_spoilt_cannot_be_used(path: str, word: str) -> None:
    """B-S06: trouble with a folder is trouble with all that is in it."""
    state = MemoryStateFolder()
    state.replace("dev-admin", "text")
    state.spoilt[path] = word
    with pytest.raises(StateTrouble) as raised:
        state.read("dev-admin")
    assert raised.value.path == f"{FOLDER}/{path}".rstrip("/")
    assert raised.value.reason == TROUBLES[word][0]
    with pytest.raises(StateTrouble):
        state.replace("dev-admin", "other")
    if path == SESSION:
        assert state.read("other") is None


@pytest.mark.parametrize("word", KINDS)
def test_what_is_in_a_files_place_is_removed(word: str) -> None:
    """B-S06: a FIFO or a link is removed by logout; a folder is not."""
    state = MemoryStateFolder()
    state.spoilt[SESSION] = word
    if word == "a folder":
        with pytest.raises(StateTrouble):
            state.drop("dev-admin")
        return
    assert state.drop("dev-admin")
    assert state.read("dev-admin") is None


def test_a_file_system_that_ignores_case() -> None:
    """B-S10: a file of before, of another spelling, is found there, and is not used."""
    state = MemoryStateFolder(ignores_case=True)
    state.texts["Dev-Admin"] = "nameless"
    assert state.read("dev-admin") is None
    assert state.read("Dev-Admin") == "nameless"
    assert not state.drop("dev-admin")
    state.replace("dev-admin", "new")
    assert (state.read("dev-admin"), state.read("Dev-Admin")) == ("new", "nameless")
    assert sorted(state.texts) == ["dev-admin", "devadmin+bc3fe06c14c6cb3b"]
