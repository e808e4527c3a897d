"""The console's CSV in its forms, and keys in the environment."""

from __future__ import annotations

import pytest

from authkit.importing import from_csv
from tests.support.simulator import KEYS

ID, SECRET = KEYS["access_key_id"], KEYS["secret_access_key"]
PLAIN = f"Access key ID,Secret access key\n{ID},{SECRET}\n"
NAMED = (
    "User name,Password,Access key ID,Secret access key,Console login link\n"
    f'me@acme,"a,""b",{ID},{SECRET},https://123456789012.signin.aws.amazon.com/console\n'
)


@pytest.mark.parametrize(
    ("content", "user"),
    [
        (PLAIN.encode(), ""),
        (NAMED.encode(), "me@acme"),
        (PLAIN.encode("utf-8-sig"), ""),
        (NAMED.replace("\n", "\r\n").encode("utf-8-sig"), "me@acme"),
        (PLAIN.replace("\n", "\r").encode(), ""),
        (PLAIN.rstrip().encode(), ""),
        (PLAIN.replace("Access key ID", "Access Key Id").encode(), ""),
        (f"User Name,Access key ID,Secret access key\n me , {ID} , {SECRET} \n\n".encode(), "me"),
    ],
)
def test_the_forms(content: bytes, user: str) -> None:
    """B-A06: with and without a name, with a byte-order mark, CRLF, CR, blanks, quotes."""
    (row,) = from_csv.rows(content)
    assert row == (user, ID, SECRET, "")
    found = row.identity("dev")
    assert found.values.texts() == KEYS
    assert found.place is None


def test_several_users() -> None:
    """Each row is a key; not each has a user's name."""
    rows = from_csv.rows(f"{NAMED},x,{ID},{SECRET},\n".encode())
    assert [row.user for row in rows] == ["me@acme", ""]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it has no column 'Access key ID' in its first line"),
        (b"Access key ID\nx\n", "it has no column 'Secret access key' in its first line"),
        (b"\xff", "it is not UTF-8"),
        (b'"Access key ID', "it is not a CSV"),
    ],
)
def test_what_is_no_such_csv(content: bytes, reason: str) -> None:
    """B-A04: the reason names what is missing."""
    with pytest.raises(ValueError, match=f"^{reason}$"):
        from_csv.rows(content)


@pytest.mark.parametrize(
    ("row", "field"), [(f"me,{ID}", "secret_access_key"), ("me", "access_key_id")]
)
def test_a_row_with_something_missing(row: str, field: str) -> None:
    """The field is named."""
    head = "User name,Access key ID,Secret access key"
    (one,) = from_csv.rows(f"{head}\n{row}\n".encode())
    with pytest.raises(ValueError, match=f"^{field}: "):
        one.identity("dev")


ENVIRON = {"AWS_ACCESS_KEY_ID": ID, "AWS_SECRET_ACCESS_KEY": SECRET}


@pytest.mark.parametrize(
    ("more", "region"),
    [
        ({}, None),
        ({"AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-1"),
        ({"AWS_DEFAULT_REGION": "eu-west-1", "AWS_REGION": "us-west-2"}, "us-west-2"),
    ],
)
def test_the_environment(more: dict[str, str], region: str | None) -> None:
    """Keys and region; AWS_REGION comes first, as for exec."""
    found = from_csv.from_environment({**ENVIRON, **more}).identity("dev")
    assert found.values.texts() == KEYS
    assert found.settings.get("region") == region


@pytest.mark.parametrize(
    ("environ", "reason"),
    [
        ({}, "AWS_ACCESS_KEY_ID is not set"),
        ({"AWS_ACCESS_KEY_ID": ID}, "AWS_SECRET_ACCESS_KEY is not set"),
        ({**ENVIRON, "AWS_SESSION_TOKEN": "x"}, "session credentials"),
        ({**ENVIRON, "AWS_SECURITY_TOKEN": "x"}, "session credentials"),
    ],
)
def test_no_keys_in_the_environment(environ: dict[str, str], reason: str) -> None:
    """B-L17: session credentials are not keys."""
    with pytest.raises(ValueError, match=reason):
        from_csv.from_environment(environ)
