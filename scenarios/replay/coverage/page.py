"""What stories show as Markdown: docs/coverage.md, and ``python -m scenarios --matrix``.

What is missing comes first, each with the command that starts a story of it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from authkit.core.messages import MESSAGES
from authkit.core.rules import RULES
from scenarios.replay.coverage import cells
from scenarios.replay.coverage.noted import SESSION, noted
from scenarios.replay.story.faults import CODES, WORDS
from scenarios.replay.story.model import BadStory

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from scenarios.replay.coverage.cells import Cell
    from scenarios.replay.coverage.noted import Noted

    Link = Callable[[str], str]  # from a story's name to what stands for it

_ANSWERS = {cells.OTHER: "SomeOtherException", "no answer": "timeout", "broken answer": "garbage"}
_NEW = "python -m scenarios new NAME"
_NAMED = 5  # stories of a thing; the others are counted
_FAILING = {"keyring": "failing"}  # the answer of a first fault, by the port


def run(_options: Namespace, paths: Iterable[Path]) -> int:
    """Print the page about what these stories show; return 0, or 1 for a mistake in one."""
    try:
        sys.stdout.write(page(noted(paths)))
    except BadStory as bad:
        sys.stderr.write(f"{bad}\n")
        return 1
    return 0


def page(found: Noted, link: Link = str) -> str:
    """Return the page about what stories show; `link` writes the name of a story."""
    parts = (_missing(found), _refusals(found, link), _failures(found, link), _words(found, link))
    more = (_rules(found, link), _messages(found, link), _lines(found, link))
    return "\n".join(line for part in (*parts, *more) for line in (*part, "")).rstrip() + "\n"


def missing(found: Noted) -> list[str]:
    """Return a line for each thing that can happen and that no story shows, with its start.

    What leads to a message is not known: it has no start.
    """
    refusals = [f"{_call(c)}: {c.answer}: `{start(c)}`" for c in cells.refusals(found) if c.missing]
    failures = [f"{_call(c)}: `{start(c)}`" for c in cells.failures(found) if c.missing]
    shown = {rule for rule, _ in found.rules} | {*cells.RULES_WAIT}
    rules = [
        f"rule `{r.name}`: `{_of_rule(r.codes, r.operation)}`" for r in RULES if r.name not in shown
    ]
    answers = {call.answer for call in found.calls}
    codes = [f"code `{c}`: `{_of_rule([c])}`" for c in sorted(CODES) if c not in answers]
    words = [f"fault `{w}`: `{_of_rule([w])}`" for w in WORDS if w not in found.words]
    waiting = {*found.messages, *cells.MESSAGES_WAIT}
    messages = [f"message `{name}`" for name in MESSAGES if name not in waiting]
    return [*refusals, *failures, *rules, *codes, *words, *messages]


def start(cell: Cell) -> str:
    """Return the command that starts a story of a cell."""
    call = cell.call
    if not call.operation:
        answer = _FAILING.get(cell.answer.partition(".")[0], "'Permission denied'")
        words = f"--on {cell.answer} --answer {answer}"
    else:
        words = f"--on {call.operation} --answer {_ANSWERS.get(cell.answer, cell.answer)}"
    command = f"'{call.command}'" if " " in call.command else call.command
    return f"{_NEW} {words} --command {command}" + " --session" * (call.credentials == SESSION)


def _of_rule(codes: Iterable[str], operation: str = "") -> str:
    answer = min(codes, default=_ANSWERS[cells.OTHER])
    return f"{_NEW} --on {operation or 'GetSessionToken'} --answer {answer}"


def _call(cell: Cell) -> str:
    call = cell.call
    if not call.operation:
        return f"{cell.answer} fails in {call.command}"
    return f"{call.operation} with {call.credentials}, by {call.command}"


def _missing(found: Noted) -> Iterator[str]:
    yield "## What no story shows"
    yield ""
    lines = missing(found)
    yield (
        "Each can happen; the command, where there is one, starts a story of it."
        if lines
        else "Nothing that can happen."
    )
    yield from (f"- {line}" for line in lines)
    waiting = [cell for cell in (*cells.refusals(found), *cells.failures(found)) if cell.waits]
    if waiting:
        yield ""
        yield "What waits:"
        yield from (f"- {_call(cell)}: {cell.answer}: {cell.waits}" for cell in waiting)
    yield ""
    yield "What cannot happen: any other call of STS, by a command."
    yield from (f"- `{command}`: {why}" for command, why in cells.NOT_CALLED.items())


def _refusals(found: Noted, link: Link) -> Iterator[str]:
    yield "## Refusals, by call"
    yield ""
    yield "“as CODE”: the same rows of the table of rules are about it, and a story shows them."
    call = None
    for cell in cells.refusals(found):
        if cell.call != call:
            call = cell.call
            yield ""
            yield f"### {_call(cell)}"
            yield ""
            yield "| refusal | shown by |\n|---|---|"
        yield f"| {cell.answer} | {_shown(cell, link)} |"


def _shown(cell: Cell, link: Link) -> str:
    if cell.stories:
        return _links(cell.stories, link)
    return f"as {cell.alike}" if cell.alike else f"waits: {cell.waits}" if cell.waits else "nothing"


def _failures(found: Noted, link: Link) -> Iterator[str]:
    yield "## Failures of keyring and state folder, by command"
    yield ""
    yield "| fault point | command | shown by |\n|---|---|---|"
    for cell in cells.failures(found):
        yield f"| {cell.answer} | {cell.call.command} | {_shown(cell, link)} |"


def _words(found: Noted, link: Link) -> Iterator[str]:
    yield from _table("## Answers of faults", "answer", found.words, link, WORDS)


def _rules(found: Noted, link: Link) -> Iterator[str]:
    yield "## Rules, by command"
    yield ""
    yield "| rule | command | shown by |\n|---|---|---|"
    for rule in RULES:
        for (name, command), stories in sorted(found.rules.items()):
            if name == rule.name:
                yield f"| {name} | {command} | {_links(stories, link)} |"
        if why := cells.RULES_WAIT.get(rule.name):
            yield f"| {rule.name} | | waits: {why} |"


def _messages(found: Noted, link: Link) -> Iterator[str]:
    waits = {name: f"waits: {why}" for name, why in cells.MESSAGES_WAIT.items()}
    yield from _table("## Messages", "message", found.messages, link, MESSAGES, waits)


def _lines(found: Noted, link: Link) -> Iterator[str]:
    lines = dict.fromkeys(cells.specified(), "tests alone")
    yield from _table("## Lines of behaviour", "line", found.lines, link, lines, lines)


def _table(  # noqa: PLR0913, PLR0917 - a table's title, head, rows and cells
    title: str,
    head: str,
    shown: Mapping[str, Iterable[str]],
    link: Link,
    wanted: Iterable[str],
    waits: Mapping[str, str] = {},
) -> Iterator[str]:
    yield title
    yield ""
    yield f"| {head} | shown by |\n|---|---|"
    for name in dict.fromkeys((*wanted, *sorted(shown))):
        by = _links(shown[name], link) if name in shown else waits.get(name, "nothing")
        yield f"| {name} | {by} |"


def _links(stories: Iterable[str], link: Link) -> str:
    names = sorted(stories)
    more = [f"{len(names) - _NAMED} more"] * (len(names) > _NAMED)
    return ", ".join([*map(link, names[:_NAMED]), *more])
