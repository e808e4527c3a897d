"""Recordings of stories' steps: authkit run with --record, and what the file replays as."""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from scenarios.replay.runner.replay import DoesNotHold, replay
from scenarios.replay.stages import levels
from scenarios.replay.story import reading
from tests.support.story_tools import read

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from scenarios.replay.stages.stage import Observed
    from scenarios.replay.story.model import Story


class Recorded(NamedTuple):
    """A recorded step: the file's text, what was observed, and the story that the text is."""

    text: str
    observed: Observed
    story: Story


def recorded(text: str, *options: str) -> Recorded:
    """Return the last step of a story, given by its text, recorded at level fakes."""
    return recorded_story(read(text), options=options)


def recorded_story(
    story: Story, step: int = -1, *, level: str = "fakes", options: Sequence[str] = ()
) -> Recorded:
    """Return a step of a story recorded at a level; the steps before it are run as they are."""
    with tempfile.TemporaryDirectory(prefix="recording-") as folder:
        file = Path(folder) / "recording.toml"
        words = ("--record", str(file), *options)
        steps = [*story.steps][: step + 1 or None]
        with levels.LEVELS[level](story) as stage:
            for earlier in steps[:-1]:
                stage.run(earlier)
            last = steps[-1]
            if level == "terminal":  # it looks into the line for the child to install
                machine: Any = stage._machine  # type: ignore[attr-defined]  # noqa: SLF001
                run_as_it_is = machine.authkit
                machine.authkit = lambda line, *rest, **more: run_as_it_is(
                    (*words, *line), *rest, **more
                )
            else:
                last = replace(last, arguments=(*words, *last.arguments))
            observed = stage.run(last)
        written = file.read_text("utf-8")
    return Recorded(written, observed, reading.parse(written, Path("recording.toml")))


def replayed(story: Story, level: str = "fakes") -> str:
    """Return the report on a recording that does not replay as it is, "" for one that does."""
    try:
        replay(story, level)
    except DoesNotHold as report:
        return str(report)
    return ""


# What is invented in a recording, and what may have been there.
_INVENTED = (
    (r"A[KS]IARECORDED\d{8}", r"A[KS]IA\\w+"),
    (r"arn:[\w:/-]+", r"arn:[\\w:/-]+"),
    (r"\b\d{6}\b", r"\\d{3} ?\\d{3}"),
    (r"<text of [^>]*>", r".+"),
    (r"00000000\\-0000\\-4000\\-8000\\-\d{12}", r"[\\w-]+"),
)


def could_be(kept: str, shown: str) -> bool:
    """Return whether a recorded line is this line of a screen with invented values."""
    pattern = re.escape(kept).replace(r"\ ", " ").replace(r"\-", "-")
    for invented, real in _INVENTED:
        pattern = re.sub(invented.replace(r"\\-", "-"), partial(_as, real), pattern)
    return re.fullmatch(pattern, shown) is not None


def _as(real: str, _match: re.Match[str]) -> str:
    return real.replace("\\\\", "\\")
