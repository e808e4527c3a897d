"""The size of the core, and how lines of code are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from docs import code_lines

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_CORE = 1600


def test_the_core_is_small() -> None:
    """The core, without words and configuration, has no more lines than its limit."""
    assert code_lines.core() <= LARGEST_CORE


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
