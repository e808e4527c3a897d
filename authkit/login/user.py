"""aws/user: how an IAM user's session is attempted, and what is changed when that is refused."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from authkit.core import config
from authkit.core.failures import Unreachable
from authkit.core.identity import access_keys
from authkit.core.kinds import TOKEN
from authkit.core.model import CachedSession, MfaCode, Secret
from authkit.core.render import typed, unseen
from authkit.core.rules import SPREADING, Action
from authkit.login import form
from authkit.login.lock import single_flight
from authkit.login.recover import KeysFlow
from authkit.login.spent_codes import SpentCodes
from authkit.login.stored import StoredFlow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from authkit.core.failures import CallFailed
    from authkit.core.identity import Identity
    from authkit.core.model import Values
    from authkit.core.ports import World
    from authkit.core.rules import Rule
    from authkit.login.recover import Obtain

SHOWN = timedelta(seconds=30)  # a device shows a code for so long: then it is not sent again


class UserFlow(KeysFlow[CachedSession | None], StoredFlow):
    """One login of an IAM user."""

    def __init__(self, world: World, identity: Identity, *_: Obtain, direct: bool = True) -> None:
        super().__init__(world, identity, direct=direct)
        self.code: Secret | None = None
        self.begun, self.typed = world.clock.now(), timedelta(0)  # and when the code was typed
        self.lost, self.named = False, ""  # an answer to a call with this code; the device named
        self.spent = SpentCodes(world, identity.name)
        self.by_process = "mfa_process" in identity.settings  # the codes are had

    def attempt(self) -> CachedSession | None:
        """Return a new session, asking for what is missing."""
        if not self.keys.usable:
            self.ask_keys()
        keys = access_keys(self.keys.values)
        serial, mfa = self.mfa_arn, None
        asked = self.identity.duration(self.keys.values)
        self.check_partition()
        if self.caller is None:
            self.caller = self.world.sts(self.region).get_caller_identity(keys)
            if self.cached and self.world.clock.now() < self.begun:
                return None  # the clock was put right: it may be good by AWS's time (B-L10)
            from authkit.codes import devices  # the cached path needs none

            if not serial and devices.saved(self, form.ask):
                return self.attempt()
        if serial:
            if self.lost and self.world.clock.elapsed() - self.typed > SHOWN:
                self.discard_code()
                self.show("code-maybe-used")
            if not self.code:
                self.code, self.typed = self.ask_code(serial), self.world.clock.elapsed()
            mfa = MfaCode(serial, self.code)
        session = self.world.sts(self.region).get_session_token(keys, duration=asked, mfa=mfa)
        self.discard_code()
        return CachedSession(
            session=session,
            kind=self.identity.kind.name,
            region=self.identity.region,
            account=self.caller.account,
            principal=self.caller.arn,
            keys=self.keys.fingerprint,
            mfa_arn=serial,
            duration=asked,
            config_stamp=self.world.config.stamp(),
        )

    # What the rows ask.

    def fields(self) -> Values:
        """Return the fields of the entry in hand."""
        return self.keys.values

    def keys_are_spreading(self, trouble: CallFailed) -> bool:
        """Tell whether the keys are new, and may still be waited for (B-L08)."""
        return self.pauses_left(trouble.operation, SPREADING) and self.keys.are_new()

    def keys_were_never_taken(self, _trouble: CallFailed) -> bool:
        """Tell whether AWS has not taken the keys once, in this run or before."""
        return self.caller is None and self.keys.noted.untried is not None

    def code_was_sent(self, _trouble: CallFailed) -> bool:
        """Tell whether the call carried an MFA code."""
        return self.code is not None

    def answer_was_lost(self, _trouble: CallFailed) -> bool:
        """Tell whether an earlier call may have spent the code."""
        return self.lost

    # What is changed.

    def recover(self, trouble: CallFailed) -> None:
        """Note a lost answer first: STS may have used the code up, or never seen it (B-L12)."""
        if isinstance(trouble, Unreachable) and trouble.sent and self.code:
            self.lost = True
        super().recover(trouble)

    def ask_next_code(self, rule: Rule, trouble: CallFailed) -> None:
        """Discard the code; the next attempt asks for another (B-L11, B-L12)."""
        self.discard_code()
        self.spend(rule, trouble)
        says = "mfa-process-refused" if self.by_process else rule.says
        self.show(says, meaning=self.meaning(rule, trouble))

    def ask_device(self, rule: Rule, trouble: CallFailed) -> None:
        """Ask for the MFA ARN; the next attempt asks for a code of that device (B-L13)."""
        self.spend(rule, trouble)
        self.show(rule.says, meaning=self.meaning(rule, trouble))
        keys, self.code, self.lost = self.keys.fingerprint, None, False
        self.keys.ask_device()
        self.identity = self.keys.identity
        if self.keys.fingerprint != keys:
            self.forget()

    remedies: ClassVar[Mapping[Action, Callable[..., None]]] = {
        **StoredFlow.remedies,
        Action.ASK_CODE: ask_next_code,
        Action.ASK_DEVICE: ask_device,
    }

    # Asking.

    def forget(self) -> None:
        """Forget what was known of the former keys."""
        super().forget()
        self.caller, self.code, self.lost = None, None, False

    def ask_code(self, serial: str) -> Secret:
        """Return six digits that have not been sent before.  Raises Failure, Cancelled."""
        if self.by_process:
            return self.printed_code(serial)
        name = self.identity.name
        prompter = form.somebody(self.world, "code-needed", identity=name)
        plain = self.direct and config.is_only_one(self.world, self.keys.config, name)
        if not plain and serial != self.named:
            self.show("code-of", identity=name, mfa_arn=serial)
        self.named = serial
        while True:
            code = Secret("".join(typed(prompter.ask(TOKEN)).split()))
            if not re.fullmatch(r"\d{6}", code.reveal(), re.ASCII):
                self.show("code-not-six-digits", close=True, unseen=unseen(code.reveal(), "; "))
            elif self.spent.has(serial, code):
                self.show("code-already-used", close=True)
            else:
                return code

    def printed_code(self, serial: str) -> Secret:
        """Return a code that `mfa_process` prints, noted as sent.  Raises Failure, StateTrouble."""
        from authkit.codes import mfa_process

        with single_flight(self.world, mfa_process.LOCK, "mfa-process-wait"):
            return mfa_process.spent_code(self.world, self.identity, serial, self.spent)

    def discard_code(self) -> None:
        """Note that the code in hand is not to be sent again."""
        if self.code:
            self.spent.add(self.mfa_arn, self.code)
        self.code, self.lost = None, False
