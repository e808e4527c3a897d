"""What ``python -m scenarios`` prints: transcripts, a line a story, failures, a summary.

On a terminal there is colour, and a progress bar on standard error below the lines;
in a pipe and under CI there is neither.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from scenarios.replay.presentation.margin import with_margin
from scenarios.replay.presentation.played import failures
from scenarios.replay.runner import report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import TextIO

    from scenarios.replay.presentation.played import Performance, Played
    from scenarios.replay.story.model import Story

_BAR = 20  # columns
_NOT_CI = {"", "false", "0", "no"}
_STYLES = {
    "command": "1",
    "effect": "2",
    "event": "35",
    "failed": "31",
    "fault": "33",
    "held": "32",
    "time": "36",
}
_CLEAR = "\r\x1b[K"


class Printing:
    """Prints to two streams, as the environment says.

    Colour needs a terminal without NO_COLOR; the bar needs one too, and no CI.
    """

    def __init__(self, out: TextIO, err: TextIO, environ: Mapping[str, str]) -> None:
        self._out, self._err = out, err
        able = environ.get("TERM", "") != "dumb"
        self._terminal = out.isatty()
        self._colour = self._terminal and able and not environ.get("NO_COLOR")
        ci = environ.get("CI", "").lower() not in _NOT_CI
        self._bar = err.isatty() and able and not ci
        self._marks = ("\u2713", "\u2717") if _can_encode(out, "\u2713\u2717") else ("ok", "no")

    def line(self, text: object = "") -> None:
        """Print a line of standard output."""
        self._out.write(f"{text}\n")

    def error(self, text: object) -> None:
        """Print a line of standard error."""
        self._err.write(f"{text}\n")

    def progress(self, number: int, of: int, name: str) -> None:
        """Show that the story of this number, from 0, is being replayed."""
        if self._bar:
            self._out.flush()
            done = _BAR * number // of
            bar = f"[{'#' * done}{'.' * (_BAR - done)}] {number}/{of} {name}"
            self._err.write(f"{_CLEAR}{bar[: _width() - 1]}")
            self._err.flush()

    def over(self) -> None:
        """Remove the progress bar."""
        if self._bar:
            self._err.write(_CLEAR)
            self._err.flush()

    def told(self, played: Played, *, verbose: bool) -> None:
        """Print a story as a person would see it, each step once unless levels differ in it."""
        story = played.story
        if story is None:
            return
        about = " ".join(story.about.split())
        self.line(self._paint(f"--- {story.name}: {about}", "command"))
        if verbose:
            self.line(f"    {', '.join((*story.shows_that, *story.rules))}")
        self.line()
        if verbose:
            self._verbose(story, [*played.performances.values()])
        else:
            steps = (step for each in played.performances.values() for step in each.steps)
            for told in dict.fromkeys(report.told(*step) for step in steps):
                self.line(told)
        verdicts = "; ".join(_verdict(each) for each in played.performances.values())
        self.line(f"--- {story.name}: {verdicts}\n")

    def _verbose(self, story: Story, performances: Sequence[Performance]) -> None:
        """Print the performances that are not like one before them."""
        for number, performance in enumerate(performances):
            earlier = performances[:number]
            if performance.steps and not any(_alike(performance, each) for each in earlier):
                self.line(with_margin(performance.steps, story.zone, self._paint))

    def verdict(self, played: Played, width: int) -> None:
        """Print a story's line; `width` is the longest name's."""
        mark, style = (self._marks[0], "held") if played.holds else (self._marks[1], "failed")
        text = _sentence(played.story.about) if played.story else "cannot be read"
        excepted = [each.level for each in played.performances.values() if each.excepted]
        text += f" (not at {', '.join(excepted)})" if excepted else ""
        bad = [each.level for each in played.performances.values() if not each.holds]
        if bad:
            text = f"does not hold at {', '.join(bad)}"
        line = f"{mark} {played.name:<{width}}  {text}"
        if self._terminal and len(line) >= (columns := _width()):
            line = f"{line[: columns - 4]}..."
        self.line(self._paint(mark, style) + line[len(mark) :])

    def summary(
        self, stories: Sequence[Played], levels: Sequence[str], index: Path | None = None
    ) -> None:
        """Print each failure once, then how many stories hold and how long each level took.

        `index` is the first of the pages about them, None where there are none.
        """
        for found, at in failures(stories).items():
            first, *rest = found.at(at).splitlines()
            self.line(f"\n{self._paint(first, 'failed')}")
            for line in rest:
                self.line(self._paint(line, _of_difference(line)))
        failed = sum(not played.holds for played in stories)
        if failed or len(stories) > 1:
            self.line()
        if index:
            self.line(f"pages: {index}")
        times = ", ".join(f"{level} {_seconds(stories, level):.2f} s" for level in levels)
        noun = "scenario" if len(stories) == 1 else "scenarios"
        verdict = (f"{failed} failed", "failed") if failed else ("all hold", "held")
        self.line(f"{len(stories)} {noun} at {times}: {self._paint(*verdict)}")

    def _paint(self, text: str, style: str) -> str:
        code = _STYLES.get(style)
        return f"\x1b[{code}m{text}\x1b[m" if self._colour and code and text.strip() else text


def _alike(performance: Performance, earlier: Performance) -> bool:
    """Return whether two levels saw the same; effects count where the level observes all."""
    if len(performance.steps) != len(earlier.steps):
        return False
    return all(
        (seen.screen, seen.exit) == (before.screen, before.exit)
        and (seen.only or seen.unreached or seen.does == before.does)
        for (_, seen), (_, before) in zip(performance.steps, earlier.steps, strict=True)
    )


def _verdict(performance: Performance) -> str:
    if performance.excepted:
        return f"not at {performance.level} ({performance.excepted})"
    return f"{'holds' if performance.holds else 'does NOT hold'} at {performance.level}"


def _sentence(about: str) -> str:
    """Return the first sentence of what a story is about."""
    words = " ".join(about.split())
    return words.partition("  ")[0].partition(". ")[0].rstrip(".") + "."


def _of_difference(line: str) -> str:
    return {"-": "failed", "+": "held", ".": "effect"}.get(line.strip()[:1], "")


def _seconds(stories: Sequence[Played], level: str) -> float:
    return sum(p.performances[level].seconds for p in stories if level in p.performances)


def _width() -> int:
    return shutil.get_terminal_size().columns


def _can_encode(stream: TextIO, text: str) -> bool:
    try:
        text.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True
