"""The command that `exec` runs: its environment, and the port that runs it.

How it is started and waited for is ``job.py``, imported when there is something
to run: this module is on the cached path.
"""

from __future__ import annotations

from datetime import UTC

from authkit.core.render import rfc3339

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from authkit.core.model import CachedSession

# Whatever names or leads to other credentials than the session's (B-E02).
_OTHER_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
}
_OTHER_PREFIX = "AWS_BEARER_TOKEN_"


def variables(identity: str, cached: CachedSession) -> dict[str, str]:
    """Return what makes AWS's tools use the session: what `exec` sets and `env` prints."""
    session = cached.session
    return {
        "AWS_ACCESS_KEY_ID": session.access_key_id,
        "AWS_SECRET_ACCESS_KEY": session.secret_access_key.reveal(),
        "AWS_SESSION_TOKEN": session.session_token.reveal(),
        "AWS_REGION": cached.region,
        "AWS_DEFAULT_REGION": cached.region,
        "AWS_SESSION_EXPIRATION": rfc3339(session.expiration.astimezone(UTC)),
        "AUTHKIT_IDENTITY": identity,
    }


def environment(environ: Mapping[str, str], identity: str, cached: CachedSession) -> dict[str, str]:
    """Return authkit's own environment with its AWS credentials replaced by the session."""
    kept = {
        name: value
        for name, value in environ.items()
        if name not in _OTHER_CREDENTIALS and not name.startswith(_OTHER_PREFIX)
    }
    return kept | variables(identity, cached)


class Children:
    """The port Children: commands in this terminal, in authkit's own process group."""

    def run(self, command: Sequence[str], environ: Mapping[str, str]) -> int:
        """Return the exit status, 128+N for death by signal N.  Raises CannotRun."""
        from authkit.adapters import job

        return job.run(command, environ)
