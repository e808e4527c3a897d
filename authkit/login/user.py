"""aws/user: from whatever is at hand to a session.  The loop, and its budgets.

The loop tries to get a session.  A refusal is looked up in the table of rules,
and the rule's action changes one thing (the keys, the code, the device, the
time) before it tries again, or ends it.  Each kind of refusal has a budget of
its own, so that one spent never shortens another (B-L14).
"""

from __future__ import annotations

import re
from collections import Counter

from authkit.core import regions, rules
from authkit.core.messages import CANCELLED, LOGIN, Failure
from authkit.core.model import CachedSession, MfaCode, Question, Secret
from authkit.core.ports import Cancelled, Refused, Unreachable
from authkit.core.render import fill, text
from authkit.core.rules import Action
from authkit.login.keys import Credentials
from authkit.login.patience import Patience, exhausted
from authkit.login.spent_codes import SpentCodes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import ClassVar

    from authkit.core.identity import Identity
    from authkit.core.model import Caller
    from authkit.core.ports import World
    from authkit.core.rules import Rule

TRIES = 3  # pairs of keys, MFA codes, MFA devices: so many of each
_ABOUT_MFA = {Action.ASK_CODE, Action.ASK_DEVICE}
TOKEN = Question("Enter MFA Token: ")


class UserFlow:
    """One run of the loop for an IAM user: what is at hand, and what has been spent."""

    def __init__(self, world: World, identity: Identity) -> None:
        self.world = world
        self.identity = identity
        self.credentials = Credentials(world, identity)
        self.patience = Patience(world)
        self.refusals: Counter[str] = Counter()  # by the rule's name
        self.caller: Caller | None = None
        self.code = ""
        self.lost = 0  # answers to calls with this code
        self.spent = SpentCodes(world, identity.name)

    def made(self, cached: CachedSession) -> bool:
        """Tell whether a cached session came from the present keys and settings."""
        return self.credentials.made(cached)

    def run(self) -> CachedSession:
        """Return a new session.  Raises Failure, KeyringTrouble, StateTrouble."""
        try:
            while True:
                try:
                    return self._attempt()
                except (Refused, Unreachable) as trouble:
                    self._mend(trouble)
        except (Cancelled, KeyboardInterrupt):
            raise self._cancelled() from None

    def done(self) -> str:
        """Return what this run has done to the keyring, whatever cut it off."""
        self.credentials.look_again()
        return self.credentials.done()

    def _attempt(self) -> CachedSession:
        credentials = self.credentials
        if credentials.keys is None:
            self._ask_keys()
        keys, serial, mfa = credentials.present_keys(), credentials.mfa_arn, None
        check_partition(self.identity, serial, done=credentials.done())
        self.caller = self.caller or self.world.sts(self._region()).get_caller_identity(keys)
        if serial:
            self.code = self.code or self._ask_code(serial)
            mfa = MfaCode(serial, Secret(self.code))
        sts = self.world.sts(self._region())
        session = sts.get_session_token(keys, duration=credentials.duration, mfa=mfa)
        if serial:
            self.spent.add(serial, self.code)
        self.world.sessions.mark(self.identity.name)  # AWS has taken the keys
        return CachedSession(
            session=session,
            kind=self.identity.kind.name,
            region=self.identity.region,
            account=self.caller.account,
            principal=self.caller.arn,
            source=credentials.source,
            mfa_arn=serial,
            duration=credentials.duration,
            config_stamp=self.world.config.stamp(),
        )

    # What is done about trouble.

    def _mend(self, trouble: Refused | Unreachable) -> None:
        if isinstance(trouble, Unreachable):
            if trouble.sent:
                self._answer_lost()
            if not self.patience.waited(trouble):
                raise exhausted(trouble, self.identity, done=self.credentials.done())
            return
        rule = rules.meaning(trouble, self._region())
        if not self.code and rule.action in _ABOUT_MFA:  # no code was sent: it is another denial
            rule = rules.meaning(Refused(trouble.operation, trouble.code), self._region())
        if not self.patience.waited(trouble, rule, self.credentials.are_new):
            self._act(rule, trouble)

    def _act(self, rule: Rule, refused: Refused) -> None:
        """Do what the rule says: each action changes one thing, or ends it with a Failure."""
        self._ACTIONS.get(rule.action, UserFlow._stop)(self, rule, refused)

    def _stop(self, rule: Rule, refused: Refused) -> None:
        raise rules.ending(rule, self._facts(refused), done=self.credentials.done())

    def _replace_keys(self, rule: Rule, refused: Refused) -> None:
        """B-L04, B-L05, B-L07, B-L09: the settings stay, the keys go and are asked for again."""
        facts = self._facts(refused)
        why, hint = fill(rule.meaning, **facts), fill(rule.hint, **facts)
        key_id = self.credentials.remove_keys()
        if self.world.prompter is None:
            done = self.credentials.done()
            raise Failure("keys-dead", meaning=why, code=refused.code, done=done, hint=hint)
        if self.credentials.typed:
            self._spend(rule, "keys-refused-too-often", code=refused.code)
        self._say("keys-removed", meaning=why)
        self._ask_keys(key_id if rule.action is Action.REPLACE_SECRET else "")

    def _ask_next_code(self, rule: Rule, refused: Refused) -> None:
        """B-L11, B-L12: a code whose first answer was lost may have been spent by it: no cost."""
        lost = self.lost
        self._discard_code()
        if not lost:
            self._spend(rule, "codes-refused-too-often", mfa_arn=self.credentials.mfa_arn)
            self._say("code-refused", meaning=fill(rule.meaning, **self._facts(refused)))
        else:
            self._say("code-maybe-used")

    def _answer_lost(self) -> None:
        """B-L12: the same code is sent once more, and after that it is the next one's turn."""
        if self.code:
            self.lost += 1
        if self.lost > 1:
            self._discard_code()
            self._say("code-maybe-used")

    def _ask_device(self, rule: Rule, refused: Refused) -> None:
        """B-L13: it is the device, not the code: ask for its ARN, then for a code of it."""
        serial = self.credentials.mfa_arn
        self._spend(rule, "devices-refused-too-often", mfa_arn=serial)
        self._say("device-refused", meaning=fill(rule.meaning, **self._facts(refused)))
        self.code, self.lost = "", 0
        self.credentials.ask_device()

    _ACTIONS: ClassVar[dict[Action, Callable[[UserFlow, Rule, Refused], None]]] = {
        Action.REPLACE_KEYS: _replace_keys,
        Action.REPLACE_SECRET: _replace_keys,
        Action.ASK_CODE: _ask_next_code,
        Action.ASK_DEVICE: _ask_device,
    }

    def _spend(self, rule: Rule, ending: str, **facts: object) -> None:
        """Count a refusal of this kind, and end it with the last that there may be."""
        self.refusals[rule.name] += 1
        if self.refusals[rule.name] == TRIES:
            done = self.credentials.done()
            name = self.identity.name
            raise Failure(ending, identity=name, tries=TRIES, done=done, **facts)

    def _cancelled(self) -> Failure:
        command = fill(LOGIN, identity=self.identity.name)
        return Failure("cancelled", CANCELLED, done=self.done(), command=command)

    # Asking.

    def _ask_keys(self, key_id: str = "") -> None:
        self.credentials.ask_keys(key_id)
        self.caller, self.code, self.lost = None, "", 0
        self.patience.renew()

    def _ask_code(self, serial: str) -> str:
        prompter = self.credentials.prompter("code-needed")
        while True:
            code = "".join(prompter.ask(TOKEN).split())
            if not re.fullmatch(r"\d{6}", code, re.ASCII):
                self._say("code-not-six-digits", close=True)
            elif self.spent.has(serial, code):
                self._say("code-already-used", close=True)
            else:
                return code

    def _discard_code(self) -> None:
        self.spent.add(self.credentials.mfa_arn, self.code)
        self.code, self.lost = "", 0

    # What is at hand.

    def _region(self) -> str:
        """Return where the next call goes: keys are tried where every account has STS (B-L19)."""
        region = self.identity.region
        return region if self.caller else regions.preflight(region)

    def _facts(self, refused: Refused) -> dict[str, object]:
        key_id = self.credentials.present_keys().access_key_id
        principal = self.caller.arn if self.caller else key_id
        facts = rules.facts(refused, self.identity.name, self.identity.region, key_id, principal)
        return {**facts, "mfa_arn": self.credentials.mfa_arn}

    def _say(self, name: str, /, *, close: bool = False, **values: object) -> None:
        self.world.screen.say(text(name, **values), close=close)


def check_partition(identity: Identity, serial: str, *, done: str) -> None:
    """Refuse a device of another partition than the region's: STS would call its keys dead (B-L19).

    Raises Failure.
    """
    region = identity.region
    theirs, ours = regions.partition_of_arn(serial), regions.partition(region)
    if theirs not in {"", ours}:
        facts = {"region": region, "mfa_arn": serial, "theirs": theirs, "ours": ours}
        raise Failure("partition-mismatch", identity=identity.name, done=done, **facts)
