"""AWS's INI files: read as botocore reads them, and edited without touching foreign bytes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from authkit.aws_files.ini import CannotEdit, Fault, IniFile
from tests.authkit.aws_files.inis import as_botocore, files, good_files

if TYPE_CHECKING:
    from collections.abc import Callable

    from authkit.aws_files.ini import Section

WANTED = {"credential_process": "/usr/bin/authkit x", "region": "eu-west-1"}


def read(file: IniFile) -> dict[str, dict[str, str]]:
    """Return the sections of a file as botocore gives them."""
    sections = (section for section in file.sections if section.name != "DEFAULT")
    return {section.name: file.values(section) for section in sections}


# Reading.


@given(files())
@example(b"[DEFAULT]\na = 1\n[DEFAULT]\na = 2\n[b]\n")
@example(b"[DEFAULT]\na = 1\n[DEFAULT]\nc = 2\n[b]\na = 3\n")
@example(b"[b]\na = 1\n  no value\n= x\n  more\n")
@example(b"\xef\xbb\xbf[default]\n")
@example(b"[DEFAULT]\ns3 =\n [default]\n")
@example(b"[DEFAULT]\ns3 =\n x\n[a]\ns3 = y\n")
@example(b"s3 =\n[b]\ns3 =\n  nothing\n")
def test_what_botocore_reads(content: bytes) -> None:
    """The same sections, keys and values; and a fault exactly where botocore refuses the file."""
    file, theirs = IniFile(content), as_botocore(content)
    assert bool(file.faults) == (theirs is None)
    assert theirs is None or read(file) == theirs
    assert b"".join(file.lines) == content


BEFORE, MARKED = "it stands before any [section]", " (it begins with a byte-order mark)"
NO_KEY = "it has no key with a '='"


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        (b"\xef\xbb\xbf[a]\nb = 1\n", [(1, BEFORE + MARKED), (2, BEFORE)]),
        (b"[a]\n\n[b]\n[a]\n", [(4, "there is a section [a] above it already")]),
        (b"[a]\nb = 1\nB: 2\n", [(3, "b is set above it already, in [a]")]),
        (b"[a]\nb\n = c\n", [(2, NO_KEY), (3, NO_KEY)]),
        (b"[a]\n[profile b\n", [(2, "it opens a section, and has no ']' to close it")]),
        (b"[a]\n[]\n", [(2, NO_KEY)]),
        (b"[a]\ns3 =\n  b = 1\n  c\n", [(2, "s3 has a line below it without a '='")]),
        (b"[a]\nb = \xe4\n", [(2, "it is not UTF-8")]),
    ],
)
def test_faults_have_their_lines(content: bytes, faults: list[tuple[int, str]]) -> None:
    """Each line that botocore refuses is named, with the reason."""
    assert IniFile(content).faults == tuple(Fault(*fault) for fault in faults)


def test_the_lines_of_an_entry() -> None:
    """Blank lines and comments within a value are not among its lines."""
    file = IniFile(b"[a]\ns3 =\n  b = 1\n\n  # mine\n  c = 2\n\nd = 3\n")
    (section,) = file.sections
    assert [entry.lines for entry in section.entries] == [(1, 2, 5), (7,)]
    assert section.entry("s3") == section.entries[0]
    assert section.entry("e") is None
    assert file.section("b") is None


# Editing.


def without_end(lines: tuple[bytes, ...] | list[bytes]) -> list[bytes]:
    """Return lines without their ends: the last of a file may get one."""
    return [line.rstrip(b"\r\n") for line in lines]


def is_within(some: list[bytes], all_of_them: list[bytes]) -> bool:
    """Tell whether lines are among others, in the same order."""
    others = iter(all_of_them)
    return all(line in others for line in some)


@given(good_files())
def test_a_new_section(content: bytes) -> None:
    """Botocore reads the same and the new section; all bytes before it are what they were."""
    edited = IniFile(content).with_section("profile new", WANTED)
    before = as_botocore(content)
    assert before is not None
    assert as_botocore(edited) == before | {"profile new": WANTED}
    assert edited.startswith(content)
    ends = re.findall(rb"\r\n|\r|\n", edited)
    assert len({*ends}) == 1


def picked(
    content: bytes, draw: st.DataObject
) -> tuple[IniFile, Section, dict[str, dict[str, str]]]:
    """Return a file, one of its sections, and what botocore reads."""
    file, read_before = IniFile(content), as_botocore(content)
    assume(file.sections)
    assert read_before is not None
    return file, draw.draw(st.sampled_from(file.sections)), read_before


def edited_or_not(edit: Callable[[], bytes]) -> bytes:
    """Return the bytes after an edit; skip one that is refused."""
    try:
        return edit()
    except CannotEdit:
        assume(False)  # noqa: FBT003 - hypothesis' own way to say so
        raise


@given(good_files(), st.data())
def test_new_entries(content: bytes, data: st.DataObject) -> None:
    """The section has them too, and no line that was there is another."""
    file, section, before = picked(content, data)
    edited = edited_or_not(lambda: file.with_entries(section, WANTED))
    after = before | {section.name: before[section.name] | WANTED}
    assert as_botocore(edited) == after
    lines = without_end(IniFile(edited).lines)
    assert is_within(without_end(file.lines), lines)
    assert len(lines) == len(file.lines) + len(WANTED)


@given(good_files(), st.data())
def test_other_values(content: bytes, data: st.DataObject) -> None:
    """A value is replaced where it stands, what continued it goes, and all else stays."""
    file, section, before = picked(content, data)
    assume(section.entries)
    entry = data.draw(st.sampled_from(section.entries))
    edited = edited_or_not(lambda: file.with_entries(section, {entry.key: "new"}))
    assert as_botocore(edited) == before | {section.name: before[section.name] | {entry.key: "new"}}
    foreign = [line for number, line in enumerate(file.lines) if number not in entry.lines]
    lines = [*IniFile(edited).lines]
    assert lines.pop(entry.lines[0]).strip() == f"{entry.key} = new".encode()
    assert lines == foreign


@given(good_files(), st.data())
def test_without_entries(content: bytes, data: st.DataObject) -> None:
    """Exactly the lines of these entries are gone."""
    file, section, before = picked(content, data)
    keys = data.draw(st.sets(st.sampled_from([e.key for e in section.entries] or ["none"])))
    edited = edited_or_not(lambda: file.without(section, keys))
    left = {key: value for key, value in before[section.name].items() if key not in keys}
    assert as_botocore(edited) == before | {section.name: left}
    gone = {number for e in section.entries if e.key in keys for number in e.lines}
    assert edited == b"".join(line for n, line in enumerate(file.lines) if n not in gone)


@given(good_files(), st.data())
def test_without_a_section(content: bytes, data: st.DataObject) -> None:
    """The section is gone and the others are what they were; comments stay."""
    file, section, before = picked(content, data)
    edited = edited_or_not(lambda: file.without_section(section))
    assert as_botocore(edited) == {n: v for n, v in before.items() if n != section.name}
    assert is_within([*IniFile(edited).lines], [*file.lines])
    comments = [line for line in file.lines if line.strip().startswith((b"#", b";"))]
    assert is_within(comments, [*IniFile(edited).lines])


@given(good_files())
def test_what_is_added_can_be_removed(content: bytes) -> None:
    """A section that was added is removed to the byte; a last line keeps the end that it got."""
    added = IniFile(IniFile(content).with_section("profile new", WANTED))
    section = added.section("profile new")
    assert section is not None
    removed = added.without_section(section)
    assert removed in {content, *(content + end for end in (b"\n", b"\r", b"\r\n"))}
    assert removed == content or not content.endswith((b"\n", b"\r"))


@pytest.mark.parametrize(
    ("content", "edited"),
    [
        (b"", b"[n]\na = 1\n"),
        (b"[s]", b"[s]\n\n[n]\na = 1\n"),
        (b"[s]\r\n", b"[s]\r\n\r\n[n]\r\na = 1\r\n"),
        (b"[s]\n\n\n", b"[s]\n\n\n\n[n]\na = 1\n"),
        (b"[s]\n  a = 1", b"[s]\n  a = 1\n\n[n]\na = 1\n"),
        (b"\xef\xbb\xbf[s]\n", b"\xef\xbb\xbf[s]\n\n[n]\na = 1\n"),
    ],
)
def test_where_a_section_goes(content: bytes, edited: bytes) -> None:
    """It is the last, behind a blank line, with the line ends of the file."""
    assert IniFile(content).with_section("n", {"a": "1"}) == edited


@pytest.mark.parametrize(
    ("content", "edited"),
    [
        (b"[s]", b"[s]\nnew = 1\n"),
        (b"[s]\n\n# of t\n[t]\n", b"[s]\nnew = 1\n\n# of t\n[t]\n"),
        (b"[s]\na = 1\n\n[t]\n", b"[s]\na = 1\nnew = 1\n\n[t]\n"),
        (b"[s]\n  a = 1\n  b = 2\n  [t]\n", b"[s]\n  a = 1\n  b = 2\n  new = 1\n  [t]\n"),
        (b"[s]\ns3 =\n  a = 1\n\n[t]\n", b"[s]\ns3 =\n  a = 1\nnew = 1\n\n[t]\n"),
        (b"[s]\r\na = 1", b"[s]\r\na = 1\r\nnew = 1\r\n"),
    ],
)
def test_where_an_entry_goes(content: bytes, edited: bytes) -> None:
    """It is the last of its section, as deep as the one above it, before blank lines."""
    file = IniFile(content)
    assert file.with_entries(file.sections[0], {"new": "1"}) == edited


def test_what_would_mean_something_else() -> None:
    """An edit that makes a deeper line continue another value is refused."""
    file = IniFile(b"[s]\na = 1\n[t]\n  [u]\nb = 1\n")
    middle = file.section("t")
    assert middle is not None
    with pytest.raises(CannotEdit):
        file.without_section(middle)
    empty = IniFile(b"[s]\n  [t]\n")
    with pytest.raises(CannotEdit):
        empty.with_entries(empty.sections[0], {"new": "1"})
