"""The account that the simulator starts with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sts_simulator.account.directory import ROOT
from sts_simulator.server.starting_world import (
    accounts_of,
    random_seed,
    read_world,
    starting_world,
    users_of,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_by_default_there_is_one_user_with_a_device() -> None:
    """Without options the only user is dev-admin, with a key and a device."""
    users = users_of(starting_world([], [], "seed"))
    assert list(users) == ["dev-admin"]
    assert list(users["dev-admin"]) == [
        "access_key_id",
        "secret_access_key",
        "mfa_arn",
        "totp_secret",
    ]


def test_users_are_given_keys_and_devices_once() -> None:
    """Users keep their order, without duplicates; those of the second list have a device."""
    users = users_of(starting_world(["plain", "plain"], ["dev-admin"], "seed"))
    assert [*users] == ["plain", "dev-admin"]
    assert "mfa_arn" not in users["plain"]
    assert users == users_of(starting_world(["plain"], ["dev-admin"], "seed"))


@pytest.mark.parametrize("user", ["", "210987654321/", "2109/bob", "/bob", "a/b/c"])
def test_a_user_has_a_name(user: str) -> None:
    """An empty name, and an account that is none, are refused before anything is served."""
    with pytest.raises(ValueError, match="name"):
        starting_world([user, "plain"], [], "seed")


def test_users_of_another_account() -> None:
    """They are written after the account's id; the first account has its usual user."""
    world = starting_world([f"{OTHER}/plain"], [f"{OTHER}/ann", "123456789012/me"], "seed")
    assert [*users_of(world)] == ["me"]
    there = accounts_of(world)[OTHER]["users"]
    assert [*there] == ["plain", "ann"]
    assert there["ann"]["mfa_arn"] == f"arn:aws:iam::{OTHER}:mfa/ann"
    assert "mfa_arn" not in there["plain"]
    alone = starting_world([f"{OTHER}/plain"], [], "seed")
    assert [*users_of(alone)] == ["dev-admin"]
    assert users_of(alone) == users_of(starting_world([], [], "seed"))


def test_another_account_of_a_file(tmp_path: Path) -> None:
    """Its keys get ids and secrets too, and no two are equal."""
    (tmp_path / "world.json").write_text(
        '{"keys": {"a": {}}, "accounts": {"210987654321": {"keys": {"a": {"user": "bob"}}}}}'
    )
    world = read_world(tmp_path / "world.json", "seed")
    bob, ours = accounts_of(world)[OTHER]["users"]["bob"], users_of(world)["dev-admin"]
    assert not {*bob.values()} & {*ours.values()}
    assert accounts_of(starting_world([], [], "seed")) == {}


def test_a_seed_of_nobody_else() -> None:
    """Two random seeds differ."""
    assert random_seed() != random_seed()


OTHER = "210987654321"
JSON = """{"id": "210987654321",
 "keys": {"a": {"user": "bob"}, "old": {"user": "bob", "state": "inactive"},
          "r": {"root": true, "id": "AKIAROOTROOTROOTROOT", "secret": "s"}},
 "mfa": {"arn": "GAHT12345678", "user": "bob", "codes": ["123456"]}}"""
TOML = """
[keys.a]
[[mfa]]
arn = "arn:aws:iam::123456789012:mfa/one"
secret = "JBSWY3DPEHPK3PXPJBSWY3DP"
[[mfa]]
arn = "arn:aws:iam::123456789012:mfa/two"
codes = ["123456"]
"""


def test_a_world_in_json(tmp_path: Path) -> None:
    """Ids and secrets are added where they are missing; root and its key are there."""
    (tmp_path / "world.json").write_text(JSON)
    world = read_world(tmp_path / "world.json", "seed")
    assert world["id"] == "210987654321"
    users = users_of(world)
    assert {*users} == {"bob", ROOT}
    assert users["bob"]["mfa_arn"] == "GAHT12345678"
    assert "totp_secret" not in users["bob"]
    assert users["bob"]["access_key_id"] == world["keys"]["a"]["id"]
    assert users[ROOT] == {"access_key_id": "AKIAROOTROOTROOTROOT", "secret_access_key": "s"}


def test_a_world_in_toml(tmp_path: Path) -> None:
    """The first device counts; the account id has a default."""
    (tmp_path / "world.toml").write_text(TOML)
    world = read_world(tmp_path / "world.toml", "seed")
    assert world["id"] == "123456789012"
    assert users_of(world)["dev-admin"]["mfa_arn"].endswith("mfa/one")
    assert users_of(world)["dev-admin"]["totp_secret"] == "JBSWY3DPEHPK3PXPJBSWY3DP"


@pytest.mark.parametrize(
    ("text", "words"),
    [("{", "Expecting"), ("[]", "account"), ('{"keez": {}}', "keez"), ('{"id": "1"}', "twelve")],
)
def test_a_wrong_world(tmp_path: Path, text: str, words: str) -> None:
    """What is not the table of an account is a ValueError."""
    (tmp_path / "world.json").write_text(text)
    with pytest.raises(ValueError, match=words):
        read_world(tmp_path / "world.json", "seed")
