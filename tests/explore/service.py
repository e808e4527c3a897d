"""STS, as one process sees it: it answers as the chooser chooses.

What it has said of a pair of keys it says again, and it knows the time.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from authkit.core.model import Caller, Secret, Session
from tests.explore import answers
from tests.explore.answers import ANSWERS, FOR_GOOD, OK
from tests.explore.events import sent
from tests.explore.foreign import ODD
from tests.explore.machine import MFA, NAME

if TYPE_CHECKING:
    from datetime import datetime

    from authkit.core.model import AccessKeys, MfaCode, RoleRequest
    from tests.explore.chooser import Choice
    from tests.explore.effects import Effects
    from tests.explore.events import Sent

ACCOUNT = "123456789012"
PRINCIPAL = f"arn:aws:iam::{ACCOUNT}:user/{NAME}"
OF_KEYS = {"revoked", "mistyped"}  # what holds for a pair from then on
SKEW = timedelta(hours=1, minutes=45)
SHORTER = 3600  # seconds of a root user's session


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
        return Caller(ACCOUNT, PRINCIPAL)

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
        return () if outcome == "none" else (MFA,)

    def get_session_token(self, keys: AccessKeys, *, duration: int, mfa: MfaCode | None) -> Session:
        """Answer as the chooser chooses.  Raises Refused, Unreachable."""
        code = (mfa.serial_number, mfa.token_code.reveal()) if mfa else None
        call = sent("GetSessionToken", keys, self._region)._replace(code=code)
        choice = answers.TOKEN_BY_CODE if code else answers.TOKEN
        return self._granted(call, choice, duration)

    def assume_role(self, who: Session, request: RoleRequest) -> Session:
        """Answer as the chooser chooses.  Raises Refused, Unreachable."""
        call = sent("AssumeRole", who, self._region)._replace(about=request.role_arn)
        return self._granted(call, answers.ROLE, request.duration)

    def _granted(self, call: Sent, choice: Choice, seconds: int) -> Session:
        world = self._world
        call = call._replace(seconds=seconds, granted=f"ASIANEW{world.machine.next('new'):09}")
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
        if call.code:
            age = (machine.now - world.typed_at).total_seconds()
            call = call._replace(age=age)
        outcome = self._outcome(call, choice)
        lasts = SHORTER if outcome == "shorter" else 0 if outcome == "over on arrival" else None
        if call.granted:
            call = call._replace(lasts=call.seconds if lasts is None else min(lasts, call.seconds))
        if call.code:
            machine.sent = (*machine.sent, call.code[1])
        world.note("call", call, outcome)
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
        name = fixed.get(f"{call.pair[0]} {call.pair[1]}") or fixed.get(call.operation, "")
        if name in {"code", "device"} and not call.code:
            name = ""
        if name:
            world.enter(call.operation)
        else:
            if machine.aws.total_seconds() != self.signed_offset():
                return "skew"
            name = world.chosen(choice)
            if name == "skew":
                machine.aws = machine.aws + SKEW if not machine.aws else machine.aws
        if name.endswith(FOR_GOOD):
            name = name.removesuffix(FOR_GOOD)
            fixed[call.operation] = name
        if name in OF_KEYS:
            fixed[f"{call.pair[0]} {call.pair[1]}"] = name
        return OK if name.startswith("others ") else name
