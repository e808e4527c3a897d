"""What the files of identities are called."""

from __future__ import annotations

import unicodedata
from itertools import product
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authkit.adapters.file_names import called, file_name, old_file_name
from authkit.core import names


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
    assert file_name(name) == file


def test_a_long_name_has_a_short_file_name() -> None:
    """docs/contract.md, Stored form: 40 letters and digits, a plus and 16 digits."""
    assert len(file_name("X" * 128)) == 40 + 1 + 16
    assert len(file_name("\U00020000" * 128).encode()) + len(".json+draft") < 255


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_no_two_share_a_file(form: Literal["NFC", "NFD", "NFKC", "NFKD"]) -> None:
    """B-S10: file names differ also where the file system folds case and Unicode forms."""
    alike = ["".join(word) for word in product("dD", "e\u00e9\u00c9", "vV", "-.", "k\u212a\uff4b")]
    alike = [name for name in alike if names.is_name(name)]
    assert len(alike) > 40
    files = {unicodedata.normalize(form, file_name(name)).casefold() for name in alike}
    assert len(files) == len(alike)


@given(st.text(min_size=1, max_size=128))
def test_any_name(text: str) -> None:
    """B-S10: the file of a name is inside its folder."""
    if names.is_name(names.normal(text)):
        file = file_name(names.normal(text))
        assert "/" not in file
        assert file not in {".", ".."}


def test_old_files() -> None:
    """B-S10: a name of the old form with capitals had a file of its own name."""
    assert old_file_name("Dev-Admin") == "Dev-Admin"
    assert old_file_name("dev-admin") == old_file_name("Me@Acme") == ""
    assert called("Dev-Admin") == "Dev-Admin"
    assert called("devadmin+bc3fe06c14c6cb3b") == called("a b") == ""
