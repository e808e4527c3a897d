"""authkit login: get a session, recovering from dead keys in the same run."""

from __future__ import annotations

from authkit import again
from authkit.core import config
from authkit.login.obtain import login

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.arguments import Options
    from authkit.core.ports import World


def run(world: World, options: Options) -> int:
    """Log in (B-L01 to B-L25).  Raises Failure, KeyringTrouble, StateTrouble."""
    region, duration = options.region, options.duration
    given, name = options.given, options.name
    identity = config.resolve(world, given, name, region=region, duration=duration)
    config.lock_timeout(world.environ)  # a wrong one is told before anything is asked
    anew = again.command(options, "login", identity.name, "--force")
    login(world, identity, force=options.force, anew=anew)
    return 0
