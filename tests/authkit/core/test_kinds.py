"""The kinds: labels, credentials and settings, and what each field accepts."""

from __future__ import annotations

import pytest

from authkit.core.kinds import AWS_ASSUME_ROLE, AWS_USER, KINDS, Field, Kind

FIELDS = {field.name: field for field in AWS_USER.fields}
MFA = "arn:aws:iam::123456789012:mfa/user"


def test_labels() -> None:
    """docs/contract.md, Prompts: the four labels, in order."""
    assert [field.label() for field in AWS_USER.fields] == [
        "AWS Access Key ID: ",
        "AWS Secret Access Key: ",
        "MFA ARN (optional): ",
        "Session Duration (optional, default: 12h): ",
    ]


@pytest.mark.parametrize(
    ("name", "present", "label"),
    [
        ("secret_access_key", "********", "AWS Secret Access Key [********]: "),
        ("mfa_arn", MFA, f"MFA ARN (optional) [{MFA}]: "),
        ("session_duration", "36h", "Session Duration (optional, default: 12h) [36h]: "),
    ],
)
def test_label_with_a_present_value(name: str, present: str, label: str) -> None:
    """B-K05: a prompt shows its default in brackets."""
    assert FIELDS[name].label(present) == label


def test_credentials_and_settings() -> None:
    """B-L04: the key pair is what can be removed; MFA ARN and session duration are settings."""
    assert [field.name for field in AWS_USER.credentials] == ["access_key_id", "secret_access_key"]
    assert [field.name for field in AWS_USER.settings] == ["mfa_arn", "session_duration"]
    assert [field.name for field in AWS_USER.fields if field.secret] == ["secret_access_key"]


def test_kinds_are_found_by_their_name() -> None:
    """B-K01: `aws/user` is built in."""
    assert KINDS["aws/user"] is AWS_USER
    assert all(name == kind.name for name, kind in KINDS.items())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("access_key_id", "AKIAIOSFODNN7EXAMPLE"),
        ("access_key_id", "AKIA56789012_456"),
        ("access_key_id", "a" * 128),
        ("secret_access_key", "x"),
        ("secret_access_key", "-"),
        ("mfa_arn", MFA),
        ("mfa_arn", "arn:aws-cn:iam::123456789012:mfa/a+b=c,d.e@f-g_h"),
        ("mfa_arn", "GAHT12345678"),
        ("mfa_arn", "123456789"),
        ("mfa_arn", "a" * 256),
        ("session_duration", "15m"),
        ("session_duration", "1d12h"),
    ],
)
def test_taken_as_it_was_entered(name: str, text: str) -> None:
    """B-L13, docs/contract.md, Stored form: a valid text is kept unchanged."""
    assert FIELDS[name].validator(text) == text


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("access_key_id", "", "16 to 128"),
        ("access_key_id", "A" * 15, "16 to 128"),
        ("access_key_id", "A" * 129, "16 to 128"),
        ("access_key_id", "AKIAIOSFODNN7-EXAMPLE", "letters and digits"),
        ("access_key_id", "ÄKIAIOSFODNN7EXAMPLE", "letters and digits"),
        ("access_key_id", "ASIAIOSFODNN7EXAMPLE", "session credentials"),
        ("access_key_id", "asiaiosfodnn7example", "session credentials"),
        ("secret_access_key", "", "cannot be blank"),
        ("secret_access_key", " \t", "cannot be blank"),
        ("mfa_arn", "12345678", "MFA ARN is written like"),
        ("mfa_arn", "a" * 257, "MFA ARN is written like"),
        ("mfa_arn", "arn:aws:iam::1:mfa/ü", "MFA ARN is written like"),
        ("mfa_arn", "arn:aws:iam::12345:mfa/user", "MFA ARN is written like"),
        ("mfa_arn", "arn:aws:iam::1234567890123:mfa/user", "MFA ARN is written like"),
        ("mfa_arn", "arn:aws:iam:us-east-1:123456789012:mfa/user", "MFA ARN is written like"),
        ("mfa_arn", "arn:aws:iam::123456789012:u2f/user/key", "no security keys"),
        ("session_duration", "37h", "15m to 36h"),
        ("session_duration", "soon", "written like 36h"),
    ],
)
def test_refused_with_a_reason(name: str, text: str, reason: str) -> None:
    """B-L13, B-L17, B-L21: an invalid text is refused with a reason that can be shown."""
    with pytest.raises(ValueError, match=reason):
        FIELDS[name].validator(text)


@pytest.mark.parametrize("field", AWS_USER.fields, ids=lambda field: str(field.name))
def test_a_default_is_good(field: Field) -> None:
    """B-K02: a field's default is valid, and each field has a help text."""
    assert not field.default or field.validator(field.default) == field.default
    assert field.help


# A role's fields, which only a config file sets.

ROLE_FIELDS = {field.name: field for field in AWS_ASSUME_ROLE.configured}


def test_a_role_has_no_credentials() -> None:
    """B-K03: nothing of a role is asked for or stored in the keyring."""
    assert AWS_ASSUME_ROLE.fields == AWS_ASSUME_ROLE.credentials == ()
    assert AWS_ASSUME_ROLE.configurable == AWS_ASSUME_ROLE.configured
    assert AWS_USER.configurable == AWS_USER.settings + AWS_USER.configured
    required = {name for name, field in ROLE_FIELDS.items() if field.required}
    assert required == {"source", "role_arn"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("source", "dev-admin"),
        ("role_arn", "arn:aws:iam::123456789012:role/deploy"),
        ("role_arn", "arn:aws-us-gov:iam::123456789012:role/path/to/a+b=c,d.e@f-g"),
        ("session_duration", "15m"),
        ("session_duration", "12h"),
        ("external_id", "ab"),
        ("external_id", "a:/+=,.@-" * 100),
    ],
)
def test_a_roles_fields(name: str, text: str) -> None:
    """B-K03: a valid text is kept unchanged."""
    assert ROLE_FIELDS[name].validator(text) == text


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("source", "", "cannot be blank"),
        ("role_arn", "arn:aws:iam::1:role/deploy", "a role's ARN is written like"),
        ("role_arn", "arn:aws:iam::123456789012:user/dev", "a role's ARN is written like"),
        ("session_duration", "13h", "15m to 12h"),
        ("external_id", "a", "2 to 1224"),
        ("external_id", "a b", "2 to 1224"),
    ],
)
def test_a_roles_fields_refused(name: str, text: str, reason: str) -> None:
    """B-K03: an invalid text is refused with a reason that can be shown."""
    with pytest.raises(ValueError, match=reason):
        ROLE_FIELDS[name].validator(text)


@pytest.mark.parametrize("field", AWS_USER.fields, ids=lambda field: str(field.name))
def test_an_answer_that_cannot_be_seen(field: Field) -> None:
    """B-K06: no field takes what cannot be seen, wherever it comes from."""
    with pytest.raises(ValueError, match=r"^it holds \\u200b, which cannot be seen$"):
        field.checked("AKIAIOSFODNN7\u200bEXAMPLE")


@pytest.mark.parametrize(
    ("kind", "name", "answer", "reason"),
    [
        (AWS_USER, "mfa_process", " ", "^it names no command$"),
        (AWS_ASSUME_ROLE, "role_arn", "arn:aws:iam::123456789012:role/\u00fc", "^a role's ARN is"),
        (
            AWS_ASSUME_ROLE,
            "role_arn",
            "arn:aws:iam::\u0661" + "1" * 11 + ":role/x",
            "^a role's ARN",
        ),
        (AWS_ASSUME_ROLE, "external_id", "\u00fc7", "^an external id has"),
    ],
)
def test_what_sts_would_refuse(kind: Kind, name: str, answer: str, reason: str) -> None:
    """B-K03: letters and digits are those of ASCII."""
    field = next(field for field in kind.configurable if field.name == name)
    with pytest.raises(ValueError, match=reason):
        field.checked(answer)
