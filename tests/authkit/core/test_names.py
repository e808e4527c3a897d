"""Which texts can be names of identities, and how a shell reads one.

Names are written with escapes where a reader could not tell them apart.
"""

from __future__ import annotations

import shlex
import subprocess
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authkit.core import names, render

NAMES = [
    *(
        "a",
        "Xavier",
        "dev-admin",
        "A.b_c-9",
        "0",
        "x" * 64,
        "x" * 128,
        "me@acme",
        "arn:aws:iam::1:user/me",
    ),
    *("a b", ".", "..", "../up", "_a", "entwickler-\u00fc", "\u958b\u767a", "a+b=c,d"),
    "\u0926\u0947\u0935",  # Devanagari, with a vowel sign
    "\u0661",  # a digit that is not ASCII
    "\u00fc" * 128,
]
NO_NAMES = [
    *(
        "",
        "-a",
        " a",
        "a ",
        "a\n",
        "a\0",
        "a\x1b[2J",
        "x" * 129,
        "a?",
        "a'b",
        'a"b',
        "$HOME",
        "a`b",
    ),
    *("a\\b", "a;b", "a*", "a%b", "a!b", "a\u00a0b", "a\u2003b", "\u20ac", "\u2460", "\U0001f600"),
    *("a\ud800", "a\u0308"),  # not text; not NFC
    *("a\u200bb", "a\u00adb", "a\u034fb", "\u115f", "\u3164", "a\ufe0f", "\uffa0", "a\U000e0100"),
]


@pytest.mark.parametrize("name", NAMES)
def test_names(name: str) -> None:
    """docs/contract.md, Stored form: valid names."""
    assert names.is_name(name)


@pytest.mark.parametrize("name", NO_NAMES)
def test_not_names(name: str) -> None:
    """docs/contract.md, Stored form: no blanks at the ends, nothing invisible, no shell's sign."""
    assert not names.is_name(name)


def test_nothing_invisible_is_a_name() -> None:
    """B-S10: whatever has the general category of a format or control character is refused."""
    hidden = {"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"}
    for code in range(0x110000):
        if code != 0x20 and unicodedata.category(chr(code)) in hidden:
            assert not names.is_name(f"a{chr(code)}b"), hex(code)


def test_unicodes_own_count() -> None:
    """B-K06: the ranges are apart, in order, and as many as DerivedCoreProperties.txt counts."""
    ends = [end for bounds in names.IGNORABLE for end in bounds]
    assert ends == sorted(ends)
    assert sum(last - first + 1 for first, last in names.IGNORABLE) == 4174


def test_nfc() -> None:
    """B-S10: two spellings of one letter are one name."""
    assert names.normal("u\u0308") == names.normal("\u00fc") == "\u00fc"
    assert names.normal("dev-admin") == "dev-admin"
    assert names.meant("", {"AUTHKIT_IDENTITY": "u\u0308"}) == "\u00fc"
    assert names.meant("a", {"AUTHKIT_IDENTITY": "b"}) == "a"
    assert names.meant("", {}) == ""


@given(st.text(min_size=1, max_size=128))
def test_any_text(text: str) -> None:
    """B-S10: what is a name is one word for a shell."""
    name = names.normal(text)
    if names.is_name(name):
        assert shlex.split(f"authkit login --identity {render.quoted(name)}")[-1] == name


@pytest.mark.parametrize("name", [name for name in NAMES if len(name) < 64])
def test_a_shell_reads_a_quoted_name(name: str) -> None:
    """docs/contract.md, Stored form: a real shell gets the name as one word."""
    said = subprocess.run(  # noqa: S603 - our own
        ["/bin/sh", "-c", f"printf '[%s]' {render.quoted(name)}"],
        capture_output=True,
        check=True,
        start_new_session=True,
    )
    assert said.stdout.decode() == f"[{name}]"


def test_plain_names_are_not_quoted() -> None:
    """docs/contract.md, Stored form: the names that need no quotes."""
    assert [render.quoted(name) for name in ("a@b:c/d+e=f,g.h_i-j", "a b", "\u00fc")] == [
        "a@b:c/d+e=f,g.h_i-j",
        '"a b"',
        '"\u00fc"',
    ]
