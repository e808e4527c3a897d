"""The size of the core, and how lines of code are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from docs import code_lines

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_CORE = code_lines.LARGEST_CORE


def test_the_core_is_small() -> None:
    """The core, without words, configuration and the form, has no more lines than its limit.

    A new error case is one row: the rows of RULES need no room elsewhere.
    """
    assert code_lines.of_rows() > 100
    assert code_lines.core() - code_lines.of_rows() <= LARGEST_CORE


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("", 0),
        ('"""What it is."""\n\nx = 1  # why\n# a comment\n', 1),
        ("import re\nfrom os import (\n    path,\n    sep,\n)\n", 0),
        ("TYPE_CHECKING = False\nif TYPE_CHECKING:\n    from a import b\n", 0),
        ('def f():\n    """Say what.\n\n    More.\n    """\n    return (\n        1\n    )\n', 4),
        ('Rule(\n    "a",\n    meaning="b"\n    "c",\n    hint="d",\n)\n', 3),
        ('Row(\n    "a",\n    meaning="b",\n)\n', 4),
    ],
)
def test_what_counts(tmp_path: Path, source: str, lines: int) -> None:
    """Code counts; blank lines, comments, docstrings, imports and the words of a row do not."""
    module = tmp_path / "module.py"
    module.write_text(source, encoding="utf-8")
    assert code_lines.code_lines(module) == lines


def test_every_folder_is_in_the_picture() -> None:
    """The picture in docs/architecture.md has every folder of authkit, fakes and replay."""
    shown = {path for _, path, _ in code_lines.FOLDERS}
    roots = ("authkit", "fakes", "scenarios/replay")
    modules = (path for root in roots for path in (code_lines.ROOT / root).rglob("*.py"))
    assert {path.parent for path in modules} == shown


def test_every_module_that_is_left_out_is_there() -> None:
    """Each module that the count leaves out is one module of the core."""
    core = (code_lines.ROOT / "authkit" / "core", code_lines.ROOT / "authkit" / "login")
    found = [path.name for folder in core for path in folder.glob("*.py")]
    assert {name: found.count(name) for name in code_lines.WORDS} == dict.fromkeys(
        code_lines.WORDS, 1
    )
