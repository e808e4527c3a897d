"""Obtains a session: the cached one if it is still good, else a new one, kept and shown.

How a new one is made is each kind's own flow (``login.flows``).
"""

from __future__ import annotations

from datetime import timedelta

from authkit.core import durations, render, sessions
from authkit.core.check import by_sts
from authkit.core.endings import ended_by
from authkit.core.failures import Failure, KeyringTrouble, NobodyToAsk, StateTrouble
from authkit.core.render import text
from authkit.login.flows import LOGIN
from authkit.login.lock import POLL, single_flight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from authkit.core.identity import Identity
    from authkit.core.model import CachedSession
    from authkit.core.ports import World
    from authkit.login.recover import LoginFlow

    Good = Callable[[CachedSession], bool]

TAKING_OVER = 3 * POLL  # time for another waiting process to try the lock
SLACK = timedelta(minutes=1)  # a session shorter than asked by more than this is reported (B-L22)


def login(world: World, identity: Identity, *, force: bool = False) -> None:
    """Log in, or say that there is no need.  Raises Failure, KeyringTrouble, StateTrouble."""
    before = world.sessions.read(identity.name) if force else None

    def good(cached: CachedSession) -> bool:
        unforced = before is None or world.sessions.read(identity.name) != before
        return unforced and _accepted(world, identity, cached)

    obtain(world, identity, good)


def obtain(
    world: World, identity: Identity, good: Good, *, on_behalf_of: str = "", asked: str = ""
) -> CachedSession:
    """Return the cached session if it is of these keys and `good`, else a new one.

    One process at a time does this for an identity.  The others wait, and then
    find its session (B-L24).  `on_behalf_of` is the role that needs it, if one
    does, and `asked` the identity that the person named.  Raises Failure,
    KeyringTrouble, StateTrouble.
    """
    waited = False
    world.keyring.unlock(writing=True)
    try:
        with single_flight(world, identity.name) as waited:
            return _obtain(world, identity, good, on_behalf_of, asked)
    except NobodyToAsk:
        if not waited:
            raise
    # The process that was waited for has left no session.  One with a terminal may take over now.
    world.clock.sleep(TAKING_OVER)
    with single_flight(world, identity.name):
        return _obtain(world, identity, good, on_behalf_of, asked)


def _obtain(
    world: World, identity: Identity, good: Good, on_behalf_of: str, asked: str
) -> CachedSession:
    flow = LOGIN[identity.kind.name](world, identity, asked, obtain)
    cached = sessions.load(world, identity.name)
    if cached and flow.made(cached) and good(cached):
        return cached
    if on_behalf_of:
        world.screen.say(text("source-first", identity=on_behalf_of, source=identity.name))
    try:
        cached = flow.run()
        if _keep(world, identity, flow, cached):
            return cached
    except (KeyringTrouble, StateTrouble) as trouble:
        raise ended_by(trouble, done=flow.done(cut_off=True)) from trouble
    return _obtain(world, identity, good, "", asked)


def _accepted(world: World, identity: Identity, cached: CachedSession) -> bool:
    """Tell whether enough is left of a cached session and STS takes it (B-L01)."""
    if cached.left(world.clock.now()) < durations.SOON:
        return False
    found = by_sts(world, cached, identity.region)
    if found.valid is False:
        world.sessions.drop(identity.name)
        world.screen.say(text("session-dropped", code=found.code))
        return False
    until = render.instant(cached.session.expiration, world.clock.zone())
    name = "already-logged-in" if found.valid else "kept-unverified"
    world.screen.say(text(name, identity=identity.name, expires=until, why=found.detail))
    return True


def _keep(world: World, identity: Identity, flow: LoginFlow, cached: CachedSession) -> bool:
    """Put a new session into the cache, and show it (B-L22, B-L25, B-L26).

    False: it was dropped again, and said so, since its keys were changed meanwhile
    (B-S03).  Raises Failure when it is over on arrival, KeyringTrouble, StateTrouble.
    """
    session, clock = cached.session, world.clock
    granted = session.expiration - session.granted
    if granted <= durations.NONE:
        done = flow.done(cut_off=True)
        raise Failure("granted-nothing", identity=identity.name, done=done)
    world.sessions.replace(identity.name, sessions.encode(cached, identity.name))
    kept = False
    try:
        kept = flow.kept(cached)
    finally:
        if not kept:  # or it is not known
            world.sessions.drop(identity.name)
    if not kept:
        world.screen.say(text("session-of-others", identity=identity.name))
        return False
    left = durations.left(cached.left(clock.now()))
    shown = render.session_rows(render.LOGIN_ROWS, identity.name, cached, clock.zone(), left)
    world.screen.say(text("authenticated", rows=shown))
    if cached.duration - granted > SLACK:
        spelt = durations.spell(cached.duration)
        world.screen.say(text("granted-less", granted=durations.spell(granted), asked=spelt))
    return True
