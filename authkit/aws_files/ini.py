"""AWS's INI files as botocore reads them, edited line by line.  Pure.

An `IniFile` has the sections of a file's bytes, and the lines that each entry stands on.
An edit returns new bytes, in which every line that it is not about is what it was: comments,
order, line ends, indentation.  What botocore refuses the whole file for is in `faults`.

botocore reads with ``configparser.RawConfigParser``, whose rules are these.  A line that begins
with ``#`` or ``;`` is a comment.  A line that is indented deeper than an entry continues its
value, blank lines among it do too, and any other line is a header or begins an entry.  Keys
have no case.  What stands in ``[DEFAULT]`` holds in all sections.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

_LINES = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")  # with the line ends that Python reads
_HEADER = re.compile(r"\[(.+)\]")
_ENTRY = re.compile(r"(.*?)\s*[=:]\s*(.*)\Z")
_COMMENTS = ("#", ";")
_MARK = "\ufeff"  # a byte-order mark
_EVERYWHERE = "DEFAULT"
_NO_KEY = "it has no key with a '='"
_NOT_CLOSED = "it opens a section, and has no ']' to close it"


class Fault(NamedTuple):
    """Why botocore refuses the whole file: a line, counted from 1, and a reason as a clause."""

    line: int
    reason: str


class Entry(NamedTuple):
    """A key, its value, and the lines that it stands on, counted from 0, blank ones left out."""

    key: str
    value: str
    lines: tuple[int, ...]


class Section(NamedTuple):
    """A section: what stands in the brackets, the line of its header, its entries in order."""

    name: str
    line: int
    entries: tuple[Entry, ...]

    def entry(self, key: str) -> Entry | None:
        """Return the entry with this key, None if there is none."""
        return next((entry for entry in self.entries if entry.key == key), None)


class CannotEdit(Exception):
    """Raised where an edit would change what other lines mean: their order has to be changed."""


class IniFile:
    """A file's bytes, with the sections in them; `lines` have their line ends."""

    def __init__(self, content: bytes) -> None:
        self.lines: tuple[bytes, ...] = tuple(_LINES.findall(content))
        reading = _Reading()
        for number, line in enumerate(self.lines):
            reading.take(number, line)
        self.sections = tuple(reading.sections())
        self._around = [section for section in self.sections if section.name == _EVERYWHERE]
        self.faults = tuple(sorted({*reading.faults, *_nested(self.sections)}))

    def section(self, name: str) -> Section | None:
        """Return the first section of this name, None if there is none."""
        return next((section for section in self.sections if section.name == name), None)

    def values(self, section: Section) -> dict[str, str]:
        """Return a section's values by key, those of ``[DEFAULT]`` among them."""
        return {e.key: e.value for found in (*self._around, section) for e in found.entries}

    def with_section(self, name: str, entries: Mapping[str, str]) -> bytes:
        """Return the bytes with a new section at the end, behind a blank line."""
        end = _end(self.lines[0]) or b"\n" if self.lines else b"\n"
        lines = [*self.lines]
        if lines:
            lines[-1] = _ended(lines[-1], end)
            lines.append(end)
        lines += [f"[{name}]".encode() + end, *_written(entries, b"", end)]
        made = Section(name, 0, tuple(Entry(key, value, ()) for key, value in entries.items()))
        return _checked(lines, [*self.sections, made])

    def with_entries(self, section: Section, entries: Mapping[str, str]) -> bytes:
        """Return the bytes with these values in a section: in place of others, or at its end."""
        lines = [*self.lines]
        for entry in section.entries:
            if entry.key in entries:
                first, *others = entry.lines
                (lines[first],) = _written({entry.key: entries[entry.key]}, *_around(lines[first]))
                _blank(lines, others)
        new = {key: value for key, value in entries.items() if not section.entry(key)}
        if new:
            last = section.entries[-1].lines if section.entries else (section.line,)
            # As deep as what is above, so that what follows stays no deeper.
            indent, end = _around(self.lines[last[0]])
            end = end or _end(self.lines[0]) or b"\n"
            lines[last[-1]] = _ended(lines[last[-1]], end) + b"".join(_written(new, indent, end))
        changed = [e._replace(value=entries.get(e.key, e.value)) for e in section.entries]
        changed += [Entry(key, value, ()) for key, value in new.items()]
        return _checked(lines, _replaced(self.sections, section, changed))

    def without(self, section: Section, keys: Collection[str]) -> bytes:
        """Return the bytes without these entries of a section."""
        lines = [*self.lines]
        _blank(lines, (n for entry in section.entries if entry.key in keys for n in entry.lines))
        left = [entry for entry in section.entries if entry.key not in keys]
        return _checked(lines, _replaced(self.sections, section, left))

    def without_section(self, section: Section) -> bytes:
        """Return the bytes without a section and a blank line before it; comments in it stay."""
        lines = [*self.lines]
        _blank(lines, [section.line, *(n for entry in section.entries for n in entry.lines)])
        if section.line and not self.lines[section.line - 1].strip():
            _blank(lines, [section.line - 1])
        return _checked(lines, [other for other in self.sections if other is not section])


class _Reading:
    """Takes a file's lines one after the other, as RawConfigParser does."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._sections: list[tuple[str, int, list[tuple[str, list[str], list[int]]]]] = []
        self._known: dict[str, set[str]] = {}  # the keys by section: files may be long
        self._continues = False  # whether a deeper line belongs to the last entry
        self._indent = 0

    def sections(self) -> Iterator[Section]:
        """Yield the sections."""
        for name, line, entries in self._sections:
            found = (Entry(key, "\n".join(value).rstrip(), tuple(at)) for key, value, at in entries)
            yield Section(name, line, tuple(found))

    def take(self, number: int, line: bytes) -> None:
        """Take a line with its number, from 0."""
        text = self._decoded(number, line)
        stripped = text.strip()
        last = self._sections[-1][2][-1] if self._continues else None
        if stripped.startswith(_COMMENTS):
            return
        if not stripped:
            if last:
                last[1].append("")
            return
        indent = len(text) - len(text.lstrip())
        if last and indent > self._indent:
            last[1].append(stripped)
            last[2].append(number)
            return
        self._indent = indent
        if header := _HEADER.match(stripped):
            self._header(number, header[1])
        elif not self._sections:
            mark = " (it begins with a byte-order mark)" if stripped.startswith(_MARK) else ""
            self._fault(number, f"it stands before any [section]{mark}")
        elif (entry := _ENTRY.match(stripped)) and entry[1]:
            self._entry(number, entry[1].lower(), entry[2].strip())
        else:
            opens = stripped.startswith("[") and "]" not in stripped
            self._fault(number, _NOT_CLOSED if opens else _NO_KEY)

    def _header(self, number: int, name: str) -> None:
        self._continues = False
        if name != _EVERYWHERE and name in self._known:
            self._fault(number, f"there is a section [{name}] above it already")
        self._known.setdefault(name, set())
        self._sections.append((name, number, []))

    def _entry(self, number: int, key: str, value: str) -> None:
        name, _, entries = self._sections[-1]
        if key in self._known[name]:
            self._fault(number, f"{key} is set above it already, in [{name}]")
        self._known[name].add(key)
        entries.append((key, [value], [number]))
        self._continues = True

    def _decoded(self, number: int, line: bytes) -> str:
        try:
            return line.decode()
        except UnicodeDecodeError:
            self._fault(number, "it is not UTF-8")
            return line.decode("utf-8", "surrogateescape")

    def _fault(self, number: int, reason: str) -> None:
        self.faults.append(Fault(number + 1, reason))


def _nested(sections: Collection[Section]) -> Iterator[Fault]:
    """Yield the faults of values such as ``s3 =`` with settings of their own below."""
    around = [entry for s in sections if s.name == _EVERYWHERE for entry in s.entries]
    for section in (section for section in sections if section.name != _EVERYWHERE):
        for entry in {entry.key: entry for entry in (*around, *section.entries)}.values():
            first, *others = entry.value.split("\n")
            if not first and any(line and "=" not in line for line in others):
                reason = f"{entry.key} has a line below it without a '='"
                yield Fault(entry.lines[0] + 1, reason)


def _replaced(
    sections: Iterable[Section], section: Section, entries: Iterable[Entry]
) -> list[Section]:
    """Return the sections, one of them with these entries."""
    changed = section._replace(entries=tuple(entries))
    return [changed if other is section else other for other in sections]


def _checked(lines: Iterable[bytes], meant: Iterable[Section]) -> bytes:
    """Return the lines as a file's bytes.  Raises CannotEdit unless they say what is meant."""
    edited = b"".join(lines)
    if _said(IniFile(edited).sections) != _said(meant):
        raise CannotEdit
    return edited


def _said(sections: Iterable[Section]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(s.name, [(entry.key, entry.value) for entry in s.entries]) for s in sections]


def _written(entries: Mapping[str, str], indent: bytes, end: bytes) -> list[bytes]:
    return [indent + f"{key} = {value}".encode() + end for key, value in entries.items()]


def _blank(lines: list[bytes], numbers: Iterable[int]) -> None:
    for number in numbers:
        lines[number] = b""


def _around(line: bytes) -> tuple[bytes, bytes]:
    """Return the indentation of a line, and its end."""
    return line[: len(line) - len(line.lstrip())], _end(line)


def _ended(line: bytes, end: bytes) -> bytes:
    return line if _end(line) or not line else line + end


def _end(line: bytes) -> bytes:
    return line[len(line.rstrip(b"\r\n")) :]
