"""Rewriting what a story shows and does, in place, from what was observed at level fakes.

Only `shows` and `does` are rewritten, and of them only what changed: exit
statuses, rules, what is left behind and what was typed are claims that somebody
made, and comments are somebody's too.
"""

from __future__ import annotations

import json
import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from scenarios.replay import reading, transcript
from scenarios.replay.checks import Part, mismatches
from scenarios.replay.levels import fakes
from scenarios.replay.places import places

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path as File

    from scenarios.replay.levels import Observed
    from scenarios.replay.places import Path, Place
    from scenarios.replay.story import Step, Story

_ELEMENT = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'[^']*')\s*(,?)\s*(#.*)?""")
_NOT_LITERAL = re.compile(r"'''|[^\n\t\x20-\x7e\x80-\U0010ffff]")


class CannotUpdate(Exception):
    """A rewrite would change more than what is shown and done."""


class _Edit(NamedTuple):
    start: int
    end: int
    text: str


def update(path: File) -> bool:
    """Rewrite a file; return whether anything changed.  Raises CannotUpdate, BadStory."""
    before = path.read_text(encoding="utf-8")
    after = updated(before, reading.nearby(path))
    if after != before:
        path.write_text(after, encoding="utf-8", newline="\n")
    return after != before


def updated(text: str, path: File) -> str:
    """Return the text of a scenario file with its transcripts and journals as observed.

    Raises CannotUpdate, BadStory.
    """
    story = reading.parse(text, path)
    edits = sorted(_edits(story, text), reverse=True)
    after = text
    for edit in edits:
        after = after[: edit.start] + edit.text + after[edit.end :]
    answers = [step.script.answers for step in story.steps]
    if answers != [step.script.answers for step in reading.parse(after, path).steps]:
        raise CannotUpdate(f"{path}: what is shown now would change what is typed")
    return after


def _edits(story: Story, text: str) -> Iterator[_Edit]:
    found = places(text)
    with fakes(story) as stage:
        for number, step in enumerate(story.steps):
            observed = stage.run(step)
            wrong = {mismatch.part: mismatch.text for mismatch in mismatches(step, observed)}
            if Part.STORY in wrong:
                raise CannotUpdate(f"{story.path}:{step.line}: {wrong[Part.STORY]}")
            if Part.SHOWS in wrong:
                yield _shows(("step", number), step, observed, found)
            if Part.DOES in wrong:
                place = found["step", number, "does"]
                does = _patched(text[place.start : place.end], observed.does)
                yield _Edit(place.start, place.end, does)


def _shows(at: Path, step: Step, observed: Observed, found: dict[Path, Place]) -> _Edit:
    shown = _literal(transcript.spell(observed.journal.entries, step.script.written))
    if place := found.get((*at, "shows")):
        return _Edit(place.start, place.end, shown)
    behind = found[*at, "run"].end
    return _Edit(behind, behind, f"\nshows = {shown}")


def _literal(text: str) -> str:
    """Return the text as a TOML string of several lines, as it stands if that can be."""
    if not text:
        return "''"
    if _NOT_LITERAL.search(text) is None:
        return f"'''\n{text}'''"
    lines = (json.dumps(line, ensure_ascii=False)[1:-1] for line in text.split("\n"))
    return '"""\n' + "\n".join(lines).replace("\x7f", "\\u007f") + '"""'


def _patched(array: str, elements: Sequence[str]) -> str:
    """Return a TOML array of strings with these elements; lines that stay, stay as they are."""
    lines = _lines_by_element(array)
    if lines is None:
        return _array([_line(element) for element in elements])
    before = [element for _, element in lines]
    patched: list[str] = []
    matcher = SequenceMatcher(None, before, list(elements), autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        for written, _ in lines[start:end]:
            comments = written[:-1]
            patched += written if tag == "equal" else comments
        if tag != "equal":
            patched += [_line(element) for element in elements[new_start:new_end]]
    return _array(patched)


def _line(element: str) -> str:
    return f"  {json.dumps(element, ensure_ascii=False)},"


def _array(lines: Sequence[str]) -> str:
    return "\n".join(["[", *lines, "]"]) if lines else "[]"


def _lines_by_element(array: str) -> list[tuple[list[str], str]] | None:
    """Return an array's elements with their lines, comment lines above them first.

    None when there is not one element to a line.
    """
    found: list[tuple[list[str], str]] = []
    comments: list[str] = []
    for line in array[1:-1].split("\n"):
        if match := _ELEMENT.fullmatch(line):
            comma_missing = not match[2]
            whole = line[: match.end(1)] + "," + line[match.end(1) :] if comma_missing else line
            found.append(([*comments, whole], reading.string(match[1])))
            comments = []
        elif line.strip().startswith("#"):
            comments.append(line)
        elif line.strip():
            return None
    return None if comments else found
