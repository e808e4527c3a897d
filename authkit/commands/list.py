"""authkit list: every identity, with its kind, keys and session (B-I01)."""

from __future__ import annotations

import json

from authkit.core import config, durations, entries, render, sessions
from authkit.core.failures import StateTrouble
from authkit.core.render import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.arguments import Options
    from authkit.core.ports import World


def run(world: World, options: Options) -> int:
    """Show every identity; call no service.  Raises Failure, StateTrouble."""
    found = config.read(world.config)
    marked = set(world.markers.marked())
    facts = []
    for name in sorted({*found.identities, *marked}):
        kind = found.kind_of(name)
        if not kind.credentials:
            keys = "-"  # it has none of its own
        elif options.check:
            keys = entries.state(world.keyring, kind, name)
        else:
            keys = "stored" if name in marked else "none"
        state, expires = _session(world, name)
        facts.append((name, kind.name, keys, state, expires))
    if options.output == "json":
        names = ("identity", "kind", "keys", "session", "expires")
        listed = [dict(zip(names, fact, strict=True)) for fact in facts]
        world.screen.put(json.dumps(listed, indent=2))
    elif facts:
        head = ("IDENTITY", "KIND", "KEYS", "SESSION")
        world.screen.put(render.table([head, *((n, k, keys, s) for n, k, keys, s, _ in facts)]))
    else:
        world.screen.say(text("no-identities"))
    return 0


def _session(world: World, name: str) -> tuple[str, str | None]:
    """Return a session's state by the clock, ``35h 59m``, ``expired``, ``none`` or ``unreadable``.

    And when it expires, if that is known.
    """
    try:
        cached = sessions.load(world, name)
    except StateTrouble as trouble:  # one file in trouble must not hide the other identities
        facts = {"path": trouble.path, "reason": trouble.reason}
        world.screen.say(text("session-unreadable", identity=name, **facts))
        return "unreadable", None
    if cached is None:
        return "none", None
    left = cached.left(world.clock.now())
    state = durations.left(left) if left > durations.NONE else "expired"
    return state, render.rfc3339(cached.session.expiration)
