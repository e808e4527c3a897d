"""docs/aws-programs.md, walked as printed: each of its commands is run, in its order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from authkit.aws_files.profiles import found_by_all
from tests.support.pages import blocks
from tests.support.pty_tools import finished
from tests.support.simulator import KEYS

if TYPE_CHECKING:
    from tests.support.simulator import Home

PAGE = (Path(__file__).parents[2] / "docs" / "aws-programs.md").read_text("utf-8")
ARN = "arn:aws:iam::123456789012:user/dev-admin"


def test_every_command_works(online: Home) -> None:
    """Each block in a shell that stops at the first failure; the profile is as it is printed."""
    online.config('[identities.dev-admin]\nregion = "eu-west-1"\n')
    online.put_in_keyring({"version": 1, **KEYS})
    config = online.path / ".aws" / "config"
    add, use, env, remove = blocks(PAGE, "sh")
    for block in (add, use, env, remove):
        command = ["/bin/sh", "-e", "-c", block]
        done = finished(command, online.environ, check=False, cwd=online.path)
        assert done.returncode == 0, done.stderr
        if block == use:
            assert done.stdout.count(ARN) == 3
        if block == add:
            (printed,) = blocks(PAGE, "ini")
            lines = [line.partition(" = ")[0] for line in config.read_text().splitlines()]
            assert lines == [line.partition(" = ")[0] for line in printed.splitlines()]
    assert "AWS_SESSION_TOKEN=" in (online.path / "session.env").read_text()
    assert config.read_text() == ""


def test_the_names_that_every_sdk_finds() -> None:
    """The characters that the page lists are those that are not warned of."""
    listed = PAGE.partition("letters, digits and `")[2].partition("`")[0].split()
    assert [mark for mark in listed if not found_by_all(f"a{mark}b")] == []
    others = set("_@+.%:/-=, ü") - set(listed)
    assert [mark for mark in others if found_by_all(f"a{mark}b")] == []
