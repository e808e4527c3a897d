"""The pages of help."""

from __future__ import annotations

import pytest

from authkit import manual
from authkit.arguments import ANYWHERE, COMMANDS


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_the_pages_of_help(name: str) -> None:
    """docs/contract.md, Commands: a page has every option of its command, in 80 columns."""
    shown = manual.page(name)
    assert shown.startswith(f"usage: authkit {name}")
    for flag in (*(COMMANDS[name].options if name else ()), *ANYWHERE):
        assert f" {flag}" in shown
    assert all(len(line) <= 80 for line in shown.splitlines())
    assert name or all(f"  {command}" in shown for command in COMMANDS)
