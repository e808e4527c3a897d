"""The command line of ``python -m scenarios``: replays stories and prints their transcripts."""

from __future__ import annotations

import argparse
import sys
from difflib import get_close_matches
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from scenarios.replay.coverage import new_story, page
from scenarios.replay.revisions import review
from scenarios.replay.runner import report
from scenarios.replay.runner.replay import DoesNotHold, replay
from scenarios.replay.stages.levels import LEVELS
from scenarios.replay.story import reading
from scenarios.replay.story.model import BadStory

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Mapping, Sequence

    from scenarios.replay.stages.stage import Observed
    from scenarios.replay.story.model import Step, Story

_DEFAULT_LEVELS = ("fakes", "boto3")
HOLD, FAIL = 0, 1


class Option(NamedTuple):
    """A row of `OPTIONS`: a flag of the command line, and argparse's settings for it.

    Where `does` is given and the flag too, `does` is called instead of a replay, with
    all options and the files of the stories that are named (all, where none is), and
    returns the exit status.
    """

    flag: str
    settings: Mapping[str, Any]
    does: Callable[[Namespace, Sequence[Path]], int] | None = None


def main(arguments: Sequence[str] | None = None) -> int:
    """Replay the stories that the arguments name; return 0 when all hold, 1 otherwise."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    words = sys.argv[1:] if arguments is None else arguments
    if words and words[0] in COMMANDS:
        return COMMANDS[words[0]](words[1:])
    options = _parser().parse_args(words)
    try:
        paths = [path for name in options.stories for path in _found(name)] or reading.stories()
    except LookupError as error:
        sys.stderr.write(f"{error.args[0]}\n")
        return FAIL
    for option in OPTIONS:
        if option.does and getattr(options, option.flag.strip("-")):
            return option.does(options, paths)
    return _replay(options, paths)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(FAIL, f"{self.prog}: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m scenarios",
        description="Replay scenarios, and show them as a person would see them.",
    )
    parser.add_argument("stories", nargs="*", metavar="PATH|NAME", help="which (all)")
    for option in OPTIONS:
        parser.add_argument(option.flag, **option.settings)
    return parser


def _replay(options: Namespace, paths: Sequence[Path]) -> int:
    replays = _Replays(options.level or _DEFAULT_LEVELS)
    for path in paths:
        replays.add(path)
    return replays.summary()


def _found(name: str) -> list[Path]:
    """Return the files that an argument names: a file, a story, or a folder of stories.

    A story's name goes before a folder's; ``rotation/`` is no story's name.
    Raises LookupError with the names that come nearest.
    """
    if Path(name).is_file():
        return [Path(name).absolute()]
    stories = {path.stem: path for path in reading.stories()}
    if name in stories:
        return [stories[name]]
    folders = {Path(name).resolve(), (reading.STORIES / name).resolve()}
    if inside := [path for path in stories.values() if folders & {*path.resolve().parents}]:
        return inside
    near = get_close_matches(Path(name).stem, stories, cutoff=0) or ["none"]
    raise LookupError(f"there is no scenario {name}; the nearest are: {', '.join(near)}")


def _list(_options: Namespace, paths: Sequence[Path]) -> int:
    for path in paths:
        try:
            story = reading.read(path)
        except BadStory as bad:
            _show(bad)
            return FAIL
        _show(f"{story.name}: {' '.join(story.about.split())} ({', '.join(story.shows_that)})")
    return HOLD


def _show(text: object) -> None:
    sys.stdout.write(f"{text}\n")


class _Replays:
    """The stories replayed so far.  A step is printed once, unless levels differ in it."""

    def __init__(self, levels: Sequence[str]) -> None:
        self._levels = list(dict.fromkeys(levels))
        self._seconds = dict.fromkeys(self._levels, 0.0)
        self._stories = 0
        self._failures = 0

    def add(self, path: Path) -> None:
        """Replay a story at every level."""
        self._stories += 1
        try:
            story = reading.read(path)
        except BadStory as bad:
            self._failures += 1
            _show(f"{bad}\n")
            return
        _show(f"--- {story.name}: {' '.join(story.about.split())}\n")
        shown: list[str] = []
        verdicts = [self._verdict(story, level, shown) for level in self._levels]
        _show(f"--- {story.name}: {'; '.join(verdicts)}\n\n")

    def _verdict(self, story: Story, level: str, shown: list[str]) -> str:
        """Replay a story at a level; `shown` holds the steps printed at other levels."""
        if level in story.excepted:
            return f"not at {level} ({story.excepted[level]})"

        def onlooker(step: Step, observed: Observed) -> None:
            seen = report.told(step, observed)
            if seen not in shown:
                shown.append(seen)
                _show(seen)

        before = perf_counter()
        try:
            replay(story, level, onlooker)
        except (DoesNotHold, BadStory) as bad:
            self._failures += 1
            _show(f"{bad}\n")
            return f"does NOT hold at {level}"
        finally:
            self._seconds[level] += perf_counter() - before
        return f"holds at {level}"

    def summary(self) -> int:
        """Print how many stories hold and how long each level took; return the exit status."""
        times = ", ".join(f"{level} {self._seconds[level]:.2f} s" for level in self._levels)
        verdict = f"{self._failures} failed" if self._failures else "all hold"
        noun = "scenario" if self._stories == 1 else "scenarios"
        _show(f"{self._stories} {noun} at {times}: {verdict}")
        return FAIL if self._failures else HOLD


# What may stand first on the command line instead of stories: it takes the rest of the line.
COMMANDS: Mapping[str, Callable[[Sequence[str]], int]] = {"new": new_story.main}

OPTIONS = (
    Option(
        "--level",
        {
            "action": "append",
            "choices": list(LEVELS),
            "help": "how much of the world is real; repeats "
            f"(default: {', '.join(_DEFAULT_LEVELS)})",
        },
    ),
    Option("--list", {"action": "store_true", "help": "list them, and do nothing"}, _list),
    Option("--matrix", {"action": "store_true", "help": "show what no story shows yet"}, page.run),
    Option(
        "--against",
        {
            "metavar": "REV",
            "help": "show what differs for people from this revision, as Markdown for a review",
        },
        review.run,
    ),
)
