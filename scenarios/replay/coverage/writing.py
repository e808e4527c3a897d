"""Writes a story that runs and holds: ``python -m scenarios new``.

The world of such a story is small: an IAM user with keys, a role where the call is
AssumeRole.  The commands are run at level fakes, a person answers by question, and what
happens becomes what the story claims.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fakes.world import network
from scenarios.replay.coverage.starts import Command
from scenarios.replay.revisions.player import answered_by_question
from scenarios.replay.stages.levels import LEVELS
from scenarios.replay.story import reading, transcript
from scenarios.replay.story.faults import FILES, STATE
from scenarios.replay.story.folding import folded
from scenarios.replay.story.toml_text import literal, patched

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scenarios.replay.coverage.starts import Start
    from scenarios.replay.stages.stage import Observed

NAME = Path("new.toml")  # of a story that has no file yet
_HEAD = """\
#:schema ../scenario.schema.json
about = {about}
shows_that = {lines}
"""
_TIME = """\
now  = 2024-12-22T16:58:00-07:00
zone = "America/Phoenix"
"""
_ROLE = """
config = '''
[identities.dev-admin]

[identities.deploy]
kind = "aws/assume-role"
source = "dev-admin"
role_arn = "arn:aws:iam::123456789012:role/deploy"
'''
"""
_KEYS = 'keys.new = { id = "AKIAXXXXXXXXXXXXXXXX", secret = "new-secret" }\n'
_KEYRING = """
[keyring.dev-admin]
access_key_id = "AKIAXXXXXXXXXXXXXXXX"
secret_access_key = "new-secret"
"""
_EXCEPT = """
[except]
terminal = "a file does not fail there on demand"
"""
_PROXY = f"""
[env]
{network.PROXY} = "http://proxy.example.com:3128"
[except]
terminal = "there is no proxy"
"""
_MFA_ARN = "arn:aws:iam::123456789012:mfa/user"
_CODES = ("123456", "234567", "345678", "456789")


@dataclass(frozen=True)
class Plan:
    """A story before it was played.  `lines` are those of behaviour that it shows."""

    about: str
    lines: Sequence[str]
    commands: Sequence[Command]
    role: bool = False
    mfa: bool = False
    top: str = ""  # more lines of the story itself


class Tried(NamedTuple):
    """What came of a plan: the rules that applied, and what was observed of each command."""

    rules: Sequence[str]
    observed: Sequence[Observed]


_UNTRIED = Tried((), ())


def planned(found: Start, fault: Mapping[str, Any], about: str) -> Plan:
    """Return the plan of a story in which a call fails."""
    last = replace(found.command, faults=(*found.command.faults, fault), claims=True)
    commands = (*map(Command, found.before), last)
    top = _PROXY if fault["answer"] in network.OF_A_PROXY else ""
    return Plan(about, ["B-L20"], commands, role=found.role, mfa=found.mfa, top=found.top + top)


def tried(plan: Plan) -> Tried:
    """Play the story.

    Raises BadStory when the plan is none, and LookupError when a fault does not happen.
    """
    story = reading.parse(written(plan, _UNTRIED), NAME)
    observed: list[Observed] = []
    with LEVELS["fakes"](story) as stage, answered_by_question(story):
        for step in story.steps:
            observed.append(stage.run(step))
            if observed[-1].troubles:
                raise LookupError(f"{step.run}: {'; '.join(observed[-1].troubles)}")
    rules = (applied.rule.name for seen in observed for applied in seen.rules or ())
    return Tried([*dict.fromkeys(rules)], observed)


def written(plan: Plan, seen: Tried) -> str:
    """Return the text of the story, which claims what was seen of it."""
    rules, observed = seen
    about = literal(plan.about.strip() + "\n").replace("'''", '"""')
    parts = [_HEAD.format(about=about, lines=json.dumps(list(plan.lines)))]
    if rules:
        parts.append(f"rule = {json.dumps(rules[0] if len(rules) == 1 else list(rules))}\n")
    parts += [_TIME, plan.top, _ROLE if plan.role else ""]
    points = (fault["on"] for step in plan.commands for fault in step.faults)
    if not {*STATE, *FILES}.isdisjoint(points):
        parts.append(_EXCEPT)
    parts += ["\n[account]\n", _KEYS]
    if plan.mfa:
        parts.append(f'mfa = {{ arn = "{_MFA_ARN}", codes = {json.dumps(_CODES)} }}\n')
    parts += ["roles.deploy = {}\n" if plan.role else "", _KEYRING]
    parts.append(f'mfa_arn = "{_MFA_ARN}"\n' if plan.mfa else "")
    for number, command in enumerate(plan.commands):
        told = observed[number] if observed else None
        parts.append("".join(_step(command, told)))
    return "".join(parts)


def _step(command: Command, told: Observed | None) -> Iterator[str]:
    yield "\n[[step]]\n"
    if command.at:
        yield f"at    = {json.dumps(command.at)}\n"
    if command.events:
        yield f"events = {json.dumps(list(command.events))}\n"
    yield f"run   = {json.dumps(command.run)}\n"
    yield "" if command.interactive else "interactive = false\n"
    yield f'mfa_process = [{{ says = "{command.prints}" }}]\n' if command.prints else ""
    if told is None:
        yield f"shows = {literal(command.answers)}\n" if command.answers else ""
    else:
        yield f"exit  = {told.exit}\n" if told.exit else ""
        yield f"shows = {literal(transcript.spell(told.journal.entries))}\n"
        yield f"does  = {patched('[]', [*folded(told.does)])}\n" if command.claims else ""
    for fault in command.faults:
        yield "\n[[step.fault]]\n"
        yield from (f"{key} = {json.dumps(value)}\n" for key, value in fault.items())
    if command.child is not None:
        yield "\n[step.child]\n"
        yield from (f"{key} = {json.dumps(value)}\n" for key, value in command.child.items())
    if told and command.claims:
        yield _left(told)


def _left(told: Observed) -> str:
    """Return the claim about what is left in the keyring."""
    raw = told.keyring.get("dev-admin")
    if raw is None:
        return "\n[step.keyring]\ndev-admin = false\n"
    try:
        fields = json.loads(raw)
        fields.pop("version")
    except (ValueError, LookupError, AttributeError):
        return f"\n[step.keyring]\ndev-admin = {json.dumps(raw)}\n"
    lines = (f"{name} = {json.dumps(value)}\n" for name, value in fields.items())
    return "\n[step.keyring.dev-admin]\n" + "".join(lines)
