"""Compares the claims of a step with what was observed: a list of mismatches, in words."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from difflib import ndiff
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from authkit.core import sessions
from authkit.core.durations import spell
from authkit.core.entries import VERSION
from authkit.core.rules import RULES
from scenarios.replay.story.schema import BROUGHT
from scenarios.replay.story.transcript import screen_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from authkit.core.rules import Rule
    from authkit.recording.applied_rules import Applied
    from scenarios.replay.stages.stage import Observed
    from scenarios.replay.story.model import Expected, Meanwhile, Step, Story
    from scenarios.replay.story.transcript import Line

_DATA = re.compile(r"<data of \d+ characters>")  # of ``env``, in authkit/recording/screen.py


class Part(Enum):
    """The subject of a mismatch.  An update rewrites the first two, and `shows` of MEANWHILE."""

    SHOWS = "shows"
    DOES = "does"
    STORY = "story"
    EXIT = "exit"
    MEANWHILE = "meanwhile"
    LEFT = "left"


class Mismatch(NamedTuple):
    """A claim that does not hold."""

    part: Part
    text: str


def mismatches(step: Step, observed: Observed) -> list[Mismatch]:
    """Return every claim of a step that does not hold."""
    return list(_mismatches(step, observed))


def _mismatches(step: Step, observed: Observed) -> Iterator[Mismatch]:
    for trouble in observed.troubles:
        yield Mismatch(Part.STORY, trouble)
    if not is_told(step.script.lines, screen_lines(observed.screen)):
        yield Mismatch(Part.SHOWS, "the screen is not as told (- told, + seen, . effects)")
    if step.does is not None and observed.claimed(step) != observed.does:
        yield Mismatch(Part.DOES, "the effects are not as told (- told, + seen)")
    if observed.exit is not None and step.exit != observed.exit:
        yield Mismatch(Part.EXIT, f"the exit status is {observed.exit}, not {step.exit}")
    for name, expected in step.keyring.items():
        yield from _left(f"keyring.{name}", expected, observed.keyring.get(name), _fields)
    for name, expected in step.session.items():
        yield from _left(f"session.{name}", expected, observed.sessions.get(name), _facts)
    for path, text in step.files.items():
        yield from _left(f"file {path}", text, observed.files.get(path), None)
    for other, seen in zip(step.meanwhile, observed.meanwhile, strict=True):
        yield from _meanwhile(other, seen)
    if step.child_environ:
        found = observed.child_environ or {}
        yield from _compared("child.env", step.child_environ, found)


def is_told(told: Iterable[Line], seen: Iterable[str]) -> bool:
    """Tell whether a screen is as told; the data that a recording leaves out may be any.

    What authkit says to a person is no data.
    """
    shown, screen = [line.shown for line in told], "\n".join(seen)
    if not any(map(_DATA.fullmatch, shown)):
        return "\n".join(shown) == screen  # a pattern for each screen takes long to compile
    lines = ("(?![✓✗⚠]).+" if _DATA.fullmatch(line) else re.escape(line) for line in shown)
    return re.fullmatch("\n".join(lines), screen, re.DOTALL) is not None


def _meanwhile(other: Meanwhile, seen: Observed | None) -> Iterator[Mismatch]:
    """Yield the mismatches of a command at another terminal."""
    about = f"at another terminal, {other.when}, {other.step.run}"
    if seen is None:
        yield Mismatch(Part.STORY, f"{about}: it is not run")
        return
    for trouble in seen.troubles:
        yield Mismatch(Part.STORY, f"{about}: {trouble}")
    if not is_told(other.step.script.lines, screen_lines(seen.screen)):
        told = [line.shown for line in other.step.script.lines]
        lines = "".join(f"\n    {line}" for line in ndiff(told, screen_lines(seen.screen)))
        yield Mismatch(Part.MEANWHILE, f"{about}: the screen is not as told{lines}")
    if seen.exit is not None and other.step.exit != seen.exit:
        yield Mismatch(Part.EXIT, f"{about}: the exit status is {seen.exit}, not {other.step.exit}")


def wrong_rules(story: Story, applied: Iterable[Applied]) -> list[str]:
    """Return each mistake in the story's `rule`, which names the rows that apply in its steps."""
    found = {one.rule.name: one for one in applied}
    return [*_unclaimed(story, found), *_not_applied(story, found)]


def _unclaimed(story: Story, found: Mapping[str, Applied]) -> Iterator[str]:
    for name, one in found.items():
        if name not in story.rules:
            said = f"{one.trouble.operation} -> {one.trouble.code}"
            yield f"the row {name} applied ({said}) and is not claimed: add it to 'rule'"


def _not_applied(story: Story, found: Mapping[str, Applied]) -> Iterator[str]:
    for rule in (*RULES, *BROUGHT):
        if rule.name in story.rules and rule.name not in found:
            above = next((one.rule for one in found.values() if _hides(one, rule)), None)
            if above is None:
                yield f"the row {rule.name} is claimed in 'rule' and did not apply"
            else:
                yield f"the row {rule.name} is never reached: {above.name} above it takes it"


def _hides(one: Applied, rule: Rule) -> bool:
    """Tell whether another row, but for its `when`, is about the trouble of this one as well."""
    return rule is not one.rule and rule.replaced(when=()).matches(one.trouble, one.seen)


def _left(what: str, expected: Expected, raw: str | None, reading: Any) -> Iterator[Mismatch]:  # noqa: ANN401 - one of two functions below
    """Yield the mismatches of an entry or a session file that was left behind."""
    if expected is False:
        if raw is not None:
            yield Mismatch(Part.LEFT, f"{what} is there, and should not be")
    elif raw is None:
        yield Mismatch(Part.LEFT, f"{what} is not there")
    elif isinstance(expected, str):
        if raw != expected:
            yield Mismatch(Part.LEFT, f"{what} is {raw!r}, not {expected!r}")
    elif not isinstance(expected, bool):
        try:
            found = reading(raw)
        except ValueError as error:
            yield Mismatch(Part.LEFT, f"{what} cannot be read ({error}): {raw!r}")
        else:
            yield from _compared(what, expected, found)


def _compared(
    what: str, expected: Mapping[str, Any], found: Mapping[str, object]
) -> Iterator[Mismatch]:
    for name, value in expected.items():
        there = found.get(name)
        if value is False and name in found:
            yield Mismatch(Part.LEFT, f"{what}.{name} is {_shown(there)}, and should not be there")
        elif value is not False and name not in found:
            yield Mismatch(Part.LEFT, f"{what}.{name} is not there")
        elif value is not False and there != value:
            yield Mismatch(Part.LEFT, f"{what}.{name} is {_shown(there)}, not {_shown(value)}")


def _shown(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else repr(value)


def _fields(raw: str) -> dict[str, object]:
    """Return the fields of a keyring entry.  Raises ValueError."""
    entry = json.loads(raw)
    if not isinstance(entry, dict) or entry.pop("version", None) != VERSION:
        raise ValueError("it is not an entry of this version")
    return entry


def _facts(raw: str) -> dict[str, object]:
    """Return the facts of a session file that a story can claim.  Raises ValueError."""
    cached = sessions.decode(raw)
    return {
        "access_key_id": cached.session.access_key_id,
        "expires": datetime.fromtimestamp(cached.session.expiration, UTC),
        "granted": datetime.fromtimestamp(cached.session.granted, UTC),
        "duration": spell(cached.duration),
        "kind": cached.kind,
        "region": cached.region,
        "account": cached.account,
        "principal": cached.principal,
        "mfa_arn": cached.mfa_arn,
    }
