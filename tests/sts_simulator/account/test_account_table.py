"""The table of an account: what it may contain, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sts_simulator.account import account_table
from sts_simulator.account.account import Account
from sts_simulator.account.directory import ROOT, Device, DictDirectory, Directory, OidcProvider
from tests.support.account_world import (
    DIRECTORIES,
    ID,
    SERIAL,
    START,
    a_world,
)


@pytest.mark.parametrize(
    ("table", "trouble"),
    [
        ({"foo": 1}, "account: Additional properties are not allowed ('foo' was unexpected)"),
        ({"latency": "3"}, "account.latency: a length of time is written like 400ms, 20m, 36h"),
        ({"keys": {"x": {"sate": 1}}}, "account.keys.x: Additional properties are not allowed"),
        ({"keys": {"x": {"state": "lost"}}}, "account.keys.x.state: 'lost' is not one of"),
        ({"keys": {"x": {"spreads_after": True}}}, "account.keys.x.spreads_after: a key spreads"),
        ({"mfa": [{"arn": "x"}]}, "account.mfa[0]: a device has codes or a secret"),
        ({"mfa": {"arn": "x", "codes": [123456]}}, "account.mfa.codes[0]: 123456 is not of type"),
        ({"regions": {"disabled": "eu-west-3"}}, "account.regions.disabled: 'eu-west-3' is not of"),
        (
            {"policies": {"me": {}}},
            "account.policies.me: there is no user and no role of this name",
        ),
        ({"oidc_providers": {"a.example": []}}, "account.oidc_providers: the URL of a provider"),
        ({"oidc_providers": {"https://a?b": []}}, "account.oidc_providers: the URL of a provider"),
        ({"oidc_providers": {"https://a": ["x" * 256]}}, "account.oidc_providers.https://a[0]: "),
        ({"oidc_providers": {"https://a": ["x"] * 101}}, "account.oidc_providers.https://a: "),
        ({"partition": "mars"}, "account.partition: 'mars' is not one of"),
        ({"id": "42"}, "account.id: an account id is twelve digits"),
    ],
)
def test_a_wrong_table_says_where_and_why(table: dict[str, Any], trouble: str) -> None:
    """The error names the wrong place in the table."""
    with pytest.raises(ValueError, match="account") as caught:
        Account.from_table(table, lambda: START)
    assert str(caught.value).startswith(trouble)


def test_settings_are_those_that_the_table_gives() -> None:
    """The settings have the account's types; a setting that is not given is absent."""
    assert account_table.settings({}) == {}
    table = {
        "id": "210987654321",
        "latency": "400ms",
        "skew": "-20m",
        "regions": {"disabled": ["x"]},
    }
    assert account_table.settings(table) == {
        "account_id": "210987654321",
        "latency": timedelta(milliseconds=400),
        "skew": timedelta(minutes=-20),
        "disabled_regions": frozenset({"x"}),
    }


def test_what_a_table_creates() -> None:
    """Keys that are not deleted, devices with their owners, and roles with trust policies."""
    account = Account.from_table(
        {
            "keys": {
                "a": {"id": ID, "state": "inactive"},
                "b": {"state": "deleted", "user": "other"},
            },
            "mfa": {"arn": SERIAL, "codes": ["123456"], "root": True},
            "roles": {"deploy": {"trusts": ["other"], "max_session_duration": "2h"}, "open": {}},
        },
        lambda: START,
    )
    there = account.directory
    assert [key.active for key in there.keys("dev-admin")] == [False]
    assert list(there.keys("other")) == []
    assert there.device(SERIAL) == Device(SERIAL, ROOT, ("123456",))
    deploy, free = (there.role(f"arn:aws:iam::123456789012:role/{n}") for n in ("deploy", "open"))
    assert deploy is not None
    assert free is not None
    assert deploy.max_session_duration == timedelta(hours=2)
    assert '"arn:aws:iam::123456789012:user/other"' in deploy.trust
    assert '"arn:aws:iam::123456789012:root"' in free.trust


@pytest.mark.parametrize("directory", DIRECTORIES)
@pytest.mark.parametrize("url", ["https://a.example/id/1", "http://127.0.0.1:43210"])
def test_openid_connect_providers(directory: type[Directory], url: str) -> None:
    """A provider is known by its URL without the scheme, in either kind of directory."""
    account = a_world(directory, {"oidc_providers": {url: ["app", "web"]}}).account
    bare = url.partition("://")[2]
    arn = f"arn:aws:iam::123456789012:oidc-provider/{bare}"
    assert account.directory.oidc_provider(bare) == OidcProvider(arn, bare, ["app", "web"])


@pytest.mark.parametrize("directory", DIRECTORIES)
def test_policies_of_users_and_roles(directory: type[Directory]) -> None:
    """A policy belongs to a user or a role; `enforce` is a setting of the account."""
    table = {
        "enforce": True,
        "roles": {"ours": {"trust": {"Statement": []}}},
        "policies": {"dev-admin": {"a": 1}, "ours": {"b": 2}},
    }
    account = a_world(directory, table).account
    assert account.enforce
    user, role = account.directory.user("dev-admin"), account.directory.role(OURS)
    assert user is not None
    assert role is not None
    assert role.trust == '{"Statement": []}'
    told = [[p.document for p in account.directory.policies(owner)] for owner in (user, role)]
    assert told == [['{"a": 1}'], ['{"b": 2}']]


OURS = "arn:aws:iam::123456789012:role/ours"


@pytest.mark.parametrize(
    "partition", ["aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"]
)
def test_every_partition_of_botocore(partition: str) -> None:
    """F25: an account may be in any partition that botocore lists, with its ARNs."""
    world = a_world(DictDirectory, {"partition": partition})
    assert world.account.administrator.arn == f"arn:{partition}:iam::123456789012:"
