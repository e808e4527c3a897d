"""A file of the person's own is changed: read, edited, and written while it stays as it was."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from authkit.aws_files.editing import changed
from authkit.core.failures import Failure
from fakes.world.user_files import ANOTHER_WRITER, MemoryUserFiles
from sts_simulator.account.faults import Fault

PATH = "/home/dev/.aws/config"


class Made(NamedTuple):
    """What became of a file."""

    content: bytes | None


def doubled(content: bytes) -> Made:
    """Return the content twice, with one more letter."""
    return Made(content * 2 + b"x")


def test_what_is_made_is_written() -> None:
    """A file that is not there is empty, and is made; one that stays is not written."""
    files = MemoryUserFiles()
    assert changed(files, PATH, doubled).content == b"x"
    assert changed(files, PATH, doubled).content == files.contents[PATH] == b"xxx"
    files.faults.add(Fault("file.replace", "no room"))
    assert changed(files, PATH, lambda _: Made(None)).content is None


def test_what_another_program_writes_is_edited_too() -> None:
    """B-S02: the edit is made anew from what is there now."""
    files = MemoryUserFiles()
    files.faults.add(Fault("file.replace", ANOTHER_WRITER, message="abc"))
    assert changed(files, PATH, doubled).content == files.contents[PATH] == b"abcabcx"


def test_a_file_that_never_stays() -> None:
    """B-S07: it is given up after some tries, and what was written last stays."""
    files = MemoryUserFiles()
    for number in range(5):
        files.faults.add(Fault("file.replace", ANOTHER_WRITER, message=str(number)))
    with pytest.raises(Failure) as raised:
        changed(files, PATH, doubled)
    assert raised.value.name == "file-keeps-changing"
    assert files.contents[PATH] == b"4"
