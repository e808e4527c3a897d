"""One process at a time writes to the keyring: the lock, and its bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authkit.adapters.one_writer import OneWriter
from authkit.adapters.state_folder import StateFolder
from authkit.core.failures import KeyringTrouble, StateTrouble

if TYPE_CHECKING:
    from pathlib import Path


class Lock:
    """A lock that another process holds for some tries."""

    def __init__(self, held_for: int, by: str = "") -> None:
        self.by = by
        self.tries_left = held_for
        self.held = False
        self.made = True

    def acquire(self) -> bool:
        """Try once."""
        self.tries_left -= 1
        self.held = self.tries_left < 0
        return self.held

    def is_made(self) -> bool:
        """Tell that it was taken before."""
        return self.made

    def holder(self) -> str:
        """Return which process holds it."""
        return self.by

    def release(self) -> None:
        """Release it."""
        self.held = False


def test_the_lock_is_waited_for() -> None:
    """B-S02: another writer is waited for; the lock is held within, and released after trouble."""
    lock = Lock(held_for=3)
    held = []

    def fails() -> None:
        with OneWriter(lambda: lock)():
            held.append(lock.held)
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert (held, lock.held) == ([True], False)


def test_the_wait_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S07: nothing waits for ever."""
    monkeypatch.setenv("AUTHKIT_LOCK_TIMEOUT", "0s")
    with pytest.raises(KeyringTrouble) as raised, OneWriter(lambda: Lock(9, "process 7"))():
        pytest.fail("the lock was not taken")
    assert raised.value.state == "unreadable"
    assert raised.value.reason == "process 7 has been writing to it for 0s"
    assert raised.value.hint.startswith("Look for an authkit")


@pytest.mark.parametrize("setting", ["", "soon"])
def test_the_default_bound(monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    """B-S07: 10 minutes if nothing else is said."""
    slept = list[float]()
    monkeypatch.setattr("time.sleep", slept.append)
    monkeypatch.setenv("AUTHKIT_LOCK_TIMEOUT", setting)
    with (
        pytest.raises(KeyringTrouble, match=r"another authkit .* for 10m"),
        OneWriter(lambda: Lock(99_999))(),
    ):
        pytest.fail("the lock was not taken")
    assert sum(slept) == pytest.approx(600)


def test_a_longer_wait_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-L24: who is waited for, and how to end the wait; one of half a second is not told."""
    slept = list[float]()
    monkeypatch.setattr("time.sleep", slept.append)
    said = list[tuple[str, float]]()

    def say(line: str) -> None:
        said.append((line, sum(slept)))

    with OneWriter(lambda: Lock(25, "process 7"), say=say)():
        assert said == []
    slept.clear()
    with OneWriter(lambda: Lock(200, "process 7"), say=say)():
        pass
    line = "⚠ Waiting until process 7 has written to the keyring (Ctrl-C ends the wait)."
    ((told, after),) = said
    assert told == line
    assert after == pytest.approx(0.5)


def test_a_reader_waits_a_second_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S07: then it goes on without the lock, and does not wait again in this process."""
    slept = list[float]()
    monkeypatch.setattr("time.sleep", slept.append)
    lock = Lock(99_999)
    writer = OneWriter(lambda: lock)
    for _ in range(3):
        with writer(briefly=True):
            assert not lock.held
        assert sum(slept) == pytest.approx(1)
    free = Lock(3)
    with OneWriter(lambda: free)(briefly=True):
        assert free.held
    assert not free.held


def broken() -> Lock:
    """Raise what a folder raises that cannot be used."""
    raise StateTrouble("/home/me/locks", "Read-only file system")


def test_the_first_lock_that_can_be_used() -> None:
    """B-S02: the user's own place counts, else the state folder's; never both."""
    first, second = Lock(0), Lock(0)
    with OneWriter(lambda: first, lambda: second)():
        assert (first.held, second.held) == (True, False)
    with OneWriter(broken, lambda: second)():
        assert second.held
    assert not second.held


def test_a_reader_goes_on_without_a_lock() -> None:
    """B-S06: a state folder that cannot be used keeps nobody from reading."""
    with OneWriter(broken)(briefly=True):
        pass


def test_the_real_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S02: two writers that share a state folder exclude each other; no identity's lock does."""
    folder, other = StateFolder(str(tmp_path)), StateFolder(str(tmp_path))
    monkeypatch.setenv("AUTHKIT_LOCK_TIMEOUT", "0s")
    with OneWriter(folder.keyring_lock)():
        with pytest.raises(KeyringTrouble), OneWriter(other.keyring_lock)():
            pytest.fail("both write")
        lock = other.lock("keyring")
        assert lock.acquire()
        lock.release()
    with OneWriter(other.keyring_lock)():
        pass


def test_another_lock_for_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S07: who writes to files has a lock, a wait and a trouble of its own."""
    said = list[str]()
    monkeypatch.setattr("time.sleep", lambda _: None)
    with OneWriter(lambda: Lock(200, "process 7"), say=said.append, what="your files")():
        assert "until process 7 has written to your files" in said[0]
    folder = StateFolder(str(tmp_path))
    with OneWriter(folder.keyring_lock)(), OneWriter(folder.files_lock)():
        pass
    monkeypatch.setenv("AUTHKIT_LOCK_TIMEOUT", "0s")
    files = OneWriter(lambda: Lock(9), trouble=LookupError)
    with pytest.raises(LookupError, match="has been writing to it for 0s"), files():
        pytest.fail("the lock was not taken")


def test_a_folder_that_cannot_be_used() -> None:
    """B-S06: trouble with the lock is told with its path; it is the keyring's port that raises."""

    def lock() -> Lock:
        raise StateTrouble("/state/locks", "Permission denied")

    with pytest.raises(KeyringTrouble) as raised, OneWriter(lock)():
        pytest.fail("the lock was not taken")
    assert raised.value.reason == "its lock cannot be taken (/state/locks: Permission denied)"
    assert raised.value.hint.startswith("Check that path, or set AUTHKIT_STATE_DIR to a folder")


def test_a_lock_that_nobody_has_taken(tmp_path: Path) -> None:
    """B-S02: a reader does not make a lock file, nor a folder for it: nobody is writing."""
    folder = StateFolder(str(tmp_path / "state"))
    with OneWriter(folder.keyring_lock)(briefly=True):
        assert list(tmp_path.iterdir()) == []
    with OneWriter(folder.keyring_lock)():
        pass
    other = folder.keyring_lock()
    with OneWriter(folder.keyring_lock)(briefly=True):
        assert not other.acquire()  # the reader has it
