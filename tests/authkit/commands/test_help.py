"""`authkit --help`: which page is printed."""

from __future__ import annotations

import pytest

from authkit import manual
from authkit.arguments import COMMANDS, parse
from authkit.commands import help as help_command
from tests.support.stage import Stage


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_as_a_command(name: str) -> None:
    """docs/contract.md, Commands: `authkit help COMMAND` is the same page."""
    stage = Stage(columns=40)
    assert help_command.run(stage, parse(["help", *name.split()])) == 0
    assert stage.screen.data == [manual.page(name, 40)]


def test_no_command() -> None:
    """docs/contract.md, Commands: `authkit` alone shows the usage, on stderr, and exits with 2."""
    stage = Stage()
    assert help_command.run(stage, parse([])) == 2
    assert (stage.screen.said, stage.screen.data) == ([manual.page()], [])


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help(name: str) -> None:
    """docs/contract.md, Commands: the page of a command on stdout, exit 0, and nothing is read."""
    stage = Stage()
    assert help_command.run(stage, parse([*name.split(), "--help"])) == 0
    assert stage.screen.data == [manual.page(name)]
    assert stage.screen.said == []
    assert stage.config.reads == 0
