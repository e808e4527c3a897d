"""`authkit --help`: which page is printed."""

from __future__ import annotations

import pytest

from authkit import manual
from authkit.arguments import COMMANDS, parse
from authkit.commands import help as help_command
from tests.support.stage import Stage


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help(name: str) -> None:
    """docs/contract.md, Commands: the page of a command on stdout, exit 0, and nothing is read."""
    stage = Stage()
    assert help_command.run(stage, parse([*name.split(), "--help"])) == 0
    assert stage.screen.data == [manual.page(name)]
    assert stage.screen.said == []
    assert stage.config.reads == 0
