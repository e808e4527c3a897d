"""STS, as one process sees it: it answers as the chooser chooses.

What it has said of a pair of keys it says again, and it knows the time.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from authkit.core.model import Caller, Secret, Session
from tests.explore import answers, failures
from tests.explore.answers import ANSWERS, FIFTEEN, FOR_GOOD, OK, SKEW
from tests.explore.configs import ACCOUNT
from tests.explore.events import sent
from tests.explore.foreign import ODD
from tests.explore.machine import MFA
from tests.explore.regions import is_off_at_first
from tests.explore.serials import ANOTHERS, misfit
from tests.explore.starts import principal

if TYPE_CHECKING:
    from datetime import datetime

    from authkit.core.model import AccessKeys, MfaCode, RoleRequest
    from tests.explore.chooser import Choice
    from tests.explore.effects import Effects
    from tests.explore.events import Sent

OF_KEYS = {"revoked", "mistyped"}  # what holds for a pair from then on
SHORTER = 3539  # seconds of a session that is shorter than asked for by more than a minute


class Service:
    """ports.Sts in one region."""

    def __init__(self, world: Effects, region: str) -> None:
        self._world = world
        self._region = region

    def get_caller_identity(self, who: AccessKeys | Session) -> Caller:
        """Answer as the chooser chooses.  Raises Refused, Unreachable."""
        call = sent("GetCallerIdentity", who, self._region)
        self._break(call)
        by_keys = call.by_keys
        choice = answers.IDENTITY_OF_KEYS if by_keys else answers.IDENTITY_OF_SESSION
        self._called(call, choice)
        return Caller(ACCOUNT, principal(key_id=call.pair[0]))

    def _break(self, call: Sent) -> None:
        """Raise what a library raises, with a secret in its text: somebody debugs it."""
        if "AUTHKIT_DEBUG" in self._world.environ and self._world.machine.next("library") == 1:
            outcome = self._world.chosen(answers.LIBRARY)
            self._world.note("library", None, outcome)
            if outcome != OK:
                raise RuntimeError(f"{call.pair[1]} is no header{ODD}")

    def get_date(self) -> datetime:
        """Return AWS's time.  Raises Unreachable."""
        outcome = self._world.chosen(answers.DATE)
        self._world.note("date", None, outcome)
        if outcome in ANSWERS:
            raise ANSWERS[outcome]("GetCallerIdentity")
        if outcome == "skew":
            self._world.machine.aws += SKEW
        return self._world.machine.now + self._world.machine.aws

    def list_mfa_devices(self, keys: AccessKeys) -> tuple[str, ...]:
        """List the person's device, nothing, or refuse that.  Raises Refused, Unreachable."""
        outcome = self._world.chosen(answers.DEVICES)
        self._world.note("list", sent("ListMFADevices", keys, self._region), outcome)
        self._world.machine.now += timedelta(seconds=answers.TAKES.get(outcome, 0))
        if outcome in ANSWERS:
            raise ANSWERS[outcome]("ListMFADevices")
        self._world.after(outcome)
        return failures.LISTED.get(outcome, (MFA,))

    def get_session_token(self, keys: AccessKeys, *, duration: int, mfa: MfaCode | None) -> Session:
        """Answer as the chooser chooses.  Raises Refused, Unreachable."""
        code = (mfa.serial_number, mfa.token_code.reveal()) if mfa else None
        choice = answers.TOKEN_BY_CODE if code else answers.TOKEN
        call = self._wants("GetSessionToken", keys, code=code, seconds=duration)
        return self._granted(call, choice)

    def assume_role(self, who: Session, request: RoleRequest) -> Session:
        """Answer as the chooser chooses.  Raises Refused, Unreachable."""
        role = request.role_arn, request.external_id, request.session_name
        call = self._wants("AssumeRole", who, role=role, seconds=request.duration)
        return self._granted(call, answers.ROLE)

    def _wants(self, operation: str, who: AccessKeys | Session, **more: Any) -> Sent:  # noqa: ANN401
        """Return a call that asks for a session."""
        number = self._world.machine.next("new")
        return sent(operation, who, self._region, granted=f"ASIANEW{number:09}", **more)

    def _granted(self, call: Sent, choice: Choice) -> Session:
        world = self._world
        outcome, call = self._called(call, choice)
        at = int((world.machine.now + world.machine.aws).timestamp())  # whole, as in a Date
        number = call.granted[-9:]
        hidden, token = Secret(f"hidden-{number}"), Secret(f"token-{number}")
        session = Session(call.granted, hidden, token, at + call.lasts, at)
        world.after(outcome)
        return session

    def signed_offset(self) -> float:
        """Return by how many seconds the time of the next request is off the machine's."""
        return self._world.clock.offset

    def _called(self, call: Sent, choice: Choice) -> tuple[str, Sent]:
        def once() -> tuple[str, Sent]:
            return self._once(call, choice)

        return self._world.clock.call(self._region, once)

    def _once(self, call: Sent, choice: Choice) -> tuple[str, Sent]:
        world, machine = self._world, self._world.machine
        outcome = self._outcome(call, choice)
        if call.granted:
            age = (machine.now - world.typed_at).total_seconds() if call.code else 0
            lasts = {"shorter": SHORTER, "a minute shorter": call.seconds - 60}
            lasts |= {"over on arrival": 0, OK: call.seconds}
            call = call.answered(age, min(lasts.get(outcome, call.seconds), call.seconds))
        if call.code:
            machine.sent = (*machine.sent, call.code[1])
        world.note("call", call, outcome)
        world.time_refused = outcome == "skew"
        machine.now += timedelta(seconds=answers.TAKES.get(outcome, 0))
        if outcome == "skew":
            signed = machine.now + timedelta(seconds=self.signed_offset())
            theirs = machine.now + machine.aws
            if theirs == signed:  # also the corrected time is refused
                theirs += SKEW
            raise answers.skew(call.operation, signed, theirs)
        if outcome in ANSWERS:
            raise ANSWERS[outcome](call.operation)
        if not call.granted:
            world.after(outcome)
        return outcome, call

    def _outcome(self, call: Sent, choice: Choice) -> str:
        """Return the answer's name: the one that holds for good, or one that is chosen."""
        world, machine = self._world, self._world.machine
        fixed = machine.answers
        keys = f"{call.pair[0]} {call.pair[1]}"
        there = f"{keys} {call.region}"
        name = fixed.get(keys) or fixed.get(there) or fixed.get(call.operation, "")
        name = name or fixed.pop(f"{failures.ONCE}{call.operation}", "")
        if call.code and misfit(call.code[0], self._region) == ANOTHERS:
            name = name or "device"
        if name in {"code", "device"} and not call.code:
            name = ""
        if name == "skew" and not machine.answers.get(call.operation):  # once, and then corrected
            self._set_clock()
        if name in answers.BY_NUMBER:
            name = self._by_number(call, name)
        if name:
            world.enter(call.operation)
        else:
            if self._apart() > FIFTEEN:
                return "skew"
            name = world.chosen(choice)
            if name == "skew":
                self._set_clock()
        if name.endswith((FOR_GOOD, answers.FIVE_PAIRS)) or name == answers.MOSTLY:
            name = name.removesuffix(FOR_GOOD)
            fixed[call.operation] = name
            name = self._by_number(call, name) or OK
        if name in OF_KEYS:
            off = name == "revoked" and is_off_at_first(call.region)  # it may be the region (B-L19)
            fixed[there if off else keys] = name
        return OK if name.startswith("others ") else name

    def _apart(self) -> timedelta:
        """Return by how much the time of the request is off AWS's, and have the laws see it."""
        machine = self._world.machine
        apart = machine.aws - timedelta(seconds=self.signed_offset())
        if machine.aws or apart:
            self._world.note("signed", apart.total_seconds())
        return abs(apart)

    def _set_clock(self) -> None:
        """Have the clock be wrong, or put right since it was found to be wrong."""
        machine = self._world.machine
        if abs(machine.aws) <= FIFTEEN:
            machine.aws += SKEW
        elif not self._world.time_refused:  # else the time that AWS has told is refused, too
            machine.put_right(machine.aws)
            self._world.typed_at += machine.aws
            machine.aws = timedelta(0)

    def _by_number(self, call: Sent, name: str) -> str:
        """Return the answer that this call gets, of one that not every call gets."""
        if name not in answers.BY_NUMBER and not name.endswith(answers.FIVE_PAIRS):
            return name
        number = self._world.machine.next(f"{call.operation}: {name}")
        if name == answers.MOSTLY:
            return "throttled" if number % 4 else ""
        if name == answers.IN_TURN:
            return "revoked" if number % 2 else "mistyped"
        if name == answers.TWO_PAIRS:
            return "revoked" if number <= 2 else ""
        return name.removesuffix(answers.FIVE_PAIRS) if number <= 5 else OK
