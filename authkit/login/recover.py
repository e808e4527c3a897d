"""The loop: attempt, look the trouble up in the table of rules, wait or change one thing, repeat.

Every kind of identity logs in by this loop, and so does `user configure`.  A
flow says how it attempts, and which remedies it has; everything else that
decides is a column of the row in ``core.rules``.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from authkit.core import durations, endings, endpoints, regions, rules, sessions
from authkit.core.failures import CANCELLED, CallFailed, Cancelled, Failure, Unreachable
from authkit.core.messages import LOGIN
from authkit.core.model import CachedSession
from authkit.core.render import Template, text
from authkit.core.rules import PAUSES, TRIES, Action, Circumstances

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from authkit.core.identity import Identity
    from authkit.core.model import Caller, Values
    from authkit.core.ports import World
    from authkit.core.rules import Rule

    # How often each operation was waited for, by the pauses of the row.
    Paused = Counter[tuple[str, tuple[timedelta, ...]]]
    Obtain = Callable[..., CachedSession]  # ``login.obtain.obtain``, handed in to cut a ring

Made = TypeVar("Made")  # what a flow returns: a session, or fields that were accepted
UNSAID = timedelta(seconds=1)  # a pause no longer than this is not announced


class Flow(Circumstances, Generic[Made]):
    """One run of the loop.  A subclass says how to attempt, and what it can change."""

    remedies: ClassVar[Mapping[Action, Callable[..., None]]] = {}
    asks = True  # whether it asks a person: then Ctrl-C cancels it, and what was done is said
    command = LOGIN  # the template of what to type to go on after a cancelled prompt

    def __init__(self, world: World, identity: Identity, *, direct: bool = True) -> None:
        """`direct` tells that the person asked for this identity, and for no other command."""
        super().__init__(identity.region)
        self.world = world
        self.identity = identity
        self.direct = direct
        self.refusals: Counter[tuple[str, frozenset[str]]] = Counter()  # by the ending and codes
        self.paused: Paused = Counter()

    def attempt(self) -> Made:
        """Return what is wanted.  Raises CallFailed, Cancelled, Failure."""
        raise NotImplementedError

    def done(self, *, cut_off: bool = False) -> str:
        """Return what this run has done so far, for an ending.

        After `cut_off` it is unknown whether the last effect happened.
        """
        raise NotImplementedError

    def run(self) -> Made:
        """Return what is wanted.  Raises Failure, KeyringTrouble, StateTrouble."""
        try:
            while True:
                try:
                    return self.attempt()
                except CallFailed as trouble:
                    self.recover(trouble)
        except (Cancelled, KeyboardInterrupt) as stopped:
            if not self.asks:
                raise
            facts = {"identity": self.identity.name, "command": Template(self.command)}
            done = self.done(cut_off=isinstance(stopped, KeyboardInterrupt))
            raise Failure("cancelled", CANCELLED, done=done, **facts) from None

    def recover(self, trouble: CallFailed) -> None:
        """Wait, or apply the remedy for this trouble.  Raises Failure if there is none."""
        rule = rules.meaning(trouble, self, self.identity.kind.rules)
        if not self.pause(rule, trouble):
            self.remedies.get(rule.action, type(self).stop)(self, rule, trouble)

    def pause(self, rule: Rule, trouble: CallFailed) -> bool:
        """Wait for the row's next pause and return True; return False when none is left."""
        taken = self.paused[trouble.operation, rule.pauses]
        if taken == len(rule.pauses):
            return False
        self.paused[trouble.operation, rule.pauses] += 1
        pause = rule.pauses[taken]
        if pause > UNSAID:
            said_before = taken > 0 and rule.pauses[taken - 1] > UNSAID
            spelt = durations.spell(pause.total_seconds())
            self.show("waiting", why=self.meaning(rule, trouble), pause=spelt, close=said_before)
        self.world.clock.sleep(pause)
        return True

    def pauses_left(self, operation: str, pauses: tuple[timedelta, ...]) -> bool:
        """Tell whether calls of this operation may be waited for once more."""
        return self.paused[operation, pauses] < len(pauses)

    def stop(self, rule: Rule, trouble: CallFailed) -> None:
        """End with what the row says.  Raises Failure."""
        raise endings.ending(rule, self.facts(trouble), done=self.done())

    def spend(self, rule: Rule, trouble: CallFailed) -> None:
        """Count a refusal; end with the last of its kind that a run may have.  Raises Failure."""
        self.refusals[rule.spent, rule.codes] += 1
        if rule.spent and self.refusals[rule.spent, rule.codes] == TRIES:
            raise Failure(rule.spent, **self.facts(trouble), tries=TRIES, done=self.done())

    def facts(self, trouble: CallFailed) -> dict[str, object]:
        """Return what the row's templates may name.

        What only some kinds have is named without its value here.
        """
        identity, name = self.identity, self.identity.name
        about = {"access_key_id": f"of {name}", "principal": name, "mfa_arn": "the MFA device"}
        about |= {"role_arn": "the role", "source": name, "identity": name}
        about |= {"region": identity.region, "endpoint": endpoints.foreign(self.world.environ)}
        return endings.facts(trouble, vendor=identity.kind.vendor, **about)

    def meaning(self, rule: Rule, trouble: CallFailed) -> str:
        """Return what the trouble means, in the words of its row."""
        return endings.meaning(rule, self.facts(trouble))

    def show(self, name: str, /, *, close: bool = False, **values: object) -> None:
        """Show a message."""
        self.world.screen.say(text(name, **values), close=close)


class LoginFlow(Flow[CachedSession | None]):
    """A flow that logs in: a row of ``login.flows.LOGIN``.

    `cached` is a session that it could have made and that is not good, None if there is
    none.  Its run returns None where that one has to be looked at once more.
    `paused` and `refusals` are shared by all flows of a command: it makes four calls at most
    in all, and three pairs of keys are asked for, whatever it waits for in between (B-L07, B-L18).
    """

    cached: CachedSession | None = None

    def made(self, cached: CachedSession) -> bool:
        """Tell whether a cached session is what this login would make, and may be kept."""
        raise NotImplementedError

    def keep(self, cached: CachedSession) -> bool:
        """Put a new session into the cache; return False if its keys are others by now."""
        self.world.sessions.replace(self.identity.name, sessions.encode(cached, self.identity.name))
        return True


class KeysFlow(Flow[Made]):
    """A flow whose calls are made with an IAM user's keys."""

    only_here = False  # STS has not answered where keys are tried first
    caller: Caller | None = None  # whose keys they are, once AWS has taken them

    def fields(self) -> Values:
        """Return the fields with whose keys the next call is made."""
        raise NotImplementedError

    @property
    def mfa_arn(self) -> str:
        """The MFA ARN in force, "" for none."""
        return self.identity.setting(self.fields(), "mfa_arn")

    @property
    def principal(self) -> str:
        """The caller's ARN, "" until AWS has taken the keys."""
        return self.caller.arn if self.caller else ""

    @property
    def region(self) -> str:
        """The region of the next call: keys are tried where every account has STS (B-L19).

        Under an endpoint of one's own there is but one place to ask.
        """
        region = self.identity.region
        alone = self.principal or self.only_here or endpoints.configured(self.world.environ)
        return region if alone else regions.preflight(region)

    def keys_are_unproven(self, _trouble: CallFailed) -> bool:
        """Tell whether AWS has not taken the keys in this run."""
        return not self.principal

    def recover(self, trouble: CallFailed) -> None:
        """Go on in the identity's own region when another that keys are tried in is silent.

        That is one of the calls that there are (B-L18).
        """
        silent = isinstance(trouble, Unreachable) and not trouble.answered
        elsewhere = self.region != self.identity.region
        if silent and elsewhere and self.pauses_left(trouble.operation, PAUSES):
            self.only_here = True
            self.paused[trouble.operation, PAUSES] += 1
        else:
            super().recover(trouble)

    def facts(self, trouble: CallFailed) -> dict[str, object]:
        """Return what the row's templates may name."""
        key_id = self.fields().text("access_key_id")
        about = {"principal": self.principal or key_id, "mfa_arn": self.mfa_arn}
        return super().facts(trouble) | about | {"access_key_id": key_id}

    def check_partition(self) -> None:
        """Refuse an MFA device of another partition than the region's (B-L19).

        STS would say that its keys are invalid.  Raises Failure.
        """
        region, serial = self.identity.region, self.mfa_arn
        theirs, ours = regions.partition_of_arn(serial), regions.partition(region)
        if theirs not in {"", ours}:
            facts = {"mfa_arn": serial, "theirs": theirs, "ours": ours, "done": self.done()}
            raise Failure("partition-mismatch", identity=self.identity.name, region=region, **facts)
