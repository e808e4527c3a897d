"""Invented values: the same for the same, and what of a value stays."""

from __future__ import annotations

import pytest

from authkit.recording.invented import Invented

REAL = "arn:aws:iam::999999999999:"


def test_the_same_for_the_same() -> None:
    """A value gets one invented value, and no other value gets the same."""
    made = Invented()
    assert [made.identity(name) for name in ("mine", "other", "mine")] == [
        *("dev-admin", "identity-2", "dev-admin")
    ]
    assert made.key_id("AKIAMINE") != made.key_id("AKIAOTHER")
    assert made.key_id("asiamine").startswith("ASIA")
    assert made.secret("a") == made.secret("a") != made.secret("b")
    assert made.account("999999999999") == "123456789012"
    assert made.request_id("a") != made.request_id("b")


def test_what_cannot_be_a_name_is_none_either() -> None:
    """What is said of it is said of the invented one too, when it is replayed."""
    made = Invented()
    assert [made.identity(name) for name in ("prod?", "mine", "prod?")] == [
        *("identity-1?", "dev-admin", "identity-1?")
    ]


@pytest.mark.parametrize(
    ("kind", "invented"),
    [
        ("identity", ["dev-admin", "identity-2"]),
        ("key_id", ["AKIARECORDED00000001", "AKIARECORDED00000002"]),
        ("secret", ["secret-1", "secret-2"]),
        ("serial", ["GAHT00000001", "GAHT00000002"]),
        ("account", ["123456789012", "210987650002"]),
        ("request_id", [f"00000000-0000-4000-8000-00000000000{n}" for n in (1, 2)]),
        ("path", ["/home/dev/path-1", "/home/dev/path-2"]),
    ],
)
def test_two_values_of_a_kind(kind: str, invented: list[str]) -> None:
    """They are told apart, whatever else was invented before."""
    made = Invented()
    for other in ("key_id", "secret", "serial", "request_id", "path"):
        if other != kind:
            getattr(made, other)("other")
    assert [getattr(made, kind)(real) for real in ("mine", "yours", "mine")] == [
        *(*invented, invented[0])
    ]


def test_two_of_a_kind_of_arn() -> None:
    """So are users and devices."""
    made = Invented()
    arns = [made.arn(REAL + name) for name in ("user/me", "user/you", "mfa/me", "mfa/you")]
    assert [arn.rpartition(":")[2] for arn in arns] == [
        *("user/dev-admin", "user/user-2", "mfa/device-1", "mfa/device-2")
    ]


def test_two_codes() -> None:
    """They are told apart, and the blanks in one do not count."""
    made = Invented()
    assert [made.code(code) for code in ("111111", "222 222", "222222")] == [
        *("000001", "000002", "000002")
    ]


@pytest.mark.parametrize(
    ("real", "invented"),
    [
        ("AKIAMINEMINEmine0123", "AKIARECORDED00000001"),
        ("ASIAMINEMINEMINE0123", "ASIARECORDED00000001"),
        ("AKIA and more", "<text of 13 characters>"),
        (f"{REAL}user/me", "arn:aws:iam::123456789012:user/dev-admin"),
    ],
)
def test_principals(real: str, invented: str) -> None:
    """Who called is an ARN, or the key where no more is known; any other text is none."""
    assert Invented().principal(real) == invented


@pytest.mark.parametrize(
    ("real", "invented"),
    [
        ("user/me", "arn:aws:iam::123456789012:user/dev-admin"),
        ("user/a/path/me", "arn:aws:iam::123456789012:user/dev-admin"),
        ("role/mine", "arn:aws:iam::123456789012:role/role-1"),
        ("mfa/mine", "arn:aws:iam::123456789012:mfa/device-1"),
        ("u2f/mine", "arn:aws:iam::123456789012:u2f/device-1"),
        ("root", "arn:aws:iam::123456789012:root"),
        ("strange/thing", "arn:aws:iam::123456789012:<text of 7 characters>"),
        ("strange/thing/more", "arn:aws:iam::123456789012:<text of 7 characters>"),
        ("strange", "arn:aws:iam::123456789012:<text of 7 characters>"),
        ("root/me", "arn:aws:iam::123456789012:<text of 4 characters>"),
    ],
)
def test_arns(real: str, invented: str) -> None:
    """Of an ARN its partition, its service and its kind stay."""
    assert Invented().arn(REAL + real) == invented


def test_a_role_keeps_its_name_in_its_sessions() -> None:
    """The principal of a role's session has the role's invented name, and the identity's."""
    made = Invented()
    made.identity("deploy")
    role = made.arn(f"{REAL}role/mine").rpartition("/")[2]
    principal = f"{REAL.replace('iam', 'sts')}assumed-role/mine/authkit-deploy"
    told = f"arn:aws:sts::123456789012:assumed-role/{role}/authkit-dev-admin"
    assert made.arn(principal) == told
    for other in ("x", "authkit-x", "deploy"):
        assert made.arn(principal.replace("authkit-deploy", other)).endswith(f"{role}/session")
    assert made.arn(f"{REAL}role/a/path/mine").endswith(f":role/{role}")


@pytest.mark.parametrize(
    "partition", ["aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"]
)
def test_partitions(partition: str) -> None:
    """An ARN keeps its partition: it decides which regions fit (B-L19)."""
    told = f"arn:{partition}:iam::123456789012:mfa/device-1"
    assert Invented().arn(f"arn:{partition}:iam::999999999999:mfa/mine") == told


@pytest.mark.parametrize("real", ["mine", "arn:mine:iam::1:user/me", "arn:aws:s3:::mine"])
def test_what_is_no_arn(real: str) -> None:
    """A text that is no ARN of IAM or STS is a text from outside."""
    assert Invented().arn(real) == f"<text of {len(real)} characters>"


@pytest.mark.parametrize(
    ("real", "invented"), [("123 456", "000001"), ("12345", "<text of 5 characters>")]
)
def test_codes(real: str, invented: str) -> None:
    """A code of six digits gets another; anything else is a text."""
    assert Invented().code(real) == invented


def test_serial_numbers() -> None:
    """A hardware token keeps a plain serial number."""
    assert Invented().serial("GAHT99999999") == "GAHT00000001"
    assert Invented().serial(f"{REAL}mfa/me").startswith("arn:aws:iam::123456789012:mfa/")


@pytest.mark.parametrize(
    ("real", "invented"),
    [
        ("https://sts.mine.example", "https://sts.example.com"),
        ("http://sts.mine.example:80/x", "http://sts.example.com"),
        ("http://127.0.0.1:4566", "http://localhost"),
        ("HTTP://Mine.LOCALHOST", "http://localhost"),
        ("http://[::1]:1", "http://localhost"),
        ("https://sts.eu-west-1.amazonaws.com/", "https://sts.eu-west-1.amazonaws.com/"),
        ("https://sts.mine.amazonaws.com/", "https://sts.example.com"),
    ],
)
def test_endpoints(real: str, invented: str) -> None:
    """An address keeps whether it is encrypted, and whether it is this machine (B-S08)."""
    assert Invented().endpoint(real) == invented


def test_paths() -> None:
    """Paths in the state folder keep what they are for; of the config file, which it is."""
    made = Invented("/mine/state")
    made.identity("me")
    folder = "/home/dev/.local/state/authkit"
    assert made.path("/mine/state") == folder
    assert made.path("/mine/state/locks") == f"{folder}/locks"
    assert made.path("/mine/state/sessions/me.json") == f"{folder}/sessions/dev-admin.json"
    assert made.path("/mine/state/locks/me") == f"{folder}/locks/dev-admin"
    assert made.path("/mine/config.toml") == "/home/dev/.config/authkit/config.toml"
    assert made.path("mine/config.toml") == ".config/authkit/config.toml"
    assert made.path("/mine/thing") == "/home/dev/path-1"
    assert made.in_state("/mine/thing") is None
    assert Invented().in_state("/home/me/.local/state/authkit") == ""


@pytest.mark.parametrize("folder", ["sessions", "identities", "codes", "locks"])
def test_files_of_the_state_folder(folder: str) -> None:
    """A folder of the state folder stays, and so does whose file it is."""
    made = Invented("/mine/state")
    made.identity("me")
    assert made.in_state(f"/mine/state/{folder}") == folder
    assert made.in_state(f"/mine/state/{folder}/me.json") == f"{folder}/dev-admin.json"
    assert made.in_state(f"/mine/state/{folder}/nobody.json") is None
    made.identity("me.json.too")
    assert made.in_state(f"/mine/state/{folder}/me.json.too.json") == f"{folder}/identity-2.json"


@pytest.mark.parametrize("file", ["config", "credentials"])
def test_files_of_aws(file: str) -> None:
    """AWS's own files stay what they are, wherever they stand."""
    assert Invented().path(f"/mine/.aws/{file}") == f"/home/dev/.aws/{file}"
    assert Invented().path(f"/mine/{file}") == "/home/dev/path-1"
