"""Tables in the config file: added and changed, and everything else to the byte."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authkit.core.failures import Failure
from authkit.core.names import is_name, normal
from authkit.importing.config_tables import written
from fakes.world.config import MemoryConfig

PATH, KIND = "/config.toml", MemoryConfig(None).kind
USER = {"kind": "aws/user", "region": "eu-west-1"}
OLD = """\
# mine
default = "dev"  # the daily one

[identities.dev]  # first
region = "us-east-1"   # near
session_duration = "8h"

# the role
[identities.deploy]
kind = "aws/assume-role"
source = "dev"
role_arn = "arn:aws:iam::123456789012:role/deploy"
"""
NAMES = st.text("abcXYZ019 ._-/@:+=,üß本", min_size=1, max_size=12).map(normal).filter(is_name)


def put(content: str, tables: dict[str, dict[str, str]]) -> str:
    """Return a file's text with these tables."""
    made = written(content.encode(), tables, PATH, KIND).content
    assert made is not None
    return made.decode()


def test_a_new_file() -> None:
    """It has the tables, a blank line between."""
    assert put("", {"me@acme": USER, "b": {"kind": "aws/user"}}) == (
        '[identities."me@acme"]\nkind = "aws/user"\nregion = "eu-west-1"\n\n'
        '[identities.b]\nkind = "aws/user"\n'
    )


def test_comments_stay() -> None:
    """A table goes to the end; every byte above it is what it was."""
    table = '[identities.new]\nkind = "aws/user"\nregion = "eu-west-1"\n'
    assert put(OLD, {"new": USER}) == f"{OLD}\n{table}"


def test_a_table_is_changed() -> None:
    """Only the lines of what changes: a value, a key that goes, a key that comes."""
    made = put(OLD, {"dev": {"kind": "aws/user", "region": "eu-west-1"}})
    assert made == OLD.replace('"us-east-1"', '"eu-west-1"').replace(
        'session_duration = "8h"\n', 'kind = "aws/user"\n'
    )


@pytest.mark.parametrize(
    "old",
    [
        *(OLD, OLD.rstrip(), OLD.replace("\n", "\r\n"), f"\ufeff{OLD}", "", "# only a comment"),
        *('identities = { dev = { kind = "aws/user" } }\n', 'identities.dev.region = "us-east-1"'),
        *("[identities.a]\n# in it\n\n# below", "[identities.new]\n# in it\n\n[identities.a]"),
        *("[identities]\n", 'default = "dev"\n[identities]\ndev = {}\n', "[identities.dev]"),
    ],
)
def test_every_way_of_writing_tables(old: str) -> None:
    """B-A06: inline, dotted, with CRLF and a byte-order mark: what is there stays, and its ends."""
    made = put(old, {"new": USER})
    before = tomllib.loads(old.removeprefix("\ufeff"))
    identities = {**before.get("identities", {}), "new": USER}
    assert tomllib.loads(made.removeprefix("\ufeff")) == {**before, "identities": identities}
    assert made.startswith("\ufeff") is old.startswith("\ufeff")
    if "\r\n" in old:
        assert made.count("\r\n") == made.count("\n")


def test_nothing_to_write() -> None:
    """A file that is right stays, also one that is not there."""
    assert (
        written(b"", {}, PATH, KIND).content
        is written(OLD.encode(), {}, PATH, KIND).content
        is None
    )


@given(st.dictionaries(NAMES, st.just(USER), min_size=1, max_size=4), st.sampled_from(["", OLD]))
def test_any_name(tables: dict[str, dict[str, str]], old: str) -> None:
    """Whatever identities are called, the file then has them."""
    made = tomllib.loads(put(old, {f"x{name}": table for name, table in tables.items()}))
    assert {f"x{name}" for name in tables} <= {*made["identities"]}


def test_two_unicode_forms() -> None:
    """B-S10: a table that is spelt in another form of Unicode is this identity's."""
    made = put('[identities."u\u0308"]\n', {"\u00fc": USER})
    assert tomllib.loads(made)["identities"] == {"u\u0308": USER}


@pytest.mark.parametrize(
    ("old", "table"),
    [
        ("[identities", USER),
        ("[identities.dev]\nregoin = 1\n", USER),
        ("", {"kind": "aws/user", "region": "nowhere"}),
        ("", {"kind": "aws/assume-role", "source": "gone", "role_arn": "x"}),
    ],
)
def test_what_authkit_would_refuse(old: str, table: dict[str, str]) -> None:
    """It is not written: neither in a file that is wrong already, nor what makes one wrong."""
    with pytest.raises(Failure) as raised:
        written(old.encode(), {"new": table}, PATH, KIND)
    assert (raised.value.name, raised.value.status) == ("config-wrong", 2)
    assert raised.value.values["path"] == PATH


def test_a_file_that_cannot_be_added_to() -> None:
    """Tables of dotted keys above other settings: the editor of TOML would lose one of them."""
    dotted = b'identities.dev.region = "us-east-1"\nidentities.b.kind = "aws/user"\ndefault = "b"\n'
    with pytest.raises(Failure) as raised:
        written(dotted, {"new": USER}, PATH, KIND)
    assert (raised.value.name, raised.value.values) == ("import-by-hand", {"path": PATH})
