"""The environment of exec's child, which ``env`` prints too.  Pure, and on the cached path."""

from __future__ import annotations

from authkit.core.model import DEFAULT_REGION
from authkit.core.render import rfc3339

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from authkit.core.model import CachedSession

# Variables that name other credentials than the session's, or lead to some (B-E02): to the
# keyring's too.
OTHER_CREDENTIALS = (
    *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"),
    *("AWS_CREDENTIAL_EXPIRATION", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"),
    *("AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_WEB_IDENTITY_TOKEN_FILE"),
    *("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
    *("AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"),
    *("AUTHKIT_KEYRING_PASSPHRASE", "AUTHKIT_KEYRING_PASSPHRASE_COMMAND"),
)
REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")


def others(environ: Mapping[str, str]) -> list[str]:
    """Return the names of all such variables: the fixed ones, and each bearer token there is."""
    return [*OTHER_CREDENTIALS, *(n for n in environ if n.startswith("AWS_BEARER_TOKEN_"))]


def variables(identity: str, cached: CachedSession, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that make tools use the session; `environ` is the caller's."""
    session = cached.session
    if cached.variables:
        return cached.variables.without_blanks().texts() | {"AUTHKIT_IDENTITY": identity}
    callers = next((environ[name] for name in REGIONS if environ.get(name)), DEFAULT_REGION)
    return {
        "AWS_ACCESS_KEY_ID": session.access_key_id,
        "AWS_SECRET_ACCESS_KEY": session.secret_access_key.reveal(),
        "AWS_SESSION_TOKEN": session.session_token.reveal(),
        **dict.fromkeys(REGIONS, cached.region or callers),
        "AWS_SESSION_EXPIRATION": rfc3339(session.expiration),
        "AUTHKIT_IDENTITY": identity,
    }


def environment(environ: Mapping[str, str], identity: str, cached: CachedSession) -> dict[str, str]:
    """Return authkit's own environment with its credentials replaced by the session."""
    gone, ours = {*others(environ), *cached.variables}, variables(identity, cached, environ)
    return {name: value for name, value in environ.items() if name not in gone} | ours
