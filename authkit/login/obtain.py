"""Obtains a session: the cached one if it is still good, else a new one, kept and shown.

How a new one is made is each kind's own flow (``login.flows``).
"""

from __future__ import annotations

from collections import Counter
from functools import partial

from authkit.core import durations, markers, render, sessions
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
    Role = LoginFlow | None

TAKING_OVER = 3 * POLL  # time for another waiting process to try the lock
SLACK = 60  # seconds: a session shorter than asked by more is reported (B-L22)


def login(world: World, identity: Identity, *, force: bool = False, anew: str) -> None:
    """Log in, or say that there is no need; `anew` is the command for a new session all the same.

    Raises Failure, KeyringTrouble, StateTrouble.
    """
    before = world.sessions.read(identity.name) if force else None

    def good(cached: CachedSession) -> bool:
        unforced = before is None or world.sessions.read(identity.name) != before
        return unforced and _accepted(world, identity, cached, anew)

    obtain(world, identity, good, direct=True)


def obtain(
    world: World, identity: Identity, good: Good, role: Role = None, *, direct: bool = False
) -> CachedSession:
    """Return the cached session if it is of these keys and `good`, else a new one.

    One process at a time does this for an identity.  The others wait, and then
    find its session (B-L24).  `role` is the login to a role that needs it, if one
    does; `direct` tells that the person asked for just this.  Raises Failure,
    KeyringTrouble, StateTrouble.
    """
    paused, refusals = (role.paused, role.refusals) if role else (Counter(), Counter())
    world.keyring.unlock(
        writing=world.prompter is not None, notice=partial(markers.elsewhere, world, identity.name)
    )
    while True:
        try:
            with single_flight(world, identity.name) as waited:
                make = identity.kind.flow or LOGIN[identity.kind.name]
                flow = make(world, identity, obtain, direct=direct)
                flow.paused, flow.refusals = paused, refusals
                if cached := _obtain(flow, good, role):
                    return cached
                role = None  # what it says is said
                continue
        except NobodyToAsk:
            if not waited:
                raise
        # The process that was waited for left no session.  One with a terminal may take over now.
        world.clock.sleep(TAKING_OVER)


def _obtain(flow: LoginFlow, good: Good, role: Role) -> CachedSession | None:
    world, identity = flow.world, flow.identity
    cached = sessions.load(world, identity.name)
    flow.cached = cached if cached and flow.made(cached) else None
    if flow.cached and good(flow.cached):
        return flow.cached
    if role:
        world.screen.say(text("source-first", identity=role.identity.name, source=identity.name))
    try:
        made = flow.run()
        return made and _keep(flow, made)
    except (KeyringTrouble, StateTrouble) as trouble:
        raise ended_by(trouble, done=flow.done(cut_off=True)) from trouble


def _accepted(world: World, identity: Identity, cached: CachedSession, anew: str) -> bool:
    """Tell whether enough is left of a cached session and STS takes it (B-L01)."""
    if cached.left(world.clock.time()) < durations.SOON:
        return False
    found = by_sts(world, cached, identity.region)
    if found.valid is False:
        world.sessions.drop(identity.name)
        world.screen.say(text("session-dropped", code=found.code))
    if found.valid is False or cached.left(world.clock.time()) < durations.SOON:
        return False  # the clock may have been put right by now
    until = render.instant(cached.session.expiration, world.clock.zone())
    name = "already-logged-in" if found.valid else "kept-unverified"
    world.screen.say(text(name, identity=identity.name, expires=until, why=found.detail, anew=anew))
    return True


def _keep(flow: LoginFlow, made: CachedSession) -> CachedSession | None:
    """Put a new session into the cache, show it, and return it (B-L22, B-L25, B-L26).

    None: it was dropped, and said so, since its keys were changed meanwhile (B-S03).
    Raises Failure when it is over on arrival, KeyringTrouble, StateTrouble.
    """
    world, identity, session = flow.world, flow.identity, made.session
    granted = session.expiration - session.granted
    if granted <= 0:
        facts = {"vendor": identity.kind.vendor, "done": flow.done(cut_off=True)}
        raise Failure("granted-nothing", identity=identity.name, **facts)
    cached = made.replaced(region=identity.settings.get("region", ""), by_option=identity.by_option)
    if not flow.keep(cached):
        world.sessions.drop(identity.name)  # an older one fits no more than this
        world.screen.say(text("session-of-others", identity=identity.name))
        return None
    left = durations.left(cached.left(world.clock.time()))
    shown = render.session_rows(render.LOGIN_ROWS, identity.name, made, world.clock.zone(), left)
    world.screen.say(text("authenticated", rows=shown))
    if cached.duration - granted > SLACK:
        world.screen.say(render.granted_less(cached, identity.kind.vendor))
    return cached
