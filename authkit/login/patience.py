"""Waiting: before a call is made again, and for another process's login.

A port makes a call once; how often, and how long in between, is decided here
alone, as each kind of trouble is worth, on the injected clock and visibly.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

from authkit.core import durations, rules
from authkit.core.messages import Failure
from authkit.core.ports import Unreachable
from authkit.core.render import text, unreachable
from authkit.core.rules import Action

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from authkit.core.identity import Identity
    from authkit.core.ports import Refused, World
    from authkit.core.rules import Rule

PAUSES = tuple(timedelta(seconds=s) for s in (1, 2, 4))  # so four calls in all (B-L18)
SPREADING = tuple(timedelta(seconds=s) for s in (1, 2, 3, 4))  # IAM spreads a new key (B-L08)
POLL = timedelta(milliseconds=200)  # between two looks at another process's lock
UNSAID = timedelta(seconds=1)  # a pause no longer than this passes without a word


class Patience:
    """The pauses taken so far, by operation and kind of trouble."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._taken: Counter[tuple[str, tuple[timedelta, ...]]] = Counter()

    def renew(self) -> None:
        """Begin anew: the next calls are made with other keys."""
        self._taken.clear()

    def waited(
        self,
        trouble: Refused | Unreachable,
        rule: Rule | None = None,
        are_new: Callable[[], bool] = lambda: False,
    ) -> bool:
        """Wait and return True, or return False: waiting does not help, or not any more.

        `rule` is what a refusal means, None for a call without an answer;
        `are_new` tells whether the keys are, and is asked where that counts.
        """
        if isinstance(trouble, Unreachable) and trouble.lasting:
            return False
        pauses, why = _worth(trouble, rule, are_new)
        taken = self._taken[trouble.operation, pauses]
        if taken == len(pauses):
            return False
        self._taken[trouble.operation, pauses] += 1
        pause = pauses[taken]
        if pause > UNSAID:
            again = text("waiting", why=why, pause=durations.spell(pause))
            said_before = taken > 0 and pauses[taken - 1] > UNSAID
            self._world.screen.say(again, close=said_before)
        self._world.clock.sleep(pause)
        return True


def _worth(
    trouble: Refused | Unreachable, rule: Rule | None, are_new: Callable[[], bool]
) -> tuple[tuple[timedelta, ...], str]:
    """Return the pauses that this trouble is worth in all, and what to say of it."""
    if isinstance(trouble, Unreachable):
        return PAUSES, unreachable(trouble)
    if rule and rule.action is Action.WAIT:
        return PAUSES, rules.trouble(rule, trouble)
    if trouble.code == "InvalidClientTokenId" and are_new():
        return SPREADING, "AWS does not know this new key yet"
    return (), ""


def exhausted(trouble: Unreachable, identity: Identity, *, done: str) -> Failure:
    """Return what to end with when STS did not answer as often as it was asked (B-L18)."""
    name = "answer-broken" if trouble.answered else "network-trouble"
    tries = 1 if trouble.lasting else len(PAUSES) + 1
    facts = {"why": unreachable(trouble), "tries": tries, "done": done}
    return Failure(name, identity=identity.name, region=identity.region, **facts)


@contextmanager
def single_flight(world: World, name: str) -> Iterator[bool]:
    """Hold the identity's lock; yield whether it was waited for.  Raises StateTrouble."""
    lock, said = world.lock(name), False
    while not lock.acquire():
        if not said:
            world.screen.say(text("lock-wait", identity=name))
            said = True
        world.clock.sleep(POLL)
    try:
        yield said
    finally:
        lock.release()
