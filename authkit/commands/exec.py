"""exec: log in first if need be, run the command with the session, and the tip when it failed.

On the cached path: login is imported only when the session has run out.
"""

from __future__ import annotations

from authkit.commands.show import left_of, verdict
from authkit.core import durations, environment, sessions
from authkit.core.messages import Failure
from authkit.core.ports import CannotRun
from authkit.core.render import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from authkit.core.model import CachedSession
    from authkit.core.ports import World

_NOT_STARTED = {127: "not-found", 126: "not-executable"}


def execute(
    world: World, given: str, command: Sequence[str], *, least: timedelta, probe: bool
) -> int:
    """Run the command with a session that has more than `least` left; return its exit status.

    Raises Failure, KeyringTrouble, StateTrouble when it was not run.
    """
    name, cached = sessions.current(world, given, "exec")

    def good(session: CachedSession) -> bool:
        return left_of(world, session) > least

    if cached is None or not good(cached):
        from authkit.core import config
        from authkit.login import obtain

        cached = obtain.obtain(world, config.resolve(world, given, "exec"), good)
    left = left_of(world, cached)
    if left < durations.SOON or left < least:  # what AWS granted may be shorter than that
        world.screen.say(text("starts-late", identity=name, left=durations.left(left)))
    status = _run(world, command, environment.environment(world.environ, name, cached))
    if status:
        _tip(world, name, cached, probe=probe)
    return status


def _tip(world: World, name: str, cached: CachedSession, *, probe: bool) -> None:
    """Say how to go on if the session is over; whatever goes wrong, the child's status counts."""
    from contextlib import suppress

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
