"""The null device in place of standard input, and where the real one is meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from authkit.adapters.standard_input import descriptor, nulled

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def data() -> Iterator[None]:
    """Have a pipe with data as standard input."""
    ours, theirs = os.pipe()
    os.write(theirs, b"not authkit's")
    os.close(theirs)
    saved = os.dup(0)
    os.dup2(ours, 0)
    os.close(ours)
    yield
    os.dup2(saved, 0)
    os.close(saved)


@pytest.mark.usefixtures("data")
def test_nothing_is_read() -> None:
    """B-E09: neither this process nor a program that it starts reads a byte of the data."""
    child = [sys.executable, "-c", "import sys; print(repr(sys.stdin.read()))"]
    with nulled():
        assert os.read(0, 100) == b""
        assert sys.stdin.read() == ""
        done = subprocess.run(child, stdout=subprocess.PIPE, check=True, start_new_session=True)  # noqa: S603 - our own
        assert done.stdout == b"''\n"
    assert os.read(0, 100) == b"not authkit's"


@pytest.mark.usefixtures("data")
def test_the_real_one_is_at_hand() -> None:
    """B-K07: the person can be asked, and --stdin read, also while a backend is called."""
    assert descriptor() == 0
    with nulled(), nulled():
        assert descriptor() > 2
        assert os.read(descriptor(), 3) == b"not"
    assert descriptor() == 0
    assert os.read(0, 100) == b" authkit's"


@pytest.mark.usefixtures("data")
def test_put_back_after_an_error() -> None:
    """B-E09: whatever a backend raises, the child gets the data."""
    stream = sys.stdin
    with pytest.raises(SystemExit), nulled():
        raise SystemExit
    assert sys.stdin is stream
    assert os.read(0, 100) == b"not authkit's"


def test_no_file_is_left_open() -> None:
    """B-E01: the descriptors are the same after it."""
    before = _open_files()
    with nulled():
        assert len(_open_files()) == len(before) + 1
    assert _open_files() == before


def _open_files() -> list[str]:
    return sorted(path.name for path in Path("/dev/fd").iterdir())
