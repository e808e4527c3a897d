"""``python -m fakes``."""

from __future__ import annotations

import sys

from tests.support.pty_tools import finished


def test_without_a_command() -> None:
    """Who types the name alone is shown the commands; the exit status is a usage error's."""
    ended = finished([sys.executable, "-m", "fakes"], check=False)
    assert ended.returncode == 2
    assert "serve STS, IAM" in ended.stderr


def test_it_is_the_simulator_under_its_own_name() -> None:
    """Its help names the command as it was typed, and the subcommands `serve` and `shell`."""
    said = finished([sys.executable, "-m", "fakes", "--help"]).stdout
    assert said.startswith("usage: python -m fakes ")
    assert "serve" in said
    assert "shell" in said
