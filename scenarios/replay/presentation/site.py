"""The pages about stories: an index with filters, and a page for each story.

Static files that need no network: ``index.html``, ``style.css``, ``script.js`` and
``stories/NAME.html``, from the templates beside this module.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from authkit.arguments import COMMANDS
from scenarios.replay.presentation import spans
from scenarios.replay.presentation.diagram import diagram, head
from scenarios.replay.presentation.played import failures
from scenarios.replay.presentation.sides import side_by_side
from scenarios.replay.presentation.timeline import timeline
from scenarios.replay.stages.levels import LEVELS
from scenarios.replay.story.folding import folded
from scenarios.replay.story.reading import nearby
from scenarios.replay.story.transcript import screen_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jinja2 import Environment

    from scenarios.replay.presentation.played import Performance, Played

TEMPLATES = Path(__file__).parent / "templates"
SPECIFICATION = Path(__file__).parents[3] / "docs" / "specification.md"
GENERATOR = "authkit scenarios"  # what an index of ours says that it was made by


class Entry(NamedTuple):
    """A story in the index, and what it can be found by."""

    played: Played
    page: str
    theme: str
    about: str
    rules: Sequence[str]
    commands: Sequence[str]
    lines: Sequence[str]
    levels: Mapping[str, str]  # to "holds", "fails", "" for one that was not replayed


class Sides(NamedTuple):
    """A claim of a performance that does not hold: rows of what is told and what was seen."""

    title: str
    rows: Sequence[tuple[str | None, str | None]]


def unfit(folder: Path) -> str:
    """Make a folder for pages; return why none can be written there, "" where they can."""
    try:
        import jinja2  # noqa: F401, PLC0415 - needed for pages alone
    except ImportError:
        return "--html needs Jinja2: pip install -e '.[dev]'"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return f"--html {folder}: {error.strerror}"
    index = folder / "index.html"
    if index.exists() and GENERATOR not in index.read_text("utf-8", errors="replace")[:1000]:
        return f"--html {folder}: there is an index.html that is not ours; name another folder"
    return ""


def write(stories: Sequence[Played], folder: Path) -> Path:
    """Write the pages about these stories into a folder; return the index.  Raises OSError."""
    pages = folder / "stories"
    pages.mkdir(parents=True, exist_ok=True)
    for old in pages.glob("*.html"):
        old.unlink()
    environment = _environment()
    found = entries(stories)
    for name in ("style.css", "script.js"):
        text = (TEMPLATES / name).read_text("utf-8")
        (folder / name).write_text(text, "utf-8", newline="\n")
    for number, entry in enumerate(found):
        around = (found[number - 1] if number else None, *found[number + 1 : number + 2])
        text = environment.get_template("story.html").render(_story(entry, around))
        (pages / entry.page).write_text(text, "utf-8", newline="\n")
    index = folder / "index.html"
    text = environment.get_template("index.html").render(_index(found))
    index.write_text(text, "utf-8", newline="\n")
    return index


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - see `unfit`

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["generator"] = GENERATOR
    return environment


def entries(stories: Iterable[Played]) -> list[Entry]:
    """Return the entries of the index, by theme and name; each has a page of its own."""
    unique = {played.path: played for played in stories}.values()
    taken: Counter[str] = Counter()
    found = []
    for played in sorted(unique, key=lambda each: (each.path.parent.name, each.name)):
        taken[played.name] += 1
        again = f"-{taken[played.name]}" if taken[played.name] > 1 else ""
        found.append(_entry(played, f"{played.name}{again}.html"))
    return found


def _entry(played: Played, page: str) -> Entry:
    story, theme = played.story, played.path.parent.name
    if story is None:
        return Entry(played, page, theme, "This file cannot be read.", (), (), (), {})
    levels = {
        level: "" if level not in played.performances else _state(played.performances[level])
        for level in LEVELS
        if level not in story.excepted
    }
    commands = dict.fromkeys(command_of(step.arguments) for step in story.steps)
    about = " ".join(story.about.split())
    rules = story.rules
    return Entry(played, page, theme, about, rules, [*commands], story.shows_that, levels)


def _state(performance: Performance) -> str:
    return "holds" if performance.holds else "fails"


def command_of(arguments: Sequence[str]) -> str:
    """Return the command of a line: the first words that are one, else ``authkit``."""
    for number, word in enumerate(arguments):
        for name in (" ".join(arguments[number : number + 2]), word):
            if name in COMMANDS:
                return name
    return "authkit"


def _index(entries: Sequence[Entry]) -> dict[str, Any]:
    def offered(values: Iterable[str]) -> list[tuple[str, int]]:
        return sorted(Counter(values).items())

    failing = [entry for entry in entries if not entry.played.holds]
    return {
        "entries": entries,
        "themes": [(name, [*group]) for name, group in groupby(entries, lambda e: e.theme)],
        "failing": failing,
        "played": [level for level in LEVELS if any(e.levels.get(level) for e in entries)],
        "filters": {
            "rule": offered(name for e in entries for name in e.rules),
            "command": offered(name for e in entries for name in e.commands),
            "line": offered(name for e in entries for name in e.lines),
            "level": offered(name for e in entries for name in e.levels),
        },
    }


def _story(entry: Entry, around: Sequence[Entry | None]) -> dict[str, Any]:
    from markupsafe import Markup  # noqa: PLC0415 - Jinja2 brings it

    played = entry.played
    shown, story = played.shown, played.story
    happenings = timeline(shown.steps, story.zone) if shown and story else []
    title = f"Sequence diagram of {played.name}; the list below says the same in words"
    return {
        "entry": entry,
        "shown": shown,
        "previous": around[0],
        "next": around[1] if len(around) > 1 else None,
        "happenings": happenings,
        "head": Markup(head()),  # noqa: S704 - made of our own names
        "diagram": Markup(diagram(happenings, title)),  # noqa: S704 - `diagram` escapes all text
        "failing": [*_failing(played)],
        "path": nearby(played.path),
        "text": played.path.read_text("utf-8", errors="replace").splitlines(),
        "marked": {int(found.place.rpartition(":")[2]) for found in failures([played])},
        "specification": specification(),
        "spans": spans,
    }


def _failing(played: Played) -> Iterator[tuple[Performance, str, list[Sides]]]:
    """Yield what does not hold: a performance for all levels that fail alike, and both sides."""
    for found, levels in failures([played]).items():
        for performance in played.performances.values():
            if performance.report == found and performance.level == levels[0]:
                yield performance, " and ".join(levels), [*_sides(performance)]


def _sides(performance: Performance) -> Iterator[Sides]:
    """Yield both sides of the screen and of the effects, where these differ."""
    for step, observed in performance.steps[-1:]:
        told, seen = [line.shown for line in step.script.lines], screen_lines(observed.screen)
        if told != seen:
            yield Sides("The screen", [*side_by_side(told, seen)])
        if step.does is not None and observed.claimed(step) != observed.does:
            both = [*folded(observed.claimed(step))], [*folded(observed.does)]
            yield Sides("The effects", [*side_by_side(*both)])


@cache
def specification() -> Mapping[str, str]:
    """Return the lines of docs/specification.md by their number, as plain text."""
    text = SPECIFICATION.read_text("utf-8")
    found = re.findall(r"^- \*\*(B-[A-Z]\d\d)\*\* (.*)$", text, re.MULTILINE)
    return {number: re.sub(r"\((?:new|changed)\) ?|[`*]", "", line) for number, line in found}
