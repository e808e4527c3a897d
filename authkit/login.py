"""login: from whatever is at hand to a session.  The only loop, and its budgets.

The loop tries to get a session.  A refusal is looked up in the table of rules,
and the rule's action changes one thing (the keys, the code, the device, the
time) before it tries again, or ends it.  Each kind of refusal has a budget of
its own, so that one spent never shortens another (B-L14).
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

from authkit import durations, form, regions, render, rules, sessions, vault
from authkit.identity import access_keys, fingerprint
from authkit.messages import LOGIN, Failure
from authkit.model import CachedSession, MfaCode, Question, Secret, Values
from authkit.patience import Patience, exhausted
from authkit.ports import Cancelled, Refused, Unreachable
from authkit.render import fill, text
from authkit.rules import Action

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from authkit.identity import Identity
    from authkit.kinds import Kind
    from authkit.model import Caller, Session
    from authkit.ports import Prompter, World
    from authkit.rules import Rule

ENOUGH = timedelta(minutes=15)  # a cached session with so much left is kept (B-L01)
TRIES = 3  # pairs of keys, MFA codes, MFA devices: so many of each
SLACK = timedelta(minutes=1)  # a session shorter by more than this is reported (B-L22)
CODE_LIFE = timedelta(seconds=90)  # a TOTP step, and one either way
POLL = timedelta(milliseconds=200)  # between two looks at another login's lock
TOKEN = Question("Enter MFA Token: ")


def login(world: World, identity: Identity, *, force: bool = False) -> None:
    """Log in, or say that there is no need.  Raises Failure, KeyringTrouble, StateTrouble."""
    before = sessions.load(world, identity.name) if force else None
    obtain(world, identity, lambda cached: cached != before and _accepted(world, identity, cached))


def obtain(
    world: World, identity: Identity, good: Callable[[CachedSession], bool]
) -> CachedSession:
    """Return the cached session if it is of these keys and `good`, else one newly made.

    One process at a time does this for an identity; the others wait, and then
    find its session (B-L24).  Raises Failure, KeyringTrouble, StateTrouble.
    """
    with single_flight(world, identity.name):
        values = vault.load(world.keyring, identity.kind, identity.name)
        cached = sessions.load(world, identity.name)
        if cached and identity.made(cached, values) and good(cached):
            return cached
        return _Flow(world, identity, values, cached).run()


@contextmanager
def single_flight(world: World, name: str) -> Iterator[None]:
    """Hold the identity's lock.  Raises StateTrouble."""
    lock = world.lock(name)
    if not lock.acquire():
        world.screen.say(text("lock-wait", identity=name))
        while not lock.acquire():
            world.clock.sleep(POLL)
    try:
        yield
    finally:
        lock.release()


def _accepted(world: World, identity: Identity, cached: CachedSession) -> bool:
    """Tell whether enough is left of a cached session and STS takes it (B-L01)."""
    if cached.session.expiration - world.clock.now() < ENOUGH:
        return False
    until = render.instant(cached.session.expiration, world.clock.zone())
    try:
        world.sts(identity.region).get_caller_identity(cached.session)
    except Unreachable as trouble:
        unverified = trouble.reason
    except Refused as refused:
        if rules.meaning(refused, identity.region).action is not Action.WAIT:
            world.sessions.drop(identity.name)
            world.screen.say(text("session-dropped", code=refused.code))
            return False
        unverified = refused.code
    else:
        world.screen.say(text("already-logged-in", identity=identity.name, expires=until))
        return True
    facts = {"identity": identity.name, "expires": until, "reason": unverified}
    world.screen.say(text("kept-unverified", **facts))
    return True


def announce_saved(world: World, identity: Identity) -> None:
    """Mark the identity as one with keys, and say that they were saved, and how (B-S05)."""
    world.sessions.mark(identity.name)
    said = text("saved", identity=identity.name)
    if world.keyring.in_the_clear:
        said = f"{said}\n{text('saved-in-the-clear', backend=world.keyring.backend)}"
    world.screen.say(said)


class _Flow:
    """One run of the loop: what is at hand, and what has been spent."""

    def __init__(
        self, world: World, identity: Identity, values: Values, cached: CachedSession | None
    ) -> None:
        self.world = world
        self.identity = identity
        self.values = values  # the keyring's entry, as it stands there
        self.patience = Patience(world)
        self.refusals: Counter[str] = Counter()  # by the rule's name
        self.typed = False  # the keys were typed in this run
        self.removed = False  # keys were removed in this run
        self.device = ""  # an MFA ARN for this run only, over the config file's (B-L13)
        self.caller: Caller | None = None
        self.code = ""
        self.lost = 0  # answers to calls with this code
        self.used = _just_used(cached, world)  # fingerprints of codes not to be sent again

    def run(self) -> CachedSession:
        """Return the session.  Raises Failure, KeyringTrouble, StateTrouble."""
        try:
            self._refuse_session_credentials()
            while True:
                try:
                    return self._keep(self._attempt())
                except (Refused, Unreachable) as trouble:
                    self._mend(trouble)
        except (Cancelled, KeyboardInterrupt):
            raise self._cancelled() from None

    def _attempt(self) -> Session:
        if not vault.is_configured(self._kind, self.values):
            self._ask_keys(vault.settings(self._kind, self.values))
        keys = access_keys(self.values)
        self.caller = self.caller or self.world.sts(self._region()).get_caller_identity(keys)
        mfa = None
        if serial := self._mfa_arn():
            self._check_partition(serial)
            self.code = self.code or self._ask_code(serial)
            mfa = MfaCode(serial, Secret(self.code))
        asked = self.identity.duration(self.values)
        sts = self.world.sts(self._region())
        return sts.get_session_token(keys, duration=asked, mfa=mfa)

    def _keep(self, session: Session) -> CachedSession:
        identity, serial = self.identity, self._mfa_arn()
        asked = identity.duration(self.values)
        assert self.caller is not None  # noqa: S101 - B-L03: no session without a caller
        cached = CachedSession(
            session=session,
            kind=self._kind.name,
            region=identity.region,
            account=self.caller.account,
            principal=self.caller.arn,
            source=identity.source(self.values),
            mfa_arn=serial,
            duration=asked,
            spent_code=fingerprint(serial, self.code) if serial else "",
            config_stamp=self.world.config.stamp(),
        )
        self.world.sessions.replace(identity.name, sessions.encode(cached))
        clock = self.world.clock
        left = durations.left(session.expiration - clock.now())
        shown = render.session_rows(render.LOGIN_ROWS, identity.name, cached, clock.zone(), left)
        self._say("authenticated", rows=shown)
        granted = session.expiration - session.granted
        if asked - granted > SLACK:
            self._say(
                "granted-less", granted=durations.spell(granted), asked=durations.spell(asked)
            )
        return cached

    # What is done about trouble.

    def _mend(self, trouble: Refused | Unreachable) -> None:
        if isinstance(trouble, Unreachable):
            if trouble.sent:
                self._answer_lost()
            if not self.patience.waited(trouble, None, new_keys=self.typed):
                raise exhausted(trouble, self.identity.name)
            return
        rule = rules.meaning(trouble, self._region())
        if not self.patience.waited(trouble, rule, new_keys=self.typed):
            self._act(rule, trouble)

    def _act(self, rule: Rule, refused: Refused) -> None:
        """Do what the rule says: each action changes one thing, or ends it with a Failure."""
        self.refusals[rule.name] += 1
        actions: dict[Action, Callable[[Rule, Refused], None]] = {
            Action.REPLACE_KEYS: self._replace_keys,
            Action.REPLACE_SECRET: self._replace_keys,
            Action.ASK_CODE: self._ask_next_code,
            Action.ASK_DEVICE: self._ask_device,
        }
        actions.get(rule.action, self._stop)(rule, refused)

    def _stop(self, rule: Rule, refused: Refused) -> None:
        facts = self._facts(refused)
        why, hint = fill(rule.meaning, **facts), fill(rule.hint, **facts)
        raise Failure("refused", meaning=why, done=text("nothing-removed"), hint=hint)

    def _replace_keys(self, rule: Rule, refused: Refused) -> None:
        """B-L04, B-L05, B-L07, B-L09: the settings stay, the keys go and are asked for again."""
        refused_keys = access_keys(self.values)
        why = fill(rule.meaning, **self._facts(refused))
        present = vault.settings(self._kind, self.values)
        self._store(present)
        self.removed = True
        if not self.typed:
            self.refusals[rule.name] = 0  # the budget is for what is typed now
        if self.world.prompter is None:
            raise Failure("keys-dead", identity=self.identity.name, meaning=why, code=refused.code)
        if self.refusals[rule.name] == TRIES:
            facts = {"identity": self.identity.name, "tries": TRIES, "code": refused.code}
            raise Failure("keys-refused-too-often", **facts)
        self._say("keys-removed", meaning=why)
        if rule.action is Action.REPLACE_SECRET:
            present["access_key_id"] = refused_keys.access_key_id
        self._ask_keys(present)

    def _ask_next_code(self, rule: Rule, _refused: Refused) -> None:
        """B-L11, B-L12: a code whose first answer was lost may have been spent by it: no cost."""
        serial = self._mfa_arn()
        self.used.add(fingerprint(serial, self.code))
        self.code = ""
        if self.lost:
            self.lost = 0
            self.refusals[rule.name] -= 1
            self._say("code-maybe-used")
        elif self.refusals[rule.name] == TRIES:
            facts = {"identity": self.identity.name, "tries": TRIES, "mfa_arn": serial}
            raise Failure("codes-refused-too-often", **facts)
        else:
            self._say("code-refused")

    def _answer_lost(self) -> None:
        """B-L12: the same code is sent once more, and after that it is the next one's turn."""
        if self.code:
            self.lost += 1
        if self.lost > 1:
            self.used.add(fingerprint(self._mfa_arn(), self.code))
            self.code, self.lost = "", 0
            self._say("code-maybe-used")

    def _ask_device(self, rule: Rule, _refused: Refused) -> None:
        """B-L13: it is the device, not the code: ask for its ARN, then for a code of it."""
        serial, name = self._mfa_arn(), self.identity.name
        if self.refusals[rule.name] == TRIES:
            facts = {"identity": name, "tries": TRIES, "mfa_arn": serial}
            raise Failure("devices-refused-too-often", **facts)
        self._say("device-refused", mfa_arn=serial)
        self.code, self.lost = "", 0
        field = next(field for field in self._kind.settings if field.name == "mfa_arn")
        configured = field.name in self.identity.settings
        if configured:
            self._say("device-for-this-run", identity=name, path=self.identity.config_path)
        answer = form.ask(field, serial, self._prompter("code-needed"), self.world.screen)
        if configured:
            self.device = answer
        else:
            self._store({**self.values, field.name: answer})
            self._say("device-saved", identity=name)

    def _cancelled(self) -> Failure:
        name = self.identity.name
        if vault.is_configured(self._kind, self.values):
            done = text("cancelled-keys-kept")
        elif self.removed:
            kept = [f.title for f in self._kind.settings if f.name in self.values]
            done = text("cancelled-keys-removed", kept=" and ".join(kept) or "nothing")
        else:
            done = text("nothing-changed")
        command = fill(LOGIN, identity=name)
        return Failure("cancelled", 130, done=done, command=command)

    # Asking.

    def _ask_keys(self, present: Values) -> None:
        """B-L02: all four fields but for those that the config file sets; saved before use."""
        identity = self.identity
        prompter = self._prompter("no-keys")
        required = text("credentials-required", vendor=self._kind.vendor, identity=identity.name)
        self.world.screen.say("\n".join([required, *identity.set_in_config()]))
        answers = form.fill(identity.asked(), present, prompter, self.world.screen)
        self._store({**identity.unasked(present), **answers})
        announce_saved(self.world, identity)
        self.typed, self.caller, self.code, self.lost = True, None, "", 0
        self.patience.renew()

    def _ask_code(self, serial: str) -> str:
        prompter = self._prompter("code-needed")
        while True:
            code = "".join(prompter.ask(TOKEN).split())
            if not re.fullmatch(r"\d{6}", code, re.ASCII):
                self._say("code-not-six-digits", close=True)
            elif fingerprint(serial, code) in self.used:
                self._say("code-already-used", close=True)
            else:
                return code

    def _prompter(self, otherwise: str) -> Prompter:
        if self.world.prompter is None:
            raise Failure(otherwise, identity=self.identity.name)
        return self.world.prompter

    # What is at hand.

    @property
    def _kind(self) -> Kind:
        return self.identity.kind

    def _region(self) -> str:
        """Return where the next call goes: keys are tried where every account has STS (B-L19)."""
        region = self.identity.region
        return region if self.caller else regions.preflight(region)

    def _mfa_arn(self) -> str:
        return self.device or self.identity.setting(self.values, "mfa_arn")

    def _refuse_session_credentials(self) -> None:
        """B-L17: session credentials where keys should be are as good as none."""
        key_id = self.values.get("access_key_id", "")
        if key_id.startswith("ASIA") or "session_token" in self.values:
            self._prompter("session-credentials-stored")
            self._say("session-credentials", access_key_id=key_id)
            self._ask_keys(vault.settings(self._kind, self.values))

    def _check_partition(self, serial: str) -> None:
        """B-L19: a device of another partition cannot be this account's; STS need not be asked."""
        theirs, ours = serial.split(":")[1:2], regions.partition(self.identity.region)
        if serial.startswith("arn:") and theirs != [ours]:
            facts = {"mfa_arn": serial, "theirs": theirs[0], "ours": ours}
            identity = self.identity
            raise Failure(
                "partition-mismatch", identity=identity.name, region=identity.region, **facts
            )

    def _store(self, values: Mapping[str, str]) -> None:
        vault.save(self.world.keyring, self._kind, self.identity.name, values)
        self.values = Values({name: value for name, value in values.items() if value})

    def _facts(self, refused: Refused) -> dict[str, object]:
        """Return what a rule's templates may name."""
        key_id = self.values["access_key_id"]
        return {
            **rules.facts(refused),
            "identity": self.identity.name,
            "region": self.identity.region,
            "access_key_id": key_id,
            "principal": self.caller.arn if self.caller else key_id,
            "mfa_arn": self._mfa_arn(),
        }

    def _say(self, name: str, /, *, close: bool = False, **values: object) -> None:
        self.world.screen.say(text(name, **values), close=close)


def _just_used(cached: CachedSession | None, world: World) -> set[str]:
    """Return the code that the cached session cost, while a device may still show it (B-L12)."""
    if cached and abs(world.clock.now() - cached.session.granted) < CODE_LIFE:
        return {cached.spent_code}
    return set()
