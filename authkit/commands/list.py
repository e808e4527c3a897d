"""authkit list: every identity, with its kind, keys and session (B-I01)."""

from __future__ import annotations

import json

from authkit.core import config, durations, endings, entries, render, sessions
from authkit.core.failures import FAILED, KeyringTrouble, StateTrouble
from authkit.core.model import CachedSession
from authkit.core.render import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.arguments import Options
    from authkit.core.identity import Identity
    from authkit.core.kinds import Kind
    from authkit.core.ports import World


def run(world: World, options: Options) -> int:
    """Show every identity; call no service.

    Return 1 when part of it is not known (B-S06), or a kind from elsewhere cannot be used.

    Raises Failure.
    """
    found = config.read(world.config)
    troubles: set[str] = set()  # the paths that are in trouble, each of which is told once
    marked = _marked(world, troubles)
    facts = []
    for name in sorted({*found.identities, *(marked or ())}):
        kind = found.kind_of(name)
        if kind.trouble and kind.trouble not in troubles:
            troubles.add(kind.trouble)
            world.screen.say(text("kind-skipped", kind=kind.name, reason=kind.trouble))
        if not kind.credentials and not kind.trouble:
            keys = "-"  # it has none of its own
        elif options.check and not kind.trouble:
            keys = _state(world, kind, name)
        elif marked is None:
            keys = "unreadable"
        else:
            keys = _noted(world, name, troubles) if name in marked else "none"
        cached = _session(world, options, name, troubles)
        state, expires = _judged(world, found.identities.get(name), cached)
        facts.append((name, kind.name, keys, state, expires))
    if options.output == "json":
        names = ("identity", "kind", "keys", "session", "expires")
        listed = [dict(zip(names, fact, strict=True)) for fact in facts]
        world.screen.put(json.dumps(listed, indent=2))
    elif facts:
        head = ("IDENTITY", "KIND", "KEYS", "SESSION")
        world.screen.put(render.table([head, *((n, k, keys, s) for n, k, keys, s, _ in facts)]))
    elif not troubles:
        from authkit import again  # not needed where there is something to list

        world.screen.say(text("no-identities", first=again.first(options, found)))
    return FAILED if troubles else 0


def _marked(world: World, troubles: set[str]) -> set[str] | None:
    """Return the identities with a marker; None, and said, of a folder not to be used (B-S06)."""
    try:
        return set(world.markers.marked())
    except StateTrouble as trouble:
        _skip(world, trouble, troubles)
        return None


def _noted(world: World, name: str, troubles: set[str]) -> str:
    """Return what a marker says of keys; ``unreadable``, and said, when it cannot be read."""
    try:
        marker = world.markers.read(name)
    except StateTrouble as trouble:
        _skip(world, trouble, troubles)
        return "unreadable"
    return "stored" if marker and not marker.gone else "none"


def _skip(world: World, trouble: StateTrouble, troubles: set[str]) -> None:
    """Say what is not to be used, and what to do about it; the list goes on without it."""
    world.screen.say(endings.skipped(trouble))
    troubles.add(trouble.path)


def _state(world: World, kind: Kind, name: str) -> str:
    """Return what the keyring has for an identity: ``stored``, ``none``, or what is wrong."""
    try:
        fields = entries.load(world.keyring, kind, name)
    except KeyringTrouble as trouble:
        return trouble.state
    return "stored" if entries.is_configured(kind, fields) else "none"


def _session(
    world: World, options: Options, name: str, troubles: set[str]
) -> CachedSession | StateTrouble | None:
    """Return the cached session, or why it cannot be read, which is said."""
    try:
        return sessions.load(world, name)
    except StateTrouble as trouble:  # one file in trouble must not hide the other identities
        from authkit import again  # the same

        facts = {"path": trouble.path, "reason": trouble.reason}
        if trouble.path not in troubles:
            troubles.add(trouble.path)
            logout = again.command(options, "logout", name)
            world.screen.say(text("session-unreadable", identity=name, logout=logout, **facts))
        return trouble


def _judged(
    world: World, identity: Identity | None, cached: CachedSession | StateTrouble | None
) -> tuple[str, str | None]:
    """Return a session's state and when it expires, None where there is none.

    The state is what is left of it by the clock, ``35h 59m``, or ``expired``, ``none``,
    ``unreadable``, or ``other settings``: no command uses it, for the config file has
    changed (`sessions.current`).
    """
    if not isinstance(cached, CachedSession):
        return "unreadable" if cached else "none", None
    left = cached.left(world.clock.time())
    state = durations.left(left) if left > 0 else "expired"
    if identity and not identity.may_own(cached):
        state = "other settings"
    return state, render.rfc3339(cached.session.expiration)
