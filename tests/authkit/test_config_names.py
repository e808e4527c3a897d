"""The names in a config file, against the parser that every command uses."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authkit.config_names import names
from authkit.core import config
from authkit.core.failures import Failure

# Config files that authkit takes.
GOOD = {
    "none": "",
    "comments": "# [identities.no]\n\n  # x\n[identities.dev] # more\n",
    "headers": "[identities.a]\n[ identities . b ]\n[ identities.\t'c d' ]\r\n",
    "quotes": "[identities.\"me@acme\"]\n[identities.'acme/dev']\n[\"identities\".'a#b'.x]\n",
    "escapes": r'[identities."entwickler-\u00fc"]' + "\n" + r'[identities."\U0001d518"]',
    "two forms": '[identities."e\u0301"]\n',
    "dotted keys": '[identities]\na.kind = "aws/user"\n"b c".kind = "aws/user"\nd = {}\n',
    "keys at the top": 'default = "a"\nidentities.a.kind = "aws/user"\nidentities.b = {}\n',
    "a mark at its beginning": "\ufeff[identities.a]\n",
    "strings": (
        '[identities.a]\nregion = "eu-west-1" # "\n'
        "mfa_arn = '''arn:aws:iam::123456789012:mfa/user'''\n"
        'session_duration = """\\\n  36h"""\n[identities.b]\n'
    ),
}


def known(text: str) -> set[str] | None:
    """Return the identities of a config file as every command reads it; None if it is refused."""
    try:
        return {*config.parse(text.encode(), "config.toml").identities}
    except Failure:
        return None


def found(text: str) -> set[str] | None:
    """Return the names that completion finds, None where it sees that the file is broken."""
    try:
        return names(text.encode())
    except ValueError:
        return None


@pytest.mark.parametrize("text", [t for name, t in GOOD.items() if name != "quotes"])
def test_the_names_of_a_good_file(text: str) -> None:
    """B-K04: the same names that the parser finds."""
    assert found(text) == known(text) is not None


def test_names_that_need_quotes() -> None:
    """Both kinds of quotes, around each part; what cannot be a name is seen."""
    assert found("[identities.\"me@acme\"]\n[identities.'acme/dev']\n") == {"me@acme", "acme/dev"}
    assert found(GOOD["quotes"]) is None


@pytest.mark.parametrize(
    "value",
    [
        '["a",\n  "b [x]", # ]\n  ["[identities.no]"],\n]',
        '"""\n[identities.no]\n\\"""\n[identities.no]\n"""',
        "'''\n[identities.no]\n'''",
        '"""ends in a quote""""',
        "[\n[1],\n]",
        '{ a = "[" }',
        '"\\\\"',
    ],
)
def test_values_of_several_lines(value: str) -> None:
    """No header is looked for inside a string, an array or an inline table, and one is after it."""
    assert names(f"[identities.a]\nx = {value}\n[identities.b]\n".encode()) == {"a", "b"}


BROKEN = [
    "a! = 1",
    "a = !1",
    *("nonsense", "[", "[identities", "[identities.a", "[identities.a]]", "[identities.a] x"),
    *("[identities.]", '[identities."a]', '[identities."a\\', "[[identities.a]", "= 1", "a ="),
    *("[identities.a]\nregion = eu-west-1", "[identities.a]\nregion =", "[identities.a]\nregion"),
    *("a = [1", 'a = """x', "a = ['x]", '[identities."-a"]', '[identities.""]', "a b = 1"),
    *("[identities.é]", '[identities."a\nb"]'),
]


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_file(text: str) -> None:
    """A header, a key or the end of a value that cannot be read breaks the whole file."""
    assert found(text) is None
    assert known(text) is None


def test_tables_that_are_no_identities() -> None:
    """Nor are arrays of tables; other bytes than UTF-8 are a ValueError too."""
    assert found("[others.a]\n[[identities.b]]\n[others]\nc.d = 1\n") == set()
    assert found("['\\'.x]\n[identities.a]") == {"a"}
    with pytest.raises(ValueError, match="utf-8"):
        names(b"\xff")


lines = st.sampled_from(
    [*(ln for text in (*GOOD.values(), *BROKEN) for ln in text.split("\n")), '"""', "'''", "]", "["]
)


@given(st.lists(lines, max_size=8).map("\n".join))
def test_any_lines(text: str) -> None:
    """Where the parser takes a file, the names are its names; nothing but ValueError is raised."""
    shown = found(text)
    if (wanted := known(text)) is not None:
        assert shown == wanted


@given(st.text(max_size=60), st.lists(st.text("ab .-@/:=+é", min_size=1), max_size=4))
def test_any_names(end: str, given_names: list[str]) -> None:
    """Names in quotes, with any text behind them."""
    text = "".join(f"[identities.{json.dumps(name)}]\n" for name in given_names) + end
    shown = found(text)
    if (wanted := known(text)) is not None:
        assert shown == wanted
