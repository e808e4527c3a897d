"""Compares what two revisions showed of the same stories.  Pure.

A `Played` is what ``player`` tells of a story.  The aspects of a step that are compared
are the rows of `ASPECTS`.
"""

from __future__ import annotations

from difflib import unified_diff
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from scenarios.replay.story.folding import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Played = Mapping[str, Any]

_NOTHING: Mapping[str, Any] = {}
_CONTEXT = 2  # lines that are alike, around those that differ


class Change(NamedTuple):
    """What differs in an aspect of a step: lines that begin with ``-``, ``+`` or a blank."""

    aspect: str
    lines: tuple[str, ...]


class StepChanges(NamedTuple):
    """A step that differs: its number from 1, its command, and its changes."""

    number: int
    run: str
    changes: tuple[Change, ...]


def between(before: Played, after: Played) -> tuple[StepChanges, ...]:
    """Return the steps of a story in which the two differ."""
    pairs = zip_longest(before["steps"], after["steps"], fillvalue=_NOTHING)
    found = [
        StepChanges(number, str((new or old)["run"]), _changes(old, new))
        for number, (old, new) in enumerate(pairs, 1)
    ]
    if before["ended"] != after["ended"]:
        lines = _lines(_ended(before), _ended(after))
        found.append(StepChanges(len(found) + 1, "", (Change("end of the story", lines),)))
    return tuple(step for step in found if step.changes)


def _changes(before: Played, after: Played) -> tuple[Change, ...]:
    compared = ((aspect, find(before, after)) for aspect, find in ASPECTS.items())
    return tuple(Change(aspect, lines) for aspect, lines in compared if lines)


def _ended(played: Played) -> list[str]:
    return [str(played["ended"])] if played["ended"] else []


def _exit(before: Played, after: Played) -> tuple[str, ...]:
    return _lines(*([str(played.get("exit", "not run"))] for played in (before, after)))


def _by_name(part: str) -> Callable[[Played, Played], tuple[str, ...]]:
    def spelt(played: Played) -> list[str]:
        return [f"{name}: {left}" for name, left in sorted(played.get(part, {}).items())]

    return lambda before, after: _lines(spelt(before), spelt(after))


def _asked(before: Played, after: Played) -> tuple[str, ...]:
    """Return what differs in the questions; those without an answer in the story are marked."""
    return _lines(_questions(before), _questions(after))


def _questions(played: Played) -> list[str]:
    beyond = list(played.get("beyond", ()))
    spelt: list[str] = []
    for title in reversed(played.get("asked", ())):  # the answers of a story are used up first
        marked = title in beyond
        if marked:
            beyond.remove(title)
        spelt.append(f"{title} (the story has no answer)" if marked else title)
    return spelt[::-1]


def _effects(before: Played, after: Played) -> tuple[str, ...]:
    old, new = before.get("effects", []), after.get("effects", [])
    lines = _lines([*folded(old)], [*folded(new)])
    if lines and sorted(old) == sorted(new):
        return ("  the same effects in another order:", *lines)
    return lines


def _screen(before: Played, after: Played) -> tuple[str, ...]:
    return _lines(before.get("screen", []), after.get("screen", []))


# By aspect, the lines that differ between two records of a step; the order is the review's.
ASPECTS: dict[str, Callable[[Played, Played], tuple[str, ...]]] = {
    "exit": _exit,
    "keys": _by_name("keys"),
    "session": _by_name("sessions"),
    "questions": _asked,
    "screen": _screen,
    "effects": _effects,
}


def _lines(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """Return a diff without its head; a line ``…`` stands between parts that are apart."""
    head_and_hunks = unified_diff(before, after, n=_CONTEXT, lineterm="")
    diff = [f"{line[:1]} {line[1:]}".rstrip() for line in [*head_and_hunks][3:]]
    return tuple("  …" if line.startswith("@ @") else line for line in diff)
