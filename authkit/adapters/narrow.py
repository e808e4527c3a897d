"""What is said, on a terminal that has fewer columns than a line of it.

Imported only there.  The messages are broken at 80 columns by hand, but a path, an id or a name in
one may be long.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"\(?'[^']+'\S*|\S+")  # a quoted command is one word: it can be copied
_START = re.compile(r"[✓✗⚠] |  +\S+(?: \S+)* {3,}| *")  # a mark, a row's title, or blanks
_ENDS = (".", ":", "!", "?")
_QUOTES = re.compile(r" +\S+ says: ")  # words of others may end without a full stop


def narrowed(text: str, columns: int, *, of_rows: bool = False) -> str:
    """Return the text in lines of at most so many columns, or of one longer word.

    What is broken off a line is put in front of the next one if the sentence goes on there: not in
    a text `of_rows`, whose lines end without a full stop.
    """
    lines: list[str] = []
    rest = ""  # what was broken off the line before, with the blanks in front of it
    for line in text.split("\n"):
        start = _start(line)
        if rest and _start(rest) == start != line:
            line = f"{rest} {line[len(start) :]}"  # noqa: PLW2901 - it is that line
        elif rest:
            lines.append(rest)
        *whole, last = _broken(line, columns)
        lines += whole
        goes_on = not (of_rows or last.endswith(_ENDS) or _QUOTES.match(line))
        rest = last if whole and goes_on else ""
        if not rest:
            lines.append(last)
    return "\n".join([*lines, rest] if rest else lines)


def _start(line: str) -> str:
    """Return what precedes a line's text: blanks, a mark, the title of a row."""
    found = _START.match(line)
    return found[0] if found else ""


def _broken(line: str, columns: int) -> list[str]:
    """Return the lines that a line becomes, the text of each below that of the first."""
    if len(line) <= columns:
        return [line]
    start = _start(line)
    lines = [""]
    for word in _WORD.findall(line[len(start) :]):
        if lines[-1] and len(start) + len(lines[-1]) + 1 + len(word) > columns:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    first, *others = lines
    return [start + first, *(" " * len(start) + other for other in others)]
