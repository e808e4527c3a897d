"""Private files: what those of an identity are called, and how much of one is read.

Who may use them, and what may be in their place, is in ``test_folders``.
"""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authkit.adapters.files import LARGEST, file_name, read
from authkit.core import names
from authkit.core.failures import StateTrouble


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("dev-admin", "dev-admin"),
        ("a.b_c-9", "a.b_c-9"),
        ("x" * 64, "x" * 64),
        ("x" * 65, f"{'x' * 40}+9537c5fdf120482f"),
        ("a!b", "ab+80f8c6e54855dced"),
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


@pytest.mark.parametrize("size", [0, 1, 1 << 16, LARGEST])
def test_all_is_read(tmp_path: Path, size: int) -> None:
    """B-S02: a file is read to its end, however many reads that takes."""
    tmp_path.chmod(0o700)
    (tmp_path / "a").write_bytes(b"x" * size)
    (tmp_path / "a").chmod(0o600)
    assert read(str(tmp_path), str(tmp_path), "a") == b"x" * size


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    """B-S07: of a file that is too large no more is read than shows it."""
    tmp_path.chmod(0o700)
    with (tmp_path / "a").open("wb") as file:
        file.truncate(1 << 26)
    (tmp_path / "a").chmod(0o600)
    found = read(str(tmp_path), str(tmp_path), "a")
    assert found is not None
    assert LARGEST < len(found) < 2 * LARGEST


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    """B-S07: neither by a file that is read nor by one that is refused or not there."""
    tmp_path.chmod(0o700)
    inside = tmp_path / "inside"
    inside.mkdir(mode=0o700)
    for name, mode in (("good", 0o600), ("open", 0o666)):
        (inside / name).write_text(name)
        (inside / name).chmod(mode)
    before = len([*Path("/dev/fd").iterdir()])
    for folder in (inside, inside / "none"):
        for name in ("good", "open", "none"):
            with suppress(StateTrouble):
                read(str(tmp_path), str(folder), name)
    inside.chmod(0o777)
    for around in (tmp_path, inside):
        with pytest.raises(StateTrouble):
            read(str(around), str(inside), "good")
    assert len([*Path("/dev/fd").iterdir()]) == before
