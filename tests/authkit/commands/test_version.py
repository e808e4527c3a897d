"""`authkit --version`."""

from __future__ import annotations

from authkit import __version__
from authkit.arguments import parse
from authkit.commands import version
from tests.support.stage import Stage


def test_version() -> None:
    """docs/contract.md, Commands: name and version on stdout, exit 0, and nothing is read."""
    stage = Stage()
    assert version.run(stage, parse(["--version"])) == 0
    assert stage.screen.data == [f"authkit {__version__}"]
    assert stage.screen.said == []
    assert stage.config.reads == 0
