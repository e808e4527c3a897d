"""Which texts can be names of identities, what their files are called, and how a shell reads one.

Names are written with escapes where a reader could not tell them apart.
"""

from __future__ import annotations

import shlex
import subprocess
import unicodedata
from itertools import product
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authkit.core import names

NAMES = [
    *("a", "dev-admin", "A.b_c-9", "0", "x" * 64, "x" * 128, "me@acme", "arn:aws:iam::1:user/me"),
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


def test_nfc() -> None:
    """B-S10: two spellings of one letter are one name."""
    assert names.normal("u\u0308") == names.normal("\u00fc") == "\u00fc"
    assert names.normal("dev-admin") == "dev-admin"
    assert names.meant("", {"AUTHKIT_IDENTITY": "u\u0308"}) == "\u00fc"
    assert names.meant("a", {"AUTHKIT_IDENTITY": "b"}) == "a"
    assert names.meant("", {}) == ""


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("dev-admin", "dev-admin"),
        ("a.b_c-9", "a.b_c-9"),
        ("x" * 64, "x" * 64),
        ("me@acme", "meacme+7875539a65e284e0"),
        ("Dev-Admin", "devadmin+bc3fe06c14c6cb3b"),
        ("entwickler-\u00fc", "entwickler\u00fc+5f397f826103a733"),
        ("../up", "up+8c722b8ae2c9de45"),
        (".", "+cdb4ee2aea69cc6a"),
    ],
)
def test_file_names(name: str, file: str) -> None:
    """docs/contract.md, Stored form: old names in lower case keep their files."""
    assert names.file_name(name) == file


def test_a_long_name_has_a_short_file_name() -> None:
    """docs/contract.md, Stored form: 40 letters and digits, a plus and 16 digits."""
    assert len(names.file_name("X" * 128)) == 40 + 1 + 16
    assert len(names.file_name("\U00020000" * 128).encode()) + len(".json+draft") < 255


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_no_two_share_a_file(form: Literal["NFC", "NFD", "NFKC", "NFKD"]) -> None:
    """B-S10: file names differ also where the file system folds case and Unicode forms."""
    alike = ["".join(word) for word in product("dD", "e\u00e9\u00c9", "vV", "-.", "k\u212a\uff4b")]
    alike = [name for name in alike if names.is_name(name)]
    assert len(alike) > 40
    files = {unicodedata.normalize(form, names.file_name(name)).casefold() for name in alike}
    assert len(files) == len(alike)


@given(st.text(min_size=1, max_size=128))
def test_any_text(text: str) -> None:
    """B-S10: what is a name leads to a file inside its folder, and is one word for a shell."""
    name = names.normal(text)
    if names.is_name(name):
        file = names.file_name(name)
        assert "/" not in file
        assert file not in {".", ".."}
        assert shlex.split(f"authkit login --identity {names.quoted(name)}")[-1] == name


def test_old_files() -> None:
    """B-S10: a name of the old form with capitals had a file of its own name."""
    assert names.old_file_name("Dev-Admin") == "Dev-Admin"
    assert names.old_file_name("dev-admin") == names.old_file_name("Me@Acme") == ""
    assert names.called("Dev-Admin") == "Dev-Admin"
    assert names.called("devadmin+bc3fe06c14c6cb3b") == names.called("a b") == ""


@pytest.mark.parametrize("name", [name for name in NAMES if len(name) < 64])
def test_a_shell_reads_a_quoted_name(name: str) -> None:
    """docs/contract.md, Stored form: a real shell gets the name as one word."""
    said = subprocess.run(  # noqa: S603 - our own
        ["/bin/sh", "-c", f"printf '[%s]' {names.quoted(name)}"], capture_output=True, check=True
    )
    assert said.stdout.decode() == f"[{name}]"


def test_plain_names_are_not_quoted() -> None:
    """docs/contract.md, Stored form: the names that need no quotes."""
    assert [names.quoted(name) for name in ("a@b:c/d+e=f,g.h_i-j", "a b", "\u00fc")] == [
        "a@b:c/d+e=f,g.h_i-j",
        '"a b"',
        '"\u00fc"',
    ]
