"""Reading a config file or standard input: how much, and how long it is waited for."""

from __future__ import annotations

import fcntl
import os
import resource
import threading
from typing import TYPE_CHECKING

import pytest

from authkit.adapters import reading
from authkit.adapters.reading import LIMIT, Unreadable, read_all, read_file

if TYPE_CHECKING:
    from pathlib import Path

HIGH = 1100  # a descriptor that is too high for select()


@pytest.mark.parametrize("size", [0, 1, LIMIT - 1, LIMIT])
def test_a_file(tmp_path: Path, size: int) -> None:
    """B-S07: a file of 1 MiB is read whole."""
    (tmp_path / "a").write_bytes(b"x" * size)
    assert len(read_file(str(tmp_path / "a"))) == size


def test_a_file_that_is_too_big(tmp_path: Path) -> None:
    """B-S07: one of a byte more is refused."""
    (tmp_path / "a").write_bytes(b"x" * (LIMIT + 1))
    with pytest.raises(Unreadable, match="it has more than 1 MiB"):
        read_file(str(tmp_path / "a"))


def test_a_device_without_end() -> None:
    """B-S07: a device is not read for ever, and an empty one is empty."""
    with pytest.raises(Unreadable, match="it has more than 1 MiB"):
        read_file("/dev/zero")
    assert read_file("/dev/null") == b""


def test_a_folder(tmp_path: Path) -> None:
    """B-S07: a folder is the system's own error."""
    with pytest.raises(IsADirectoryError):
        read_file(str(tmp_path))


@pytest.mark.skipif(
    resource.getrlimit(resource.RLIMIT_NOFILE)[0] <= HIGH, reason="so many cannot be open here"
)
def test_a_high_descriptor() -> None:
    """B-A07: more than 1,024 open files, as a program may hand on, are no trouble."""
    reader, writer = os.pipe()
    high = fcntl.fcntl(reader, fcntl.F_DUPFD_CLOEXEC, HIGH)
    os.write(writer, b"some")
    os.close(writer)
    assert read_all(high) == b"some"
    os.close(high)
    os.close(reader)


def test_a_fifo_that_nobody_writes_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S07: it is given up."""
    os.mkfifo(tmp_path / "a")
    monkeypatch.setattr(reading, "PATIENCE", 0.01)
    with pytest.raises(Unreadable, match="nothing came from it"):
        read_file(str(tmp_path / "a"))


def test_how_long_nothing_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-A06: 60 seconds; it is said how long."""
    waited = list[float]()

    class Silent:
        def register(self, *_: object) -> None:
            pass

        def poll(self, milliseconds: float) -> list[object]:
            waited.append(milliseconds)
            return []

    monkeypatch.setattr("select.poll", Silent)
    reader, writer = os.pipe()
    with pytest.raises(Unreadable, match="nothing came from it in 60 seconds"):
        read_all(reader)
    assert waited == [60_000]
    os.close(reader)
    os.close(writer)


def test_a_fifo_with_a_late_writer(tmp_path: Path) -> None:
    """B-A06: what comes late, and in parts, is read to its end."""
    path = tmp_path / "a"
    os.mkfifo(path)

    def write() -> None:
        with path.open("wb", buffering=0) as file:
            file.write(b"one ")
            file.write(b"two")

    writer = threading.Thread(target=write)
    writer.start()
    assert read_file(str(path)) == b"one two"
    writer.join()


def test_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S07: standard input is a pipe mostly; a writer that is silent is given up."""
    reader, writer = os.pipe()
    os.write(writer, b"some")
    monkeypatch.setattr(reading, "PATIENCE", 0.01)
    with pytest.raises(Unreadable, match="nothing came from it"):
        read_all(reader)
    os.close(writer)
    assert read_all(reader) == b""
    os.close(reader)


def test_another_reader_was_quicker(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S07: what another process has read in between is waited for again."""
    reader, writer = os.pipe()
    os.write(writer, b"x")
    os.close(writer)
    real, gone = os.read, iter([True])

    def read(handle: int, size: int) -> bytes:
        if next(gone, False):
            raise BlockingIOError
        return real(handle, size)

    monkeypatch.setattr(os, "read", read)
    assert read_all(reader) == b"x"
    os.close(reader)
