"""The environment of exec's child, which `env` prints too."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from authkit.core.environment import environment, others, variables
from authkit.core.model import Values
from fakes.world.cached_session import cached_session, session
from tests.support.pty_tools import imported
from tests.support.stage import START

EXPIRATION = datetime(2024, 12, 24, 4, 58, tzinfo=timezone(timedelta(hours=-7)))
CACHED = cached_session(session(START, expiration=int(EXPIRATION.timestamp())), region="eu-west-1")
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
    assert variables("dev-admin", CACHED, {}) == GIVEN


REGIONS = [  # the config file's, the caller's two, and what the child gets
    ("eu-west-1", {}, "eu-west-1"),
    ("eu-west-1", {"AWS_REGION": "a", "AWS_DEFAULT_REGION": "b"}, "eu-west-1"),
    ("", {"AWS_REGION": "a", "AWS_DEFAULT_REGION": "b"}, "a"),
    ("", {"AWS_DEFAULT_REGION": "b", "AWS_REGION": "a"}, "a"),
    ("", {"AWS_REGION": "", "AWS_DEFAULT_REGION": "b"}, "b"),
    ("", {"AWS_DEFAULT_REGION": "b"}, "b"),
    ("", {"AWS_REGION": "", "AWS_DEFAULT_REGION": ""}, "us-east-1"),
    ("", {}, "us-east-1"),
]


@pytest.mark.parametrize(("configured", "callers", "region"), REGIONS)
def test_the_region(configured: str, callers: dict[str, str], region: str) -> None:
    """B-E02: both variables get the config file's, else the caller's, else us-east-1."""
    given = environment(callers, "dev-admin", CACHED.replaced(region=configured))
    assert (given["AWS_REGION"], given["AWS_DEFAULT_REGION"]) == (region, region)


@pytest.mark.parametrize("name", OTHER_CREDENTIALS)
def test_other_credentials_are_gone(name: str) -> None:
    """B-E02: no other credential of the environment reaches the child."""
    before = {name: "other", "AWS_REGION": "other"}
    assert environment(before, "dev-admin", CACHED) == GIVEN
    assert before[name] == "other"


@pytest.mark.parametrize("name", OTHER_CREDENTIALS)
def test_other_credentials_are_known(name: str) -> None:
    """B-E02: the fixed names are listed always, a bearer token's where there is one."""
    assert name in others({name: "other"})
    assert (name in others({})) == (not name.startswith("AWS_BEARER_TOKEN_"))


def test_no_other_name_is_known() -> None:
    """B-E02: the list is that of the contract."""
    assert others({}) == [n for n in OTHER_CREDENTIALS if not n.startswith("AWS_BEARER_TOKEN_")]


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


def test_a_session_that_is_not_awss() -> None:
    """B-E01: a session of another kind is its own variables, and the identity's name."""
    cached = CACHED.replaced(variables=Values(ACME_TOKEN="token", ACME_URL=""))
    assert variables("acme", cached, {}) == {"ACME_TOKEN": "token", "AUTHKIT_IDENTITY": "acme"}


def test_start_up() -> None:
    """B-E01: importing the module imports nothing expensive."""
    assert (
        imported(
            "authkit.core.environment", among="signal typing dataclasses pathlib subprocess re"
        )
        == set()
    )
