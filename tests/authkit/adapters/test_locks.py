"""Locks on a real disk: who excludes whom, who holds one, and what is no lock file."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from authkit.adapters.folders import Folder
from authkit.adapters.locks import StateLock
from authkit.core.failures import StateTrouble
from tests.authkit.adapters.folders import held_by_another_process, mode, umask
from tests.authkit.adapters.folders_of_others import (
    ODD,
    ODD_HERE,
    USER,
    needs_root,
    small_file_system,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Return the path of the state folder, which does not exist yet."""
    return tmp_path / "state"


def lock(state: Path, file: str = "dev-admin") -> StateLock:
    """Return a lock in the state folder, not taken yet."""
    return StateLock(Folder(str(state), "locks"), file)


def test_two_locks_exclude_each_other(state: Path) -> None:
    """B-L24: a lock is held once, and each file is a lock of its own."""
    first, second = lock(state), lock(state)
    assert first.acquire()
    assert not second.acquire()
    assert lock(state, "audit").acquire()
    first.release()
    first.release()
    assert second.acquire()
    second.release()
    assert mode(state / "locks" / "dev-admin") == 0o600


@pytest.mark.parametrize("then", ["removed", "replaced"])
def test_a_file_that_is_removed_while_it_is_locked(
    state: Path, monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    """B-L24: what was locked must be what others will open, else both would hold it."""
    first, second = lock(state), lock(state)
    flock = fcntl.flock

    def late(handle: int, how: int) -> None:
        monkeypatch.setattr(fcntl, "flock", flock)
        flock(handle, how)
        (state / "locks" / "dev-admin").unlink()
        if then == "replaced":
            assert second.acquire()

    monkeypatch.setattr(fcntl, "flock", late)
    assert first.acquire() is (then == "removed")
    assert not lock(state).acquire()


def test_a_file_that_is_removed_every_time(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S07: it counts as held in the end."""
    flock = fcntl.flock

    def late(handle: int, how: int) -> None:
        flock(handle, how)
        (state / "locks" / "dev-admin").unlink()

    monkeypatch.setattr(fcntl, "flock", late)
    assert not lock(state).acquire()


def test_processes_exclude_each_other(state: Path) -> None:
    """B-L24: a lock excludes other processes; the death of its holder frees it."""
    ours = lock(state)
    with held_by_another_process(state) as holder:
        assert not ours.acquire()
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert ours.acquire()
    ours.release()


def test_who_holds_it(state: Path) -> None:
    """B-S07: the process id of the holder, and its command where /proc tells; a try keeps both."""
    ours = lock(state)
    with held_by_another_process(state) as holder:
        assert not ours.acquire()
        told = ours.holder()
    assert told.startswith(f"process {holder.pid}")
    if os.path.exists("/proc/self/cmdline"):  # noqa: PTH110 - a file of the system
        assert f"process {holder.pid} (" in told
        assert len(told) <= len(f"process {holder.pid} ()") + 200


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="there is no /proc")
@pytest.mark.parametrize("line", [("dev", "--", "curl"), ("dev", "curl"), ("-i", "dev", "curl")])
def test_the_command_of_exec_is_not_told(state: Path, line: Sequence[str]) -> None:
    """B-S01: the child's words, with or without -- before them, may have a secret among them."""
    program = "import time; time.sleep(60)"
    words = (sys.executable, "-c", program, "exec", *line, "secret-canary")
    with subprocess.Popen(words, start_new_session=True) as process:  # noqa: S603 - this interpreter, fixed words
        try:
            while b"canary" not in Path(f"/proc/{process.pid}/cmdline").read_bytes():
                pass
            ours = lock(state)
            assert ours.acquire()
            ours.release()
            (state / "locks" / "dev-admin").write_text(f"{process.pid}\n")
            told = ours.holder()
        finally:
            process.kill()
    assert told.endswith(" exec)")


def test_nobody_holds_it(state: Path) -> None:
    """B-S07: nothing is said of a holder that left nothing, or something else, in the file."""
    ours = lock(state)
    assert ours.holder() == ""
    assert ours.acquire()
    assert ours.holder().startswith(f"process {os.getpid()}")
    ours.release()
    assert ours.holder() == ""
    for written in ("no number", "9" * 5000):
        (state / "locks" / "dev-admin").write_text(written)
        assert ours.holder() == ""
    (state / "locks" / "dev-admin").write_text("99999999\n")  # more than the system's highest
    assert ours.holder() == "process 99999999"


@pytest.mark.parametrize("word", ODD_HERE)
def test_what_is_no_lock_file(state: Path, word: str) -> None:
    """B-S06: a FIFO, a device, a folder or a link in a lock's place is said to be one."""
    assert lock(state, "audit").acquire()
    ODD[word](state / "locks" / "dev-admin")
    with pytest.raises(StateTrouble, match=f"it is {word}, not a file"):
        lock(state).acquire()


@pytest.mark.parametrize("to_nothing", [True, False])
def test_a_link_is_not_followed(state: Path, *, to_nothing: bool) -> None:
    """B-S07: nothing is made or emptied where a link in the lock's place leads."""
    assert lock(state, "audit").acquire()
    elsewhere = state / "elsewhere"
    if not to_nothing:
        elsewhere.write_text("mine")
    (state / "locks" / "dev-admin").symlink_to(elsewhere)
    with pytest.raises(StateTrouble, match="it is a symbolic link"):
        lock(state).acquire()
    assert elsewhere.exists() is not to_nothing
    assert to_nothing or elsewhere.read_text() == "mine"


def test_a_lock_with_another_name(state: Path) -> None:
    """B-S06: of two names for one file, as deduplicating tools make, nothing is written to it."""
    assert lock(state, "audit").acquire()
    other = state / "elsewhere"
    other.write_text("mine")
    (state / "locks" / "dev-admin").hardlink_to(other)
    with pytest.raises(StateTrouble, match="it has another name too"):
        lock(state).acquire()
    assert other.read_text() == "mine"


def test_a_lock_that_others_may_write_to(state: Path) -> None:
    """B-S06: another user could hold it for ever."""
    ours = lock(state)
    assert ours.acquire()
    ours.release()
    (state / "locks" / "dev-admin").chmod(0o666)
    with pytest.raises(StateTrouble, match="group or others may write to it"):
        lock(state).acquire()
    (state / "locks" / "dev-admin").chmod(0o600)
    assert lock(state).acquire()


@needs_root
def test_a_lock_of_another_user(state: Path) -> None:
    """B-S06: nor is one of another user used."""
    lock(state).acquire()
    os.chown(state / "locks" / "dev-admin", USER, USER)
    with pytest.raises(StateTrouble, match="it belongs to another user"):
        lock(state).acquire()


@pytest.mark.parametrize("mask", [0o000, 0o777], ids=oct)
def test_private_whatever_the_umask(state: Path, mask: int) -> None:
    """B-S06: a lock file is 0600."""
    with umask(mask):
        assert lock(state).acquire()
    assert mode(state / "locks" / "dev-admin") == 0o600


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.EOPNOTSUPP, errno.EACCES, errno.ENOLCK])
def test_a_file_system_without_locks(
    state: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """B-S07: it is said to be one, without a warning, and is not waited for."""

    def refused(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refused)
    with pytest.raises(StateTrouble) as raised:  # a warning would be an error (pyproject.toml)
        lock(state).acquire()
    assert raised.value.reason == "its file system has no locks"
    assert raised.value.says == "state-file-system"


def test_any_other_trouble(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S04: an error that says nothing of locks is shown as the system words it."""

    def broken(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(fcntl, "flock", broken)
    with pytest.raises(StateTrouble, match="Input/output error"):
        lock(state).acquire()


@needs_root
def test_a_full_disk(tmp_path: Path) -> None:
    """B-S07: a lock needs no room but that of its file; a process id that does not fit is none."""
    state = tmp_path / "small"
    state.mkdir()
    with small_file_system(state):
        ours = lock(state)
        assert ours.acquire()
        ours.release()
        with suppress(OSError):
            (state / "filling").write_bytes(b"x" * 100_000)
        assert ours.acquire()
        assert ours.holder() == ""
        ours.release()
