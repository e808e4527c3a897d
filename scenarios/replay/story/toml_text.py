"""TOML values as text: reading one string, writing a transcript, changing an array of strings.

A change keeps the lines that stay, with their comments and their layout.
"""

from __future__ import annotations

import json
import re
import tomllib
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_ELEMENT = re.compile(r"""\s*(?P<text>"(?:[^"\\]|\\.)*"|'[^']*')\s*(?P<comma>,?)\s*(#.*)?""")
_NOT_LITERAL = re.compile(r"'''|[^\n\t\x20-\x7e\x80-\U0010ffff]")


def string(written: str) -> str:
    """Return the text of a TOML string."""
    text: str = tomllib.loads(f"it = {written}")["it"]
    return text


def literal(text: str) -> str:
    """Return the text as a multi-line TOML string, a literal one where TOML allows it."""
    if not text:
        return "''"
    if _NOT_LITERAL.search(text) is None:
        return f"'''\n{text}'''"
    lines = (json.dumps(line, ensure_ascii=False)[1:-1] for line in text.split("\n"))
    return '"""\n' + "\n".join(lines).replace("\x7f", "\\u007f") + '"""'


def patched(array: str, elements: Sequence[str]) -> str:
    """Return a TOML array of strings changed to hold these elements; lines that stay are kept."""
    there = _lines_by_element(array)
    if there is None:
        return _array([_line(element) for element in elements])
    lines, end = there
    kept: list[str] = []
    before = [element for _, element in lines]
    matcher = SequenceMatcher(None, before, list(elements), autojunk=False)
    for tag, first, last, new_first, new_last in matcher.get_opcodes():
        for written, _ in lines[first:last]:
            kept += written if tag == "equal" else written[:-1]  # without its own line
        if tag != "equal":
            kept += [_line(element) for element in elements[new_first:new_last]]
    return _array(kept + end)


def _line(element: str) -> str:
    return f"  {json.dumps(element, ensure_ascii=False)},"


def _array(lines: Sequence[str]) -> str:
    return "\n".join(["[", *lines, "]"]) if lines else "[]"


def _lines_by_element(array: str) -> tuple[list[tuple[list[str], str]], list[str]] | None:
    """Return the elements of an array, and the lines after the last.

    An element comes with its lines: the comments above it and its own.  None
    when the array does not have one element on each line.
    """
    found: list[tuple[list[str], str]] = []
    above: list[str] = []
    for line in array[1:-1].strip("\n").rstrip().split("\n"):
        if match := _ELEMENT.fullmatch(line):
            comma = "" if match["comma"] else ","
            whole = line[: match.end("text")] + comma + line[match.end("text") :]
            found.append(([*above, whole], string(match["text"])))
            above = []
        elif not line.strip() or line.lstrip().startswith("#"):
            above.append(line)
        else:
            return None
    return found, above if any(above) else []
