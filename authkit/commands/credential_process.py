"""authkit credential-process: the session for the AWS SDKs.  On the cached path.

Where there is none it logs in, if nothing has to be asked: login is imported only then.
"""

from __future__ import annotations

from authkit.core import render, sessions
from authkit.core.failures import FAILED, Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.arguments import Options
    from authkit.core.config import Config
    from authkit.core.identity import Identity
    from authkit.core.model import CachedSession
    from authkit.core.ports import World

SECONDS = 50  # in which it has ended (docs/contract.md, "credential-process")


def run(world: World, options: Options) -> int:
    """Print the session as the AWS SDKs' process credentials; never ask.

    Raises Failure when there is no session and none can be had unasked, or it is not AWS's,
    KeyringTrouble, StateTrouble.
    """
    try:
        name, cached = sessions.unexpired(world, options.given)
    except Failure as missing:
        if missing.status != FAILED:
            raise
        cached = _renewed(world, options, missing)
    else:
        if cached.variables:
            raise _not_for_aws(name, cached.kind)
    session = cached.session
    credentials = {
        "Version": 1,
        "AccessKeyId": session.access_key_id,
        "SecretAccessKey": session.secret_access_key.reveal(),
        "SessionToken": session.session_token.reveal(),
        "Expiration": render.rfc3339(session.expiration),
    }
    world.screen.put(render.json_object(credentials))
    return 0


def _renewed(world: World, options: Options, missing: Failure) -> CachedSession:
    """Log in where nothing has to be asked.

    Raises `missing` where something has to be, and Failure for a kind that is not AWS's, before
    anything is asked.
    """
    from datetime import timedelta

    from authkit.core import config
    from authkit.deadline import Deadline
    from authkit.login.obtain import obtain

    identity = config.resolve(world, options.given)
    if identity.kind.flow:
        raise _not_for_aws(identity.name, identity.kind.name)
    config.lock_timeout(world.environ)  # a wrong one is told before anything is asked
    if _asks(world, config.read(world.config), identity):
        raise missing
    hurried: World = Deadline(world, timedelta(seconds=SECONDS))

    def good(cached: CachedSession) -> bool:
        return _holds(world, cached)

    return obtain(hurried, identity, good)


def _not_for_aws(name: str, kind: str) -> Failure:
    return Failure("not-for-aws", identity=name, kind=kind)


def _asks(world: World, known: Config, identity: Identity) -> bool:
    """Tell whether a login would have to ask: for keys, or for an MFA code.

    A role asks nothing while the session of its source holds.
    """
    from authkit.core import entries

    for source in known.sources(identity):
        cached = sessions.load(world, source.name, quiet=True)
        if cached and source.may_own(cached) and _holds(world, cached):
            return False
    root = known.root(identity)
    world.keyring.unlock()
    values = entries.load(world.keyring, root.kind, root.name)
    needs_code = root.setting(values, "mfa_arn") and "mfa_process" not in root.settings
    return bool(needs_code) or not entries.is_configured(root.kind, values)


def _holds(world: World, cached: CachedSession) -> bool:
    return cached.left(world.clock.time()) > 0
