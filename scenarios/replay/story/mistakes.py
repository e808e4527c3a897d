"""Mistakes of a story that its schema cannot find, in a table that the schema has accepted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from scenarios.replay.story import faults
from sts_simulator.account.durations import parse_duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scenarios.replay.story.toml_places import Path

_OF_A_STEP = ("run", "shows", "exit", "does", "at", "events", "env", "child", "interactive")


def mistakes(table: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Yield the keys that lead to each mistake, and a sentence about it."""
    for name, entry in table.get("keyring", {}).items():
        yield from _of_an_entry(("keyring", name), entry)
    for number, step in enumerate(table["step"]):
        yield from _of_a_step(("step", number), step, table)


def _of_a_step(
    at: Path, step: Mapping[str, Any], story: Mapping[str, Any]
) -> Iterator[tuple[Path, str]]:
    if "stdin" in step and "pipe" in step:
        yield (*at, "pipe"), "a step has 'stdin' (nobody is asked) or 'pipe' (there is a terminal)"
    if "pipe" in step and not step.get("interactive", story.get("interactive", True)):
        yield (*at, "pipe"), "'pipe' has a terminal beside it: without one it is 'stdin'"
    if "pipe" in step and "child" not in step:
        yield (*at, "pipe"), "'pipe' is the standard input of exec's child, and there is no child"
    for number, other in enumerate(step.get("meanwhile", ())):
        yield from _spans((*at, "meanwhile", number), other, "after", "ctrl_c")
    yield from _spans(at, step, "ctrl_c")
    yield from _spans((*at, "child"), step.get("child", {}), "takes")
    for number, run in enumerate(step.get("mfa_process", ())):
        yield from _spans((*at, "mfa_process", number), run, "takes")
    for name, entry in step.get("keyring", {}).items():
        yield from _of_an_entry(("step", at[1], "keyring", name), entry)
    for number, fault in enumerate(step.get("fault", ())):
        for key, reason in faults.mistakes(fault, story):
            yield (*at, "fault", number, key), reason


def _of_an_entry(at: Path, entry: object) -> Iterator[tuple[Path, str]]:
    """Yield the keys of a step that stand below the header of an entry."""
    inner = ".".join(part for part in at if isinstance(part, str))
    for key in entry if isinstance(entry, dict) else ():
        if key in _OF_A_STEP:
            reason = f"it belongs to the step: write it above the header of {inner}"
            yield (*at, key), f"{key!r} is no field of an entry; {reason}"


def _spans(at: Path, table: Mapping[str, Any], *keys: str) -> Iterator[tuple[Path, str]]:
    """Yield the lengths of time that are negative, where time only passes."""
    for key in keys:
        if key in table and parse_duration(table[key]) < timedelta():
            yield (*at, key), f"{key} is {table[key]}: time does not run back"
