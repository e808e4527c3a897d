"""An identity: where a setting comes from, and which cached sessions it made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authkit.core.identity import Identity, access_keys, fingerprint
from authkit.core.kinds import AWS_ASSUME_ROLE, AWS_USER, Field, Kind
from authkit.core.model import AccessKeys, Secret, Values
from fakes.world.cached_session import cached_session, session
from tests.support.stage import START

if TYPE_CHECKING:
    from datetime import timedelta

CANARY = "secret-canary"
MFA, OTHER_MFA = "arn:aws:iam::123456789012:mfa/user", "GAHT12345678"
VALUES = Values(
    access_key_id="AKIAXXXXXXXXXXXXXXXX",
    secret_access_key=Secret(CANARY),
    mfa_arn=MFA,
    session_duration="36h",
)
PLAIN = Identity("dev-admin", AWS_USER, "us-east-1", {}, "/etc/authkit.toml")
CONFIGURED = PLAIN.replaced(settings={"mfa_arn": OTHER_MFA, "session_duration": "4h"})
CACHED = cached_session(session(START), keys=PLAIN.keys_fingerprint(VALUES), mfa_arn=MFA)


@pytest.mark.parametrize(
    ("identity", "values", "duration"),
    [
        (PLAIN, Values(), 43200),
        (PLAIN, VALUES, 129600),
        (CONFIGURED, VALUES, 14400),
        (CONFIGURED, Values(), 14400),
        (PLAIN, Values(session_duration="1h0m1s"), 3601),
    ],
    ids=["default", "keyring", "config over keyring", "config", "to the second"],
)
def test_duration(identity: Identity, values: Values, duration: timedelta) -> None:
    """B-L21: config file, then keyring, then 12 h; to the second."""
    assert identity.duration(values) == duration


@pytest.mark.parametrize(
    ("identity", "values", "arn"),
    [
        (PLAIN, VALUES, MFA),
        (CONFIGURED, VALUES, OTHER_MFA),
        (CONFIGURED.replaced(settings={"mfa_arn": ""}), VALUES, ""),
        (PLAIN, Values(), ""),
    ],
)
def test_setting(identity: Identity, values: Values, arn: str) -> None:
    """B-L21: the config file takes precedence over the keyring; so does "none" for one run."""
    assert identity.setting(values, "mfa_arn") == arn


def test_without_options() -> None:
    """B-E02, B-L21: an identity has neither the region nor the duration of an option at first."""
    identity = Identity("dev-admin", AWS_USER, "us-east-1", {}, "config.toml")
    assert identity.region_by_option == identity.by_option == ""


def test_what_the_config_sets_is_not_asked() -> None:
    """B-L02: fields that the config file sets are not asked for."""
    half = PLAIN.replaced(settings=Values(mfa_arn=OTHER_MFA))
    asked = [field.name for field in half.asked()]
    assert asked == ["access_key_id", "secret_access_key", "session_duration"]


def test_the_duration_of_this_run() -> None:
    """B-L21: --duration takes precedence over the config file and the keyring."""
    asked = CONFIGURED.replaced(by_option="20m")
    assert asked.duration(VALUES) == 1200


@pytest.mark.parametrize(
    ("made_by_option", "asked", "lasts"),
    [
        ("", "", False),
        ("36h", "", True),
        ("36h", "1h", False),
        ("36h", "36h", True),
        ("", "36h", True),
    ],
)
def test_a_session_made_with_an_option(made_by_option: str, asked: str, *, lasts: bool) -> None:
    """B-S03: without --duration it is kept whatever is configured; with it the two must agree."""
    identity = CONFIGURED.replaced(by_option=asked)
    assert identity.lasts(CACHED.replaced(by_option=made_by_option), VALUES) == lasts


def test_its_own_session() -> None:
    """B-S03: an identity made a session of its present keys and settings."""
    assert PLAIN.made(CACHED, VALUES)


@pytest.mark.parametrize(
    "changed",
    [
        {"access_key_id": "AKIAYYYYYYYYYYYYYYYY"},
        {"secret_access_key": "another-secret"},
        {"mfa_arn": OTHER_MFA},
        {"mfa_arn": ""},
        {"session_duration": "12h"},
        {"session_duration": ""},
        {"access_key_id": ""},
        {"secret_access_key": ""},
    ],
    ids=str,
)
def test_a_session_of_others(changed: dict[str, str]) -> None:
    """B-S03: it did not make one of another key, secret, MFA ARN or duration."""
    assert not PLAIN.made(CACHED, Values({**VALUES, **changed}))


def test_a_session_of_another_kind() -> None:
    """B-S03: nor one of another kind."""
    assert not PLAIN.made(CACHED.replaced(kind="aws/assume-role"), VALUES)


def test_a_session_of_the_config_before() -> None:
    """B-S03: settings in the config file count like those in the keyring."""
    assert not CONFIGURED.made(CACHED, VALUES)
    fits = CACHED.replaced(mfa_arn=OTHER_MFA, duration=14400)
    assert CONFIGURED.made(fits, VALUES)


def test_the_same_duration_written_otherwise() -> None:
    """B-S03: the spelling of a duration does not matter."""
    assert PLAIN.made(CACHED, Values({**VALUES, "session_duration": "1d12h"}))


def test_access_keys() -> None:
    """The keys in the fields of an IAM user."""
    assert access_keys(VALUES) == AccessKeys("AKIAXXXXXXXXXXXXXXXX", Secret(CANARY))


def test_a_fingerprint_is_not_the_secret() -> None:
    """B-S01: a fingerprint does not contain the secret, and does not depend on settings."""
    assert CANARY not in PLAIN.keys_fingerprint(VALUES)
    assert PLAIN.keys_fingerprint(VALUES) == PLAIN.keys_fingerprint(
        Values({**VALUES, "mfa_arn": ""})
    )


@pytest.mark.parametrize(
    ("some", "others"),
    [
        (("a", "b"), ("b", "a")),
        (("ab", ""), ("a", "b")),
        (("a",), ("a", "")),
        (("\ud800",), ("\ud801",)),
    ],
)
def test_fingerprints_tell_texts_apart(some: tuple[str, ...], others: tuple[str, ...]) -> None:
    """B-S03: different texts have different fingerprints, also if they join to the same text."""
    assert fingerprint(*some) == fingerprint(*some) != fingerprint(*others)


# A kind from elsewhere: its flow makes the session, and any setting may change what is granted.

ELSEWHERE = Kind(
    "x/y",
    "X",
    (
        Field("secret", "Secret", "", str, required=True, secret=True),
        Field("tenant", "Tenant", "", str),
    ),
    configured=(Field("scope", "Scope", "", str),),
    flow=lambda *_: None,
)
OF_X = Identity("x", ELSEWHERE, "", {}, "/etc/authkit.toml")
OF_X_VALUES = Values(secret=Secret(CANARY), tenant="a")


def test_a_kind_without_a_duration() -> None:
    """docs/write-a-kind.md: where a kind has no such field, the service alone decides."""
    assert OF_X.duration(OF_X_VALUES) == 0


@pytest.mark.parametrize(
    ("values", "settings"),
    [
        (Values(OF_X_VALUES, tenant="b"), {}),
        (OF_X_VALUES, {"tenant": "b"}),
        (Values(OF_X_VALUES, secret=Secret("another")), {}),
    ],
    ids=["a setting in the keyring", "a setting in the config file", "a credential"],
)
def test_any_setting_of_a_kind_from_elsewhere(values: Values, settings: dict[str, str]) -> None:
    """B-S03: a session of other settings is another one's."""
    other = OF_X.replaced(settings=settings)
    assert other.keys_fingerprint(values) != OF_X.keys_fingerprint(OF_X_VALUES)


@pytest.mark.parametrize("settings", [{"tenant": "b"}, {"scope": "s"}], ids=str)
def test_what_the_config_sets_of_a_kind_from_elsewhere(settings: dict[str, str]) -> None:
    """B-S03: also what the config file alone may set."""
    assert OF_X.replaced(settings=settings).role_fingerprint() != OF_X.role_fingerprint()


@pytest.mark.parametrize("name", ["session_duration", "mfa_process"])
def test_what_makes_no_other_role(name: str) -> None:
    """B-S03: how long, and who tells the codes, is no matter of which role it is."""
    role = Identity("r", AWS_ASSUME_ROLE, "", {"role_arn": "arn:aws:iam::1:role/r"}, "")
    other = role.replaced(settings={**role.settings, name: "1h"})
    assert other.role_fingerprint() == role.role_fingerprint() != ""


def test_a_user_is_no_role() -> None:
    """B-S03: of an IAM user the config file says nothing that makes it another."""
    assert PLAIN.role_fingerprint() == CONFIGURED.role_fingerprint() == ""
