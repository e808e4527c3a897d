"""The command that goes on from where one ended (B-L27).

Not on the cached path: it is needed when a command ends in trouble.
"""

from __future__ import annotations

from contextlib import suppress
from shlex import quote

from authkit.core import durations, render
from authkit.core.failures import USAGE
from authkit.core.messages import LOGIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.arguments import Options
    from authkit.core.ports import World


def line(options: Options) -> str:
    """Return the line to type again, without the child's command."""
    quoted = (render.quoted(w) if w == options.given else quote(w) for w in options.ours)
    return " ".join(["authkit", *quoted]) + (" -- …" if options.child else "")


def login_options(options: Options) -> str:
    """Return what a login bears that does what this line asked for: a blank and options, or "".

    A session that is too short for `exec --min-ttl` is good enough for a plain login.
    """
    if options.name not in {"login", "exec"}:
        return ""
    words = ["--force"] if options.force or options.min_ttl else []
    words += ["--config", quote(options.config)] if options.config else []
    words += ["--duration", durations.spell(options.duration)] if options.duration else []
    words += ["--region", options.region] if options.region else []
    return "".join(f" {word}" for word in words)


def going_on(world: World, options: Options, said: str, status: int) -> str:
    """Return what a command ends with; a login of its identity in it bears the line's options.

    Where another session was asked for, and the old one still holds, a line says until when.
    """
    more = login_options(options)
    if not more or status == USAGE:
        return said
    from authkit.core import config

    with suppress(Exception):  # nothing here may hide what ended the command
        name = config.resolve(world, options.given, options.name).name
        login = render.fill(LOGIN, identity=name)
        said = said.replace(f"{login}'", f"{login}{more}'")
        return said + _old_session(world, name)
    return said


def _old_session(world: World, name: str) -> str:
    """Return a line about the session that is still in the cache, "" for none that holds.

    Raises StateTrouble.
    """
    from authkit.core import sessions

    cached = sessions.load(world, name, quiet=True)
    if cached is None or cached.left(world.clock.now()) <= durations.NONE:
        return ""
    until = render.instant(cached.session.expiration, world.clock.zone())
    return "\n  " + render.text("old-session-holds", until=until)
