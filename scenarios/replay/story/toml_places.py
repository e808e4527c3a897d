"""Where each key of a TOML file is: its line, for messages, and the span of its value, for edits.

tomllib returns the values of a file without their positions.  This scanner
follows keys and skips values; the text must be one that tomllib has accepted.
"""

from __future__ import annotations

import re
from typing import NamedTuple

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_HEADER = re.compile(r"\[(\[)?")
_KEY_PART = re.compile(r"""[ \t]*(?:([A-Za-z0-9_-]+)|"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)')[ \t]*""")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"""(?!")'
    r"|'''.*?'''(?!')"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE = re.compile(r"[^\s,\]}#\"'\[{]+(?: [0-9:.]+[^\s,\]}#]*)?")  # a date may have a blank
_INSIDE = re.compile(r"[\s,=]+|#[^\n]*")


class Place(NamedTuple):
    """The line of a key or a table's header, counted from 1; the value is text[start:end]."""

    line: int
    start: int
    end: int


def places(text: str) -> dict[Path, Place]:
    """Return the place of each table, and of each key outside of inline tables.

    An element of an array of tables has its number in the path: ``("step", 0, "run")``.
    """
    return _Scanner(text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._table: Path = ()
        self._last: dict[Path, int] = {}  # array of tables -> its last element
        self._found: dict[Path, Place] = {}

    def scan(self) -> dict[Path, Place]:
        while True:
            self._skip(_BLANK)
            if self._at == len(self._text):
                return self._found
            if self._text[self._at] == "[":
                self._header()
            else:
                self._pair()

    def _header(self) -> None:
        start = self._at
        is_array = self._skip(_HEADER)[1] is not None
        keys = self._keys()
        self._at += 2 if is_array else 1
        path: Path = ()
        for key in keys[:-1]:
            path = self._entered((*path, key))
        self._table = (*path, keys[-1])
        if is_array:
            element = self._last.get(self._table, -1) + 1
            self._last[self._table] = element
            self._table = (*self._table, element)
        self._found[self._table] = Place(self._line(start), start, self._at)

    def _pair(self) -> None:
        line = self._line(self._at)
        path = self._table
        for key in self._keys():
            path = (*path, key)
            self._found.setdefault(path, Place(line, self._at, self._at))
        self._at += 1  # the equals sign
        self._skip(re.compile(r"[ \t]*"))
        start = self._at
        self._value()
        self._found[path] = Place(line, start, self._at)

    def _entered(self, path: Path) -> Path:
        """Return the path into a table; for an array of tables it leads to the last element."""
        return (*path, self._last[path]) if path in self._last else path

    def _keys(self) -> list[str]:
        keys = []
        while True:
            bare, basic, literal = self._skip(_KEY_PART).groups()
            keys.append(next(key for key in (bare, basic, literal) if key is not None))
            if self._text[self._at : self._at + 1] != ".":
                return keys
            self._at += 1

    def _value(self) -> None:
        depth = 0
        while True:
            following = self._text[self._at]
            if following in "[{":
                depth += 1
                self._at += 1
            elif following in "]}":
                depth -= 1
                self._at += 1
            else:
                self._skip(_STRING if following in "\"'" else _BARE)
            if depth == 0:
                return
            while between := _INSIDE.match(self._text, self._at):
                self._at = between.end()

    def _skip(self, pattern: re.Pattern[str]) -> re.Match[str]:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise ValueError(f"not TOML at line {self._line(self._at)}")
        self._at = match.end()
        return match

    def _line(self, at: int) -> int:
        return self._text.count("\n", 0, at) + 1
