"""What is wrong with a text that is not TOML: the line, and a hint at the likeliest mistake.

tomllib tells where it gave up, which for a text that is not closed is the end of the file
or some later text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import tomllib

_PIECE = re.compile(
    r"#[^\n]*"
    r'|(?P<basic>"""(?:[^\\]|\\.)*?"""(?!"))'
    r"|(?P<literal>'''.*?'''(?!'))"
    r"|(?P<open>\"\"\"|''')"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
# How a long text ends that is closed by the beginning of the next one: with that one's key.
_NEXT_KEY = re.compile(r"^[A-Za-z_-]+[ \t]*=[ \t]*\Z", re.MULTILINE)
_LINE = re.compile(r"line (\d+)")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)[ \t]*=(.*)")


class TomlError(NamedTuple):
    """`line` counts from 1."""

    line: int
    reason: str


def explained(text: str, error: tomllib.TOMLDecodeError) -> TomlError:
    """Return where the mistake is that tomllib met, and what it likely is."""
    if unclosed := _unclosed(text):
        return unclosed
    said = str(error)
    found = _LINE.search(said)
    lines = text.split("\n")
    line = int(found[1]) if found else max(1, len(text.rstrip("\n").split("\n")))
    return TomlError(line, f"it is not TOML: {said}{_hint(lines, line, said)}")


def _unclosed(text: str) -> TomlError | None:
    """Return a long text that is not closed, if there is one."""
    for piece in _PIECE.finditer(text):
        line = text.count("\n", 0, piece.start()) + 1
        inside = piece[0][3:-3]
        if piece["open"]:
            return TomlError(
                line, f"the text that begins here is not closed: {piece['open']} is missing"
            )
        if (piece["basic"] or piece["literal"]) and _NEXT_KEY.search(inside):
            until = line + piece[0].count("\n")
            quotes = piece[0][:3]
            return TomlError(
                line,
                f"the text that begins here is not closed: {quotes} is missing above line {until}",
            )
    return None


def _hint(lines: list[str], line: int, said: str) -> str:
    pair = _KEY.match(lines[line - 1]) if line <= len(lines) else None
    if pair and "overwrite" in said:
        return f"; {pair[1]!r} stands twice in this table"
    if pair and ("Illegal character" in said or 'Expected "\'"' in said):
        return "; a text of one line is not closed there"
    if pair and "Invalid value" in said and pair[2].strip():
        return "; a text stands in quotes"
    return ""
