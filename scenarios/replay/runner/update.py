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

from scenarios.replay.runner.compare import Part, mismatches
from scenarios.replay.stages.levels import fakes
from scenarios.replay.story import reading, transcript
from scenarios.replay.story.toml_places import places

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path as File

    from scenarios.replay.stages.stage import Observed
    from scenarios.replay.story.model import Step, Story

_ELEMENT = re.compile(r"""\s*(?P<text>"(?:[^"\\]|\\.)*"|'[^']*')\s*(?P<comma>,?)\s*(#.*)?""")
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
    with fakes(story) as stage:
        for number, step in enumerate(story.steps):
            observed = stage.run(step)
            for part, wrong in mismatches(step, observed):
                if part is Part.STORY:
                    raise CannotUpdate(f"{story.path}:{step.line}: {wrong}")
                if part is Part.SHOWS:
                    yield _shows(number, step, observed, text)
                if part is Part.DOES:
                    yield _does(number, observed, text)


def _shows(number: int, step: Step, observed: Observed, text: str) -> _Edit:
    """Return the edit of a transcript; where there is none, it comes behind the command's line."""
    found = places(text)
    shown = literal(transcript.spell(observed.journal.entries, step.script.written))
    if place := found.get(("step", number, "shows")):
        return _Edit(place.start, place.end, shown)
    line_end = (text + "\n").index("\n", found["step", number, "run"].end)
    return _Edit(line_end, line_end, f"\nshows = {shown}")


def _does(number: int, observed: Observed, text: str) -> _Edit:
    place = places(text)["step", number, "does"]
    return _Edit(place.start, place.end, patched(text[place.start : place.end], observed.does))


def literal(text: str) -> str:
    """Return the text as a TOML string of several lines, as it stands if that can be."""
    if not text:
        return "''"
    if _NOT_LITERAL.search(text) is None:
        return f"'''\n{text}'''"
    lines = (json.dumps(line, ensure_ascii=False)[1:-1] for line in text.split("\n"))
    return '"""\n' + "\n".join(lines).replace("\x7f", "\\u007f") + '"""'


def patched(array: str, elements: Sequence[str]) -> str:
    """Return a TOML array of strings with these elements; lines that stay, stay as they are."""
    there = _lines_by_element(array)
    if there is None:
        return _array([_line(element) for element in elements])
    lines, end = there
    kept: list[str] = []
    before = [element for _, element in lines]
    matcher = SequenceMatcher(None, before, list(elements), autojunk=False)
    for tag, first, last, new_first, new_last in matcher.get_opcodes():
        for written, _ in lines[first:last]:
            kept += written if tag == "equal" else written[:-1]  # the comments above it
        if tag != "equal":
            kept += [_line(element) for element in elements[new_first:new_last]]
    return _array(kept + end)


def _line(element: str) -> str:
    return f"  {json.dumps(element, ensure_ascii=False)},"


def _array(lines: Sequence[str]) -> str:
    return "\n".join(["[", *lines, "]"]) if lines else "[]"


def _lines_by_element(array: str) -> tuple[list[tuple[list[str], str]], list[str]] | None:
    """Return the elements, each with its line and the comments above, and what follows the last.

    None when there is not one element to a line.
    """
    found: list[tuple[list[str], str]] = []
    above: list[str] = []
    for line in array[1:-1].strip("\n").rstrip().split("\n"):
        if match := _ELEMENT.fullmatch(line):
            comma = "" if match["comma"] else ","
            whole = line[: match.end("text")] + comma + line[match.end("text") :]
            found.append(([*above, whole], reading.string(match["text"])))
            above = []
        elif not line.strip() or line.lstrip().startswith("#"):
            above.append(line)
        else:
            return None
    return found, above if any(above) else []
