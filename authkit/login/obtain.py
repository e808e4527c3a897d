"""login: the cached session if it is still good, else a new one, kept and shown.

How a new one is made is each kind's own: ``user.py``, ``role.py``.
"""

from __future__ import annotations

from datetime import timedelta

from authkit.core import durations, render, rules, sessions
from authkit.core.kinds import AWS_ASSUME_ROLE, AWS_USER
from authkit.core.messages import Failure
from authkit.core.ports import KeyringTrouble, Refused, StateTrouble, Unreachable
from authkit.core.render import text
from authkit.core.rules import Action
from authkit.login.patience import POLL, single_flight
from authkit.login.role import RoleFlow
from authkit.login.user import UserFlow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from authkit.core.identity import Identity
    from authkit.core.model import CachedSession
    from authkit.core.ports import World
else:
    Protocol = object

TAKING_OVER = 3 * POLL  # time for another waiter's look at the lock
SLACK = timedelta(minutes=1)  # a session shorter by more than this is reported (B-L22)


def login(world: World, identity: Identity, *, force: bool = False) -> None:
    """Log in, or say that there is no need.  Raises Failure, KeyringTrouble, StateTrouble."""
    before = world.sessions.read(identity.name) if force else None

    def good(cached: CachedSession) -> bool:
        unforced = before is None or world.sessions.read(identity.name) != before
        return unforced and _accepted(world, identity, cached)

    obtain(world, identity, good)


def obtain(
    world: World,
    identity: Identity,
    good: Callable[[CachedSession], bool],
    *,
    on_behalf_of: str = "",
) -> CachedSession:
    """Return the cached session if it is of these keys and `good`, else one newly made.

    One process at a time does this for an identity; the others wait, and then
    find its session (B-L24).  `on_behalf_of` is the role that needs it, if one does.
    Raises Failure, KeyringTrouble, StateTrouble.
    """
    waited = False
    try:
        with single_flight(world, identity.name) as waited:
            return _obtain(world, identity, good, on_behalf_of)
    except Failure as failure:
        if not waited or failure.name not in _FOR_A_PERSON:
            raise
    # Whoever was waited for has left no session: one with a terminal may take over now.
    world.clock.sleep(TAKING_OVER)
    with single_flight(world, identity.name):
        return _obtain(world, identity, good, on_behalf_of)


def _obtain(
    world: World, identity: Identity, good: Callable[[CachedSession], bool], on_behalf_of: str
) -> CachedSession:
    flow = _FLOWS[identity.kind.name](world, identity)
    cached = sessions.load(world, identity.name)
    if cached and flow.made(cached) and good(cached):
        return cached
    if on_behalf_of:
        said = text("source-first", identity=on_behalf_of, source=identity.name)
        world.screen.say(said)
    try:
        return _keep(world, identity, flow.run())
    except (KeyringTrouble, StateTrouble) as trouble:
        trouble.done = trouble.done or flow.done()
        raise


def _accepted(world: World, identity: Identity, cached: CachedSession) -> bool:
    """Tell whether enough is left of a cached session and STS takes it (B-L01)."""
    if cached.session.expiration - world.clock.now() < durations.SOON:
        return False
    until = render.instant(cached.session.expiration, world.clock.zone())
    try:
        world.sts(identity.region).get_caller_identity(cached.session)
    except Unreachable as trouble:
        unverified: str = render.unreachable(trouble)
    except Refused as refused:
        rule = rules.meaning(refused, identity.region)
        if rule.action is not Action.WAIT:
            world.sessions.drop(identity.name)
            world.screen.say(text("session-dropped", code=refused.code))
            return False
        unverified = rules.trouble(rule, refused)
    else:
        world.screen.say(text("already-logged-in", identity=identity.name, expires=until))
        return True
    facts = {"identity": identity.name, "expires": until, "why": unverified}
    world.screen.say(text("kept-unverified", **facts))
    return True


def _keep(world: World, identity: Identity, cached: CachedSession) -> CachedSession:
    """Put a new session into the cache, and show it (B-L22, B-L25).  Raises StateTrouble."""
    world.sessions.replace(identity.name, sessions.encode(cached))
    session, clock = cached.session, world.clock
    left = durations.left(session.expiration - clock.now())
    shown = render.session_rows(render.LOGIN_ROWS, identity.name, cached, clock.zone(), left)
    world.screen.say(text("authenticated", rows=shown))
    granted = session.expiration - session.granted
    if granted <= timedelta(0):
        world.screen.say(text("granted-nothing"))
    elif cached.duration - granted > SLACK:
        spelt = durations.spell(cached.duration)
        world.screen.say(text("granted-less", granted=durations.spell(granted), asked=spelt))
    return cached


_FOR_A_PERSON = {"code-needed", "no-keys"}  # what a login ends with where nobody can be asked


class Flow(Protocol):
    """How the sessions of a kind are made."""

    def made(self, cached: CachedSession) -> bool:
        """Tell whether a cached session came from what is set and stored now (B-S03)."""

    def run(self) -> CachedSession:
        """Return a new session.  Raises Failure, KeyringTrouble, StateTrouble."""

    def done(self) -> str:
        """Return what the run has done so far, to be said when it cannot go on."""


_FLOWS: dict[str, Callable[[World, Identity], Flow]] = {
    AWS_USER.name: UserFlow,
    AWS_ASSUME_ROLE.name: RoleFlow,
}
