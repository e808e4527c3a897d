"""The command line of ``python -m scenarios``: replays stories and prints their transcripts."""

from __future__ import annotations

import argparse
import os
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from scenarios.replay.coverage import new_story, page
from scenarios.replay.presentation import site
from scenarios.replay.revisions import review
from scenarios.replay.runner.printing import Printing
from scenarios.replay.runner.replay import play
from scenarios.replay.stages.levels import LEVELS
from scenarios.replay.story import reading
from scenarios.replay.story.model import BadStory

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Mapping, Sequence

    from scenarios.replay.presentation.played import Played

_DEFAULT_LEVELS = ("fakes", "boto3")
_FIRST = "rotation"  # printed in full where no story is named
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
    parser = _parser()
    options = parser.parse_args(words)
    given = [option for option in OPTIONS if getattr(options, option.flag.strip("-"))]
    if any(option.does for option in given) and len(given) > 1:
        parser.error(f"{' and '.join(option.flag for option in given)} do not go together")
    try:
        paths = [path for name in options.stories for path in _found(name)] or reading.stories()
    except LookupError as error:
        sys.stderr.write(f"{error.args[0]}\n")
        return FAIL
    if given and given[0].does:
        return given[0].does(options, paths)
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
    """Replay the files; print those that are named in full, of all others one line each."""
    levels = list(dict.fromkeys(options.level or _DEFAULT_LEVELS))
    screen = Printing(sys.stdout, sys.stderr, os.environ)
    if options.html and (trouble := site.unfit(Path(options.html))):
        screen.error(trouble)
        return FAIL
    stories: list[Played] = []
    try:
        _play_all(options, paths, levels, screen, stories)
    finally:
        screen.over()
    index = None
    if options.html:
        try:
            index = site.write(stories, Path(options.html))
        except OSError as error:
            screen.error(f"--html {error.filename}: {error.strerror}")
            return FAIL
    screen.summary(stories, levels, index)
    return HOLD if all(played.holds for played in stories) else FAIL


def _play_all(
    options: Namespace,
    paths: Sequence[Path],
    levels: Sequence[str],
    screen: Printing,
    stories: list[Played],
) -> None:
    """Replay the files and print each; `stories` gets what was observed."""
    in_full = {*paths} if options.stories else {path for path in paths if path.stem == _FIRST}
    width = max((len(path.stem) for path in paths), default=0)
    for path in sorted(paths, key=lambda path: path not in in_full):
        screen.progress(len(stories), len(paths), path.stem)
        stories.append(play(path, levels))
        screen.over()
        if path in in_full:
            screen.told(stories[-1], verbose=options.verbose)
        if not options.stories:
            screen.verdict(stories[-1], width)


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
    is_file = name.endswith(".toml")
    what = f"{name}: there is no such file" if is_file else f"there is no scenario {name}"
    raise LookupError(f"{what}; the nearest are: {', '.join(near)}")


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
    Option(
        "--verbose",
        {"action": "store_true", "help": "print effects, faults, events and time in the margin"},
    ),
    Option("--html", {"metavar": "DIR", "help": "write pages about them into this folder too"}),
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
