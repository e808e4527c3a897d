"""What can be imported is checked as an answer and as a setting is."""

from __future__ import annotations

import pytest

from authkit.core.kinds import AWS_ASSUME_ROLE, AWS_USER
from authkit.importing import found
from tests.support.simulator import KEYS


def test_an_identity() -> None:
    """Its name in NFC, its settings as checked, blank ones left out."""
    one = found.identity("u\u0308", AWS_USER, {"region": "eu-west-1", "mfa_arn": ""})
    assert (one.name, one.settings, one.values) == ("\u00fc", {"region": "eu-west-1"}, {})


def test_keys_are_secret() -> None:
    """B-S01: no repr shows the secret."""
    one = found.identity("dev", AWS_USER, {}, values=found.keys(*KEYS.values()))
    assert KEYS["secret_access_key"] not in repr(one)
    assert one.values.texts() == KEYS


def test_a_device() -> None:
    """It is one of the identity's values; no device is none."""
    one = found.identity("dev", AWS_USER, {}, values=found.keys(*KEYS.values()))
    assert one.with_device("GAHT12345678").values.text("mfa_arn") == "GAHT12345678"
    assert one.with_device("") == one
    assert found.device("") == ""


@pytest.mark.parametrize(
    ("name", "settings", "reason"),
    [
        ("", {}, "^no identity can have that name$"),
        ("-a", {}, "^no identity can have that name$"),
        ("a", {"region": "nowhere"}, "region: "),
        ("a", {"role_arn": "x"}, "role_arn: "),
    ],
)
def test_what_cannot_be(name: str, settings: dict[str, str], reason: str) -> None:
    """B-A04: the reason names the key."""
    with pytest.raises(ValueError, match=reason):
        found.identity(name, AWS_ASSUME_ROLE, settings)


def test_no_keys() -> None:
    """B-L17: a session's id is not a key's."""
    with pytest.raises(ValueError, match="access_key_id: ASIA"):
        found.keys("ASIAXXXXXXXXXXXXXXXX", "secret")
    with pytest.raises(ValueError, match="mfa_serial: STS takes no security keys"):
        found.device("arn:aws:iam::123456789012:u2f/user/x")
