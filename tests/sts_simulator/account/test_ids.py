"""Ids and secrets: their shapes, and that they follow from the seed."""

from __future__ import annotations

import re

import pytest

from sts_simulator.account.ids import Ids


@pytest.mark.parametrize(
    ("made", "pattern"),
    [
        (Ids("x").access_key_id("AKIA"), r"AKIA[A-Z2-7]{16}"),
        (Ids("x").secret(), r"[A-Za-z0-9+/]{40}"),
        (Ids("x").session_token(), r"IQoJb3JpZ2luX2VjE[A-Za-z0-9+/=]{300,}"),
        (Ids("x").request_id(), r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        (Ids("x").user_id("me"), r"AIDA[A-Z2-7]{17}"),
        (Ids("x").role_id("me"), r"AROA[A-Z2-7]{17}"),
        (Ids("x").totp_seed("me"), r"[A-Z2-7]{32}"),
    ],
)
def test_ids_look_like_aws(made: str, pattern: str) -> None:
    """Prefix, alphabet and length are AWS's."""
    assert re.fullmatch(pattern, made)


def test_ids_follow_from_seed_and_count() -> None:
    """They are the same in every run, and differ by call and by seed."""
    one, two, other = Ids("seed"), Ids("seed"), Ids("other")
    first = [one.secret(), one.secret(), one.access_key_id("ASIA")]
    assert first == [two.secret(), two.secret(), two.access_key_id("ASIA")]
    assert len({*first, other.secret()}) == 4


def test_identities_follow_from_the_seed() -> None:
    """The id of a user or role is new when it is created again, or in another account."""
    one, same, other = Ids("seed"), Ids("seed"), Ids("other")
    first = one.user_id("me")
    assert first == same.user_id("me")
    assert len({first, one.user_id("me"), other.user_id("me")}) == 3
    role = one.role_id("me")
    assert role == same.role_id("me")
    assert len({role, one.role_id("me"), other.role_id("me")}) == 3
    assert one.role_id("me") != other.role_id("me")


def test_given_ids_of_sessions() -> None:
    """The first sessions get the ids that are given, in order; keys and later sessions do not."""
    ids = Ids("x", ["ASIAONE", "ASIATWO"])
    assert not ids.access_key_id("AKIA").startswith("ASIA")
    assert [ids.access_key_id("ASIA"), ids.access_key_id("ASIA")] == ["ASIAONE", "ASIATWO"]
    assert ids.access_key_id("ASIA") == Ids("x").access_key_id("ASIA")
