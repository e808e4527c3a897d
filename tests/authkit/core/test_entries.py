"""The entry in the keyring: its stored form, and invalid entries."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authkit.core import entries
from authkit.core.failures import KeyringTrouble
from authkit.core.kinds import AWS_USER
from authkit.core.model import Secret, Values, masked
from tests.support.stage import DictKeyring

LAW = settings(max_examples=100)
CANARY = "secret-canary"
MFA = "arn:aws:iam::123456789012:mfa/user"
KEYS = AWS_USER.values({"access_key_id": "AKIAXXXXXXXXXXXXXXXX", "secret_access_key": CANARY})
ALL = Values({**KEYS, "mfa_arn": MFA, "session_duration": "36h"})


def entry(**fields: object) -> str:
    """Return the text of an entry."""
    return json.dumps({"version": 1, **fields})


def test_the_stored_form() -> None:
    """docs/contract.md, Stored form: service authkit, the identity's name, JSON with a version."""
    keyring = DictKeyring()
    entries.save(keyring, "dev-admin", ALL)
    assert list(keyring.entries) == [("authkit", "dev-admin")]
    assert json.loads(keyring.entries["authkit", "dev-admin"]) == {"version": 1, **ALL.texts()}


def test_unset_fields_are_absent() -> None:
    """docs/contract.md, Stored form: unset fields are absent."""
    keyring = DictKeyring()
    entries.save(keyring, "dev-admin", Values({**KEYS, "mfa_arn": ""}))
    assert json.loads(keyring.entries["authkit", "dev-admin"]) == {"version": 1, **KEYS.texts()}


@pytest.mark.parametrize("values", [KEYS, ALL, Values(session_duration="36h")])
def test_what_is_saved_is_loaded(values: Values) -> None:
    """B-S02: what is saved is loaded."""
    keyring = DictKeyring()
    entries.save(keyring, "dev-admin", values)
    assert entries.load(keyring, AWS_USER, "dev-admin") == values


def test_missing() -> None:
    """B-S04: a missing entry has no fields, and is no error."""
    values = entries.load(DictKeyring(), AWS_USER, "dev-admin")
    assert values == Values()
    assert not entries.is_configured(AWS_USER, values)


@pytest.mark.parametrize("nothing", [Values(), Values(mfa_arn="")])
def test_nothing_is_kept_as_no_entry(nothing: Values) -> None:
    """B-S04: saving no fields deletes the entry."""
    keyring = DictKeyring()
    entries.save(keyring, "dev-admin", KEYS)
    entries.save(keyring, "dev-admin", nothing)
    assert not keyring.entries


def test_a_backend_that_does_not_keep() -> None:
    """B-S05: the entry is read back, so a backend that keeps nothing is noticed."""
    with pytest.raises(KeyringTrouble) as caught:
        entries.save(DictKeyring(forgetful=True), "dev-admin", KEYS)
    assert caught.value.state == "not-kept"


def test_a_backend_that_keeps_the_old() -> None:
    """B-S05: reading back the former entry is an error too."""
    keyring = DictKeyring(forgetful=True)
    keyring.entries["authkit", "dev-admin"] = entry(**KEYS.texts())
    with pytest.raises(KeyringTrouble, match="not-kept"):
        entries.save(keyring, "dev-admin", ALL)


@pytest.mark.parametrize(
    ("values", "configured"),
    [
        (KEYS, True),
        (ALL, True),
        (Values(access_key_id="AKIAXXXXXXXXXXXXXXXX"), False),
        (Values(secret_access_key=CANARY), False),
        (Values({**KEYS.texts(), "secret_access_key": ""}), False),
        (Values(mfa_arn=MFA, session_duration="36h"), False),
    ],
)
def test_settings_alone_are_not_configured(values: Values, *, configured: bool) -> None:
    """docs/contract.md, Stored form: without its keys an identity is not configured."""
    assert entries.is_configured(AWS_USER, values) is configured


@pytest.mark.parametrize(
    ("values", "left"),
    [
        (ALL, Values(mfa_arn=MFA, session_duration="36h")),
        (Values({**KEYS.texts(), "mfa_arn": MFA}), Values(mfa_arn=MFA)),
        (Values({**KEYS.texts(), "session_token": CANARY}), Values()),
    ],
)
def test_settings_outlive_the_keys(values: Values, left: Values) -> None:
    """B-L04: MFA ARN and session duration outlive the keys; nothing else does."""
    assert entries.settings(AWS_USER, values) == left


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "AKIAXXXXXXXXXXXXXXXX:secret",
        '{"version": 1',
        "[" * 100_000,
        "null",
        "[]",
        '"text"',
        "{}",
        '{"version": "1"}',
        '{"version": true}',
        '{"version": 1.0}',
        '{"version": 0}',
        '{"version": -1}',
        entry(access_key_id=7),
        entry(mfa_arn=None),
        entry(**KEYS.texts(), mfa_arn="short"),
        entry(**KEYS.texts() | {"access_key_id": " AKIAXXXXXXXXXXXXXXXX"}),
        entry(**KEYS.texts() | {"access_key_id": "AKIA\nXXXXXXXXXXXXXXXX"}),
        entry(**KEYS.texts() | {"access_key_id": "А" * 20}),  # noqa: RUF001 - Cyrillic is the point
        entry(**KEYS.texts() | {"access_key_id": "A" * 129}),
        entry(**KEYS.texts() | {"secret_access_key": "\ud800"}),
        entry(**KEYS.texts(), session_duration="37h"),
        entry(**KEYS.texts(), session_duration="soon"),
    ],
)
def test_corrupt(raw: str) -> None:
    """B-S04: a corrupt entry is an error that names the identity, and is not changed."""
    keyring = DictKeyring()
    keyring.entries["authkit", "dev-admin"] = raw
    with pytest.raises(KeyringTrouble) as caught:
        entries.load(keyring, AWS_USER, "dev-admin")
    assert (caught.value.state, caught.value.identity) == ("corrupt", "dev-admin")
    assert keyring.entries["authkit", "dev-admin"] == raw


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("{", "it is not JSON"),
        ("[]", "it is not an object with a version"),
        ('{"version": 0}', "its fields are not texts of version 1"),
    ],
)
def test_why_it_is_corrupt(raw: str, reason: str) -> None:
    """B-S04: the reason is in a few words; a text that is no identity's yet has no name."""
    with pytest.raises(KeyringTrouble) as caught:
        entries.decode(raw, AWS_USER)
    assert (caught.value.reason, caught.value.identity) == (reason, "")


@pytest.mark.parametrize("fields", [KEYS.texts(), {"access_key": {"id": "x"}}, {}])
def test_later_version(fields: dict[str, object]) -> None:
    """B-S04: an entry of a later version is reported as such, with its version."""
    raw = json.dumps({**fields, "version": 2})
    with pytest.raises(KeyringTrouble) as caught:
        entries.decode(raw, AWS_USER)
    assert (caught.value.state, caught.value.reason) == (
        "later-version",
        "version 2; this one knows 1",
    )


def test_trouble_shows_no_secret() -> None:
    """B-S01: the reason may quote a setting, but no other field."""
    with pytest.raises(KeyringTrouble) as caught:
        entries.decode(entry(**KEYS.texts(), session_duration="37h"), AWS_USER)
    assert CANARY not in str(caught.value)
    assert "session_duration" in caught.value.reason


def test_session_credentials_are_not_corrupt() -> None:
    """B-L17: session credentials in an entry can be loaded, so that login can explain them."""
    raw = entry(
        access_key_id="ASIAXXXXXXXXXXXXXXXX", secret_access_key=CANARY, session_token="t-o-k"
    )
    assert entries.decode(raw, AWS_USER)["session_token"] == Secret("t-o-k")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
names = st.sampled_from(["version", *(field.name for field in AWS_USER.fields)])
written_entries = st.dictionaries(names, json_values | st.just(1)).map(json.dumps)


def test_a_stored_secret_is_known_from_then_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S01: a secret that was loaded is masked from then on, also if the entry is corrupt."""
    monkeypatch.setattr("authkit.core.model._seen", {})
    with pytest.raises(KeyringTrouble):
        entries.decode(
            entry(**KEYS.texts() | {"secret_access_key": CANARY}, mfa_arn="short"), AWS_USER
        )
    assert CANARY not in masked(f"a library quotes {CANARY}")


@LAW
@given(st.text() | json_values.map(json.dumps) | written_entries)
def test_any_text_is_an_entry_or_trouble(raw: str) -> None:
    """B-S04: any text is an entry or raises KeyringTrouble."""
    try:
        values = entries.decode(raw, AWS_USER)
    except KeyringTrouble as trouble:
        assert trouble.state in {"corrupt", "later-version"}  # noqa: PT017 - the law's other half
    else:
        assert all(isinstance(value, str) for value in values.values())


not_blank = st.text(st.characters(exclude_categories=["Cs"])).filter(str.strip)


@LAW
@given(
    st.fixed_dictionaries(
        {
            "access_key_id": st.from_regex(r"[A-Za-z0-9_]{16,128}", fullmatch=True),
            "secret_access_key": not_blank,
        }
    )
)
def test_any_text_is_kept(values: dict[str, str]) -> None:
    """B-S02: any characters in a field survive."""
    keyring = DictKeyring()
    entries.save(keyring, "dev-admin", AWS_USER.values(values))
    kept = AWS_USER.values({name: value for name, value in values.items() if value})
    assert entries.load(keyring, AWS_USER, "dev-admin") == kept


@pytest.mark.parametrize(
    "half",
    [
        {"access_key_id": KEYS.text("access_key_id")},
        {"secret_access_key": CANARY},
        {**KEYS.texts(), "secret_access_key": ""},
        {**KEYS.texts(), "access_key_id": ""},
        {"access_key_id": "", "secret_access_key": ""},
        {"access_key_id": "", "mfa_arn": MFA},
    ],
)
def test_half_a_pair_is_corrupt(half: dict[str, str]) -> None:
    """B-S04: an id without its secret, or the reverse, is not a missing entry."""
    with pytest.raises(KeyringTrouble) as caught:
        entries.decode(entry(**half), AWS_USER)
    assert caught.value.state == "corrupt"
    assert caught.value.reason.endswith("is missing")
