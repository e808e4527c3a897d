"""Chains of keyring backends: what is written, read and deleted where, and who refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from keyrings.alt.file import PlaintextKeyring

from authkit.adapters.keyring_links import Links, in_the_clear
from authkit.core.failures import Cancelled, KeyringTrouble
from fakes.world.keyring import EXITING, FAILING, FORGETFUL, LOCKED, READ_ONLY, MemoryKeyring

if TYPE_CHECKING:
    from pathlib import Path

    from keyring.backend import KeyringBackend

ASKED = ("authkit", "dev-admin")
NAME = "fakes.world.keyring.MemoryKeyring"


def link(entry: str = "", state: str = "working") -> MemoryKeyring:
    """Return a backend in a state, with an entry or without."""
    backend = MemoryKeyring()
    backend.state = state
    if entry:
        backend.entries[ASKED] = entry
    return backend


def kept(*backends: MemoryKeyring) -> list[str | None]:
    """Return the entry in each backend."""
    return [backend.entries.get(ASKED) for backend in backends]


def chain(*backends: KeyringBackend, chosen: bool = True) -> Links:
    """Return the backends as links."""
    return Links(backends, chosen=chosen)


@pytest.mark.parametrize("entries", [("a", ""), ("", "b"), ("a", "b"), ("", "")])
def test_an_entry_is_deleted_in_each(entries: tuple[str, str]) -> None:
    """B-S05: wherever it is, nothing of it is left."""
    upper, lower = map(link, entries)
    links = chain(upper, lower)
    links.delete(*ASKED)
    assert kept(upper, lower) == [None, None]
    assert links.read(*ASKED) is None


@pytest.mark.parametrize("entries", [("a", ""), ("", "b"), ("a", "b"), ("", "")])
def test_an_entry_is_replaced_wherever_it_is(entries: tuple[str, str]) -> None:
    """B-S05: the new one is read, and the old one does not come back."""
    upper, lower = map(link, entries)
    links = chain(upper, lower)
    links.write(*ASKED, "new")
    assert links.holder is upper
    assert kept(upper, lower) == ["new", None]
    assert links.read(*ASKED) == "new"


def test_two_ways_to_one_store() -> None:
    """B-S02: SecretService and libsecret reach the same items: what was written stays."""
    upper, lower = link("old"), link()
    lower.entries = upper.entries
    links = chain(upper, lower)
    links.write(*ASKED, "new")
    assert links.read(*ASKED) == "new"
    links.delete(*ASKED)
    assert links.read(*ASKED) is None


def test_a_link_that_takes_no_entries_is_passed_over() -> None:
    """B-S05: as in the library's chains, one that can only be read is not written to."""
    upper, lower = link(state=READ_ONLY), link("old")
    links = chain(upper, lower)
    links.write(*ASKED, "new")
    assert links.holder is lower
    assert links.read(*ASKED) == "new"
    links.delete(*ASKED)
    assert links.read(*ASKED) is None


def test_a_link_that_would_hide_the_new_entry() -> None:
    """B-S05: its old entry would be read instead, so nothing is written, and it is named."""
    upper, lower = link("old", READ_ONLY), link()
    with pytest.raises(KeyringTrouble, match=f"{NAME} does not replace its entry"):
        chain(upper, lower).write(*ASKED, "new")
    assert kept(upper, lower) == ["old", None]


def test_no_link_takes_entries() -> None:
    """B-S05: nothing is saved, and that is said."""
    with pytest.raises(KeyringTrouble) as raised:
        chain(link(state=READ_ONLY), link(state=READ_ONLY)).write(*ASKED, "new")
    assert raised.value.state == "no-backend"


@pytest.mark.parametrize(
    ("state", "trouble", "reason"),
    [
        (LOCKED, "locked", f"{NAME}: the collection is locked"),
        (FAILING, "unreadable", f"{NAME}: the backend does not answer"),
        (READ_ONLY, "unreadable", f"{NAME} deletes no entries"),
        (EXITING, "unreadable", f"{NAME} raised SystemExit"),
    ],
)
@pytest.mark.parametrize("place", [0, 1])
def test_a_link_that_refuses_to_delete(state: str, trouble: str, reason: str, place: int) -> None:
    """B-S05: the others are deleted all the same, and "removed" is not said: it is named."""
    refusing, other = link("old", state), link("old")
    links = chain(*((refusing, other) if place == 0 else (other, refusing)))
    with pytest.raises(KeyringTrouble) as raised:
        links.delete(*ASKED)
    assert (raised.value.state, raised.value.reason) == (trouble, reason)
    assert kept(refusing, other) == ["old", None]


@pytest.mark.parametrize("state", [LOCKED, FAILING, EXITING])
def test_a_link_that_fails_is_not_passed_over(state: str) -> None:
    """B-S04: it may hold an entry, so it is neither read past nor written past."""
    upper, lower = link("old", state), link("lower")
    links = chain(upper, lower)
    with pytest.raises(KeyringTrouble) as reading:
        links.read(*ASKED)
    with pytest.raises(KeyringTrouble) as writing:
        links.write(*ASKED, "new")
    assert all(NAME in raised.value.hint for raised in (reading, writing))
    assert kept(upper, lower) == ["old", "lower"]


@pytest.mark.parametrize("state", [LOCKED, FAILING, READ_ONLY, EXITING])
def test_a_later_link_does_not_stop_a_write(state: str) -> None:
    """B-S05: an old entry that a later link keeps is never read before the new one."""
    upper, lower = link(), link("old", state)
    links = chain(upper, lower)
    links.write(*ASKED, "new")
    assert links.holder is upper
    assert links.read(*ASKED) == "new"


def test_a_deletion_is_read_back() -> None:
    """B-S05: a backend that says it deleted, and did not, is named."""

    class Pretending(MemoryKeyring):
        def delete_password(self, *_: str) -> None:
            pass

    backend = Pretending()
    backend.entries[ASKED] = "old"
    with pytest.raises(KeyringTrouble, match="Pretending did not delete the entry"):
        chain(backend).delete(*ASKED)


def test_a_forgetful_link_is_found_by_reading_back() -> None:
    """B-S05: what a link throws away is not hidden by an older entry further down."""
    upper, lower = link(state=FORGETFUL), link("old")
    links = chain(upper, lower)
    links.write(*ASKED, "new")
    assert links.read(*ASKED) != "new"


def test_nothing_is_written_in_the_clear_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B-S05: a link that keeps entries in the clear is read, and written to only if chosen."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    clear = PlaintextKeyring()
    with pytest.raises(KeyringTrouble, match="no backend of the chain takes entries"):
        chain(link(state=READ_ONLY), clear, chosen=False).write(*ASKED, "new")
    links = chain(link(state=READ_ONLY), clear, chosen=True)
    assert not links.in_the_clear
    links.write(*ASKED, "new")
    assert (links.holder, links.in_the_clear) == (clear, True)
    assert chain(clear, chosen=False).read(*ASKED) == "new"


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, Cancelled])
def test_what_is_the_persons(interrupt: type[BaseException]) -> None:
    """B-S05: Ctrl-C while a backend works is no keyring trouble."""

    class Interrupted(MemoryKeyring):
        def get_password(self, *_: str) -> str | None:
            raise interrupt

    with pytest.raises(interrupt):
        chain(Interrupted(), link()).read(*ASKED)


def test_what_a_link_prints_is_not_data(capsys: pytest.CaptureFixture[str]) -> None:
    """B-E01: a backend's print does not get among the data on standard output."""

    class Talking(MemoryKeyring):
        def get_password(self, *entry: str) -> str | None:
            print("hello")  # noqa: T201 - that is the point
            return super().get_password(*entry)

    chain(Talking()).read(*ASKED)
    assert capsys.readouterr() == ("", "hello\n")


@pytest.mark.parametrize(
    ("name", "scheme", "clear"),
    [
        ("PlaintextKeyring", "", True),
        ("FileKeyring", "[no encyption]", True),
        ("EncryptedKeyring", "[PBKDF2] AES256.CFB", False),
        ("FileKeyring", "", False),
    ],
)
def test_what_keeps_entries_in_the_clear(name: str, scheme: str, *, clear: bool) -> None:
    """B-S05: a backend says so by its name, or by how it says that it encrypts."""
    backend = type(name, (MemoryKeyring,), {"scheme": scheme})()
    assert in_the_clear(backend) is clear
