"""Rewrites the `shows` and `does` of a story's file from what was observed at level fakes.

Only the parts that differ are rewritten.  Exit status, rule, the state left
behind and the answers are claims that an author made: they are not changed,
and neither are comments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scenarios.replay.runner.compare import Part, is_told, mismatches
from scenarios.replay.stages.levels import fakes
from scenarios.replay.story import reading, transcript
from scenarios.replay.story.folding import folded
from scenarios.replay.story.toml_places import places
from scenarios.replay.story.toml_text import literal, patched
from scenarios.replay.story.transcript import screen_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path as File

    from scenarios.replay.stages.stage import Observed
    from scenarios.replay.story.model import Step, Story
    from scenarios.replay.story.toml_places import Path as Keys


FAULT = "Something that authkit did not expect"  # the beginning of the message `unexpected`


class CannotUpdate(Exception):
    """Raised when a rewrite would change more than `shows` and `does`, or would keep a fault."""


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
    """Return the text of a story's file with `shows` and `does` as observed.

    Raises CannotUpdate, BadStory.
    """
    story = reading.parse(text, path)
    edits = sorted(_edits(story, text), reverse=True)
    after = text
    for edit in edits:
        after = after[: edit.start] + edit.text + after[edit.end :]
    if _answers(story) != _answers(reading.parse(after, path)):
        raise CannotUpdate(f"{path}: what is shown now would change what is typed")
    return after


def _answers(story: Story) -> list[object]:
    """Return all that is typed in a story."""
    others = [other.step for step in story.steps for other in step.meanwhile]
    return [step.script.answers for step in (*story.steps, *others)]


def _edits(story: Story, text: str) -> Iterator[_Edit]:
    with fakes(story) as stage:
        for number, step in enumerate(story.steps):
            observed = stage.run(step)
            if FAULT in observed.screen:
                raise CannotUpdate(f"{story.path}:{step.line}: authkit has a fault: {FAULT}")
            for part, wrong in mismatches(step, observed):
                if part is Part.STORY:
                    raise CannotUpdate(f"{story.path}:{step.line}: {wrong}")
                if part is Part.SHOWS:
                    yield _shows(("step", number), step, observed, text)
                if part is Part.DOES:
                    yield _does(number, observed, text)
            for other, seen in enumerate(observed.meanwhile):
                meant = step.meanwhile[other].step
                if seen and not is_told(meant.script.lines, screen_lines(seen.screen)):
                    yield _shows(("step", number, "meanwhile", other), meant, seen, text)


def _shows(at: Keys, step: Step, observed: Observed, text: str) -> _Edit:
    """Return the edit of a transcript; a missing one is inserted below the `run` of its table."""
    found = places(text)
    shown = literal(transcript.spell(observed.journal.entries, step.script.written))
    if place := found.get((*at, "shows")):
        return _Edit(place.start, place.end, shown)
    line_end = (text + "\n").index("\n", found[(*at, "run")].end)
    return _Edit(line_end, line_end, f"\nshows = {shown}")


def _does(number: int, observed: Observed, text: str) -> _Edit:
    place = places(text)["step", number, "does"]
    return _Edit(
        place.start, place.end, patched(text[place.start : place.end], [*folded(observed.does)])
    )
