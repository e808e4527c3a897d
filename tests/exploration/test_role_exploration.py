"""B-K01, B-K03: every path through a role's login up to a depth, checked by laws of its own.

A chooser chooses STS's answers to the calls of the source and of the role; the other
ports are fakes.  The laws do not use authkit's table of rules.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

import pytest

from authkit.core import entries, rules
from authkit.core.rules import Action
from authkit.login.role import RoleFlow
from fakes.world.children import Child
from tests.exploration.chooser import Chooser, Event, Path, paths
from tests.exploration.chosen_answers import ANSWERS, FOR_GOOD
from tests.exploration.oracle import DEAD, PASSES
from tests.exploration.test_role_mixes import ROLE, a_role, writes
from tests.support.people import ENTRY, KEYS, Obliging, entry, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from authkit.core.model import AccessKeys, Caller, MfaCode, RoleRequest, Session
    from authkit.core.ports import Sts

T = TypeVar("T")
RENEWS = {*DEAD, "expired"}  # refusals after which the source logs in again, once
OF_CODES = {"code", "device"}  # refusals only of calls with a code


class ChosenSts:
    """STS that answers as the chooser chooses; the plain option is the account's answer."""

    def __init__(
        self, sts: Sts, chooser: Chooser, events: list[Event], fixed: dict[str, str]
    ) -> None:
        self._sts = sts
        self._choose = chooser.choose
        self._events = events
        self._fixed = fixed

    def get_caller_identity(self, who: AccessKeys | Session) -> Caller:
        """Answer as the chooser chooses.  Raises Refused, Unreachable."""
        return self._answered(
            "GetCallerIdentity", by_code=False, call=lambda: self._sts.get_caller_identity(who)
        )

    def get_date(self) -> datetime:
        """Answer as the account does: no login asks."""
        return self._sts.get_date()

    def list_mfa_devices(self, keys: AccessKeys) -> Sequence[str]:
        """Answer as the account does: the keys of a role's source have a device."""
        return self._sts.list_mfa_devices(keys)

    def get_session_token(self, keys: AccessKeys, *, duration: int, mfa: MfaCode | None) -> Session:
        """Answer as the chooser chooses.  Raises Refused, Unreachable."""
        return self._answered(
            "GetSessionToken",
            by_code=mfa is not None,
            call=lambda: self._sts.get_session_token(keys, duration=duration, mfa=mfa),
        )

    def assume_role(self, who: Session, request: RoleRequest) -> Session:
        """Answer as the chooser chooses.  Raises Refused, Unreachable."""
        return self._answered(
            "AssumeRole", by_code=True, call=lambda: self._sts.assume_role(who, request)
        )

    def _answered(self, operation: str, *, by_code: bool, call: Callable[[], T]) -> T:
        troubles = [name for name in ANSWERS if by_code or name not in OF_CODES]
        troubles += [f"{name}{FOR_GOOD}" for name in ("throttled", "lost")]
        answer = self._fixed.get(operation) or self._choose(operation, "ok", *troubles)
        if answer.endswith(FOR_GOOD):
            answer = self._fixed[operation] = answer.removesuffix(FOR_GOOD)
        self._events.append(Event(operation, None, answer))
        if answer != "ok":
            raise ANSWERS[answer](operation)
        return call()


def walk(command: tuple[str, ...], mfa: bool, person: bool, chooser: Chooser) -> Path:  # noqa: FBT001 - of a table
    """Return one path through a command: its calls, and its final state as the last event."""
    before, events = (ENTRY if mfa else KEYS), list[Event]()
    scene = a_role(before)
    account = scene.sts
    fixed = dict[str, str]()
    scene.sts = lambda region: ChosenSts(account(region), chooser, events, fixed)
    done = run(scene, *command, person=Obliging() if person else None, child=Child())
    written = writes(done.journal.effects)
    left = {
        "role": ROLE in scene.sessions.texts,
        "before": before,
        "entry": entry(scene),
        "written": written,
        "screen": done.screen,
    }
    events.append(Event("end", left))
    return Path(command, person, tuple(events), done.status, tuple(chooser.named))


# The laws.


def a_role_touches_no_keys(path: Path) -> Iterator[str]:
    """B-K01: the source's entry changes only when a call with its keys was refused."""
    left = path.events[-1].about
    refused = {e.outcome for e in path.events if e.what != "AssumeRole"} & {*DEAD, "device"}
    if left["written"] and not refused:
        yield f"{left['written']}"
    if left["entry"] != left["before"] and not refused & DEAD:
        yield f"{left['entry']} is left"


def a_role_ends_as_it_should(path: Path) -> Iterator[str]:
    """B-K03, B-L18: one renewal, four calls for passing failures; any other refusal ends it."""
    renewals = passing = 0
    for place, event in enumerate(path.events):
        if event.what != "AssumeRole" or event.outcome == "ok":
            continue
        renewals += event.outcome in RENEWS
        passing += event.outcome in PASSES
        ends = event.outcome not in RENEWS | PASSES or renewals > 1 or passing > 3
        following = path.events[place + 1].what
        if ends is not (following == "end"):
            yield f"{event.outcome}, and then {following}"
        if not ends and (following == "AssumeRole") is (event.outcome in RENEWS):
            yield f"{event.outcome}, and then {following}"


def success_is_a_session(path: Path) -> Iterator[str]:
    """B-K03, B-L25, B-E03: the exit status is 0 if and only if the role has a session."""
    left = path.events[-1].about
    failed = 125 if path.command[0] == "exec" else 1
    if path.status != (0 if left["role"] else failed):
        yield f"{path.status}, and session: {left['role']}"
    if left["role"] is not (path.events[-2] == Event("AssumeRole")):
        yield "a session that nobody granted"


def failures_are_explained(path: Path) -> Iterator[str]:
    """B-A02, B-A04: a failed command says what went wrong and what to do next."""
    screen = path.events[-1].about["screen"]
    if "Traceback" in screen or "did not expect" in screen:
        yield screen
    if path.status and len(screen.rpartition("✗ ")[2].splitlines()) < 3:
        yield f"no next step is shown: {screen!r}"


LAWS = (
    a_role_touches_no_keys,
    a_role_ends_as_it_should,
    success_is_a_session,
    failures_are_explained,
)


def broken(
    command: tuple[str, ...], depth: int, *, mfa: bool, person: bool
) -> tuple[int, dict[str, str]]:
    """Return the number of paths, and the broken laws, each with the choices of one path."""
    count, found = 0, dict[str, str]()
    for path in paths(lambda chooser: walk(command, mfa, person, chooser), depth):
        count += 1
        for law in LAWS:
            for what in law(path):
                found.setdefault(f"{law.__name__}: {what}", " and ".join(path.choices))
    return count, found


@pytest.mark.parametrize(
    ("command", "mfa", "person", "fewest"),
    [
        (("login", ROLE), True, True, 800),
        (("login", ROLE), False, False, 600),
        (("exec", ROLE, "--", "x"), False, False, 600),
    ],
    ids=["login", "login-alone", "exec-alone"],
)
def test_every_path_keeps_the_laws(
    command: tuple[str, ...], fewest: int, *, mfa: bool, person: bool
) -> None:
    """B-K01, B-K03: every path keeps every law, whatever STS answers to source and role."""
    count, found = broken(command, 2, mfa=mfa, person=person)
    sys.stdout.write(f"{' '.join(command)}: {count} paths\n")
    assert count >= fewest
    assert not found


# Changes that break authkit, and the law that each of them breaks.


def stops(monkeypatch: pytest.MonkeyPatch) -> None:
    """End the role's login where the source should log in again."""
    stop = {Action.RENEW_SOURCE: Action.STOP}
    table = tuple(rule.replaced(action=stop.get(rule.action, rule.action)) for rule in rules.RULES)
    monkeypatch.setattr(rules, "RULES", table)


def renews_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget that the source has logged in again."""
    never = property(lambda _flow: False, lambda _flow, _renewed: None)
    monkeypatch.setattr(RoleFlow, "renewed", never, raising=False)


def forgets_the_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Delete the source's entry when the role's call is refused."""

    def forget(flow: RoleFlow, renewed: bool) -> None:  # noqa: FBT001 - a property's
        if renewed:
            flow.world.keyring.delete_password(entries.SERVICE, flow.identity.settings["source"])

    monkeypatch.setattr(RoleFlow, "renewed", property(lambda _: False, forget), raising=False)


def calls_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add a pause, so that login makes a fifth call."""
    longer = (*rules.PAUSES, rules.PAUSES[-1])
    waiting = (r.replaced(pauses=longer) if r.pauses is rules.PAUSES else r for r in rules.RULES)
    monkeypatch.setattr(rules, "RULES", tuple(waiting))


@pytest.mark.parametrize(
    ("spoil", "law"),
    [
        (stops, "a_role_ends_as_it_should"),
        (renews_for_ever, "a_role_ends_as_it_should"),
        (calls_once_more, "a_role_ends_as_it_should"),
        (forgets_the_keys, "a_role_touches_no_keys"),
    ],
)
def test_the_laws_notice(
    spoil: Callable[[pytest.MonkeyPatch], None], law: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A test of the laws: with a broken role's login, the right law is broken."""
    spoil(monkeypatch)
    _, found = broken(("login", ROLE), 2, mfa=False, person=False)
    assert any(what.startswith(law) for what in found)
