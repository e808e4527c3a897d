"""authkit credential-process: the session for the AWS SDKs.  On the cached path."""

from __future__ import annotations

import json

from authkit.core import render, sessions
from authkit.core.failures import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.arguments import Options
    from authkit.core.ports import World


def run(world: World, options: Options) -> int:
    """Print the session as the AWS SDKs' process credentials; never ask.

    Raises Failure when there is no session, or one that is not AWS's, StateTrouble.
    """
    name, cached = sessions.unexpired(world, options.given, options.name)
    if cached.variables:
        raise Failure("not-for-aws", identity=name, kind=cached.kind)
    session = cached.session
    credentials = {
        "Version": 1,
        "AccessKeyId": session.access_key_id,
        "SecretAccessKey": session.secret_access_key.reveal(),
        "SessionToken": session.session_token.reveal(),
        "Expiration": render.rfc3339(session.expiration),
    }
    world.screen.put(json.dumps(credentials, indent=2))
    return 0
