"""The environment of exec's child, which `env` prints too."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from authkit.core.environment import environment, variables
from fakes.world.cached_session import cached_session, session
from tests.support.pty_tools import imported
from tests.support.stage import START

EXPIRATION = datetime(2024, 12, 24, 4, 58, tzinfo=timezone(timedelta(hours=-7)))
CACHED = cached_session(session(START, expiration=EXPIRATION), region="eu-west-1")
GIVEN = {
    "AWS_ACCESS_KEY_ID": "ASIAXXXXXXXXXXXXXXXX",
    "AWS_SECRET_ACCESS_KEY": "session-secret-canary",
    "AWS_SESSION_TOKEN": "session-token-canary",
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_SESSION_EXPIRATION": "2024-12-24T11:58:00Z",
    "AUTHKIT_IDENTITY": "dev-admin",
}

OTHER_CREDENTIALS = [
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
    "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_BEARER_TOKEN_",
    "AWS_BEARER_TOKEN_AND_MORE",
    "AUTHKIT_KEYRING_PASSPHRASE",
    "AUTHKIT_KEYRING_PASSPHRASE_COMMAND",
]


def test_variables() -> None:
    """B-E01: the variables that `exec` sets and `env` prints; the expiration is in UTC."""
    assert variables("dev-admin", CACHED) == GIVEN


def test_other_credentials_are_gone() -> None:
    """B-E02: no other credential of the environment reaches the child."""
    before = dict.fromkeys(OTHER_CREDENTIALS, "other")
    after = environment(before | {"AWS_REGION": "other"}, "dev-admin", CACHED)
    assert after == GIVEN
    assert set(before.values()) == {"other"}


def test_everything_else_stays() -> None:
    """B-E02: variables that are no credentials are not changed."""
    others = {
        "PATH": "/bin",
        "AWS_CONFIG_FILE": "c",
        "AWS_CA_BUNDLE": "b",
        "MY_AWS_BEARER_TOKEN_X": "x",
        "ODD": "\udc80",
    }
    assert environment(others, "dev-admin", CACHED) == others | GIVEN


def test_start_up() -> None:
    """B-E01: importing the module imports nothing expensive."""
    assert (
        imported(
            "authkit.core.environment", among="signal typing dataclasses pathlib subprocess re"
        )
        == set()
    )
