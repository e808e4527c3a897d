"""The attributes of an assertion (IAM user guide, "Configure SAML assertions …")."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sts_simulator.account.saml import attributes, errors
from sts_simulator.account.saml.errors import Rejected

OWN = "https://aws.amazon.com/SAML/Attributes/"
NAMED = {f"{OWN}RoleSessionName": ["alice"]}
ROLE, PROVIDER = "arn:aws:iam::123456789012:role/r", "arn:aws:iam::123456789012:saml-provider/p"


@pytest.mark.parametrize(
    "pair", [f"{ROLE},{PROVIDER}", f"{PROVIDER},{ROLE}", f" {ROLE} , {PROVIDER} "]
)
def test_pairs_of_role_and_provider(pair: str) -> None:
    """A pair may have either order and stand among others; half a pair offers nothing."""
    assert attributes.offers({f"{OWN}Role": ["x,y", pair]}, ROLE, PROVIDER)
    for other in (ROLE, f"{ROLE},{PROVIDER},{ROLE}", f"{ROLE}x,{PROVIDER}", f"{ROLE},{ROLE}", ""):
        assert not attributes.offers({f"{OWN}Role": [other]}, ROLE, PROVIDER)
    assert not attributes.offers({f"{OWN}role": [pair]}, ROLE, PROVIDER)


def test_what_is_told_of_the_session() -> None:
    """The attributes are written as AssumeRole's parameters."""
    said = NAMED | {
        f"{OWN}PrincipalTag:team": ["blue"],
        f"{OWN}TransitiveTagKeys": ["team"],
        f"{OWN}SourceIdentity": ["bob"],
    }
    assert attributes.told(said) == {
        "RoleSessionName": "alice",
        "SourceIdentity": "bob",
        "Tags.member.1.Key": "team",
        "Tags.member.1.Value": "blue",
        "TransitiveTagKeys.member.1": "team",
    }
    assert attributes.told(NAMED) == {"RoleSessionName": "alice"}


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({}, errors.NO_SESSION_NAME),
        ({f"{OWN}RoleSessionName": [""]}, errors.NO_SESSION_NAME),
        ({f"{OWN}RoleSessionName": ["a"]}, errors.SESSION_NAME_FORM),
        ({f"{OWN}RoleSessionName": ["n" * 65]}, errors.SESSION_NAME_FORM),
        ({f"{OWN}RoleSessionName": ["John Doe"]}, errors.SESSION_NAME_FORM),
        ({f"{OWN}RoleSessionName": ["alice\n"]}, errors.SESSION_NAME_FORM),
        ({f"{OWN}RoleSessionName": ["alice", "bob"]}, errors.NO_SAML),
        (NAMED | {f"{OWN}SourceIdentity": ["aws:bob"]}, errors.SOURCE_IDENTITY_FORM),
        (NAMED | {f"{OWN}PrincipalTag:a": ["1", "2"]}, errors.NO_SAML),
    ],
)
def test_what_is_refused(said: dict[str, list[str]], error: object) -> None:
    """A session name must be there and have its form; one value each, but of the lists."""
    with pytest.raises(Rejected) as no:
        attributes.told(said)
    assert no.value.error == error


def test_the_session_duration() -> None:
    """It is from 15 minutes to 12 hours."""
    assert attributes.longest({}) == timedelta.max
    assert attributes.longest({f"{OWN}SessionDuration": ["900"]}) == timedelta(minutes=15)
    for wrong in ("899", "43201", "1h", "-900", "9" * 10_000):
        with pytest.raises(Rejected):
            attributes.longest({f"{OWN}SessionDuration": [wrong]})
