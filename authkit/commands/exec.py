"""authkit exec: log in first if needed, run the command with the session, explain its failure.

On the cached path: login is imported only when the session has run out.
"""

from __future__ import annotations

from authkit.core import durations, environment, sessions
from authkit.core.failures import CannotRun, Failure
from authkit.core.render import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from authkit.arguments import Options
    from authkit.core.model import CachedSession
    from authkit.core.ports import World

_NOT_STARTED = {127: "not-found", 126: "not-executable"}


def run(world: World, options: Options) -> int:
    """Run the command with a session that has enough time left; return its exit status.

    Raises Failure, KeyringTrouble, StateTrouble when it was not run.
    """
    name, cached = sessions.current(world, options.given, options.name)

    def good(session: CachedSession) -> bool:
        return session.left(world.clock.now()) > options.min_ttl

    if cached is None or not good(cached):
        from authkit.core import config
        from authkit.login.obtain import obtain

        identity = config.resolve(world, options.given, options.name)
        cached = obtain(world, identity, good, asked=identity.name)
    left = cached.left(world.clock.now())
    if left < durations.SOON or left < options.min_ttl:  # AWS may have granted less than that
        world.screen.say(text("starts-late", identity=name, left=durations.left(left)))
    status = _run(world, options.child, environment.environment(world.environ, name, cached))
    if status:
        _tip(world, name, cached, probe=not options.no_probe)
    return status


def _tip(world: World, name: str, cached: CachedSession, *, probe: bool) -> None:
    """Say how to go on if the session is over; whatever goes wrong, the child's status counts."""
    from contextlib import suppress

    from authkit.core.check import verdict

    with suppress(KeyboardInterrupt, Exception):
        if verdict(world, cached, offline=not probe).valid is False:
            world.screen.say(text("tip", identity=name))


def _run(world: World, command: Sequence[str], environ: dict[str, str]) -> int:
    try:
        status = world.children.run(command, environ)
    except CannotRun as trouble:
        ending = _NOT_STARTED.get(trouble.status, "cannot-run")
        raise Failure(ending, trouble.status, command=command[0], reason=trouble.reason) from None
    world.screen.foreign()
    return status
