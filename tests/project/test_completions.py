"""The completions that are checked in: each shell can read its own, and takes all of the table.

tests/project/test_docs.py compares them with what is generated, and
tests/terminal/test_completion.py tries them.
"""

from __future__ import annotations

import shutil

import pytest
import shtab

from authkit.arguments import COMMANDS, OPTIONS
from docs import completions
from tests.support.pty_tools import finished


@pytest.mark.parametrize("shell", completions.FILES)
def test_the_shell_reads_it(shell: str) -> None:
    """`-n` finds no mistake in it."""
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    done = finished([shell, "-n", str(completions.FILES[shell])])
    assert done.stdout + done.stderr == ""


@pytest.mark.parametrize("shell", completions.FILES)
def test_it_has_every_command_and_option(shell: str) -> None:
    """Each word of a command, and each option in all its spellings."""
    text = completions.FILES[shell].read_text("utf-8")
    spelt = [s.partition("=")[0] for flag, each in OPTIONS.items() for s in (flag, *each.also)]
    if shell == "fish":  # complete -l identity -s i
        spelt = [f"-{'l' if s.startswith('--') else 's'} {s.lstrip('-')}" for s in spelt]
    words = {word for name in COMMANDS for word in name.split()}
    assert [word for word in (*spelt, *words) if word not in text] == []


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_another_shtab_is_noticed(shell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where shtab's text has no ending that can be replaced, nothing is generated."""
    monkeypatch.setattr(shtab, "complete", lambda *_: "something else")
    with pytest.raises(ValueError, match="another ending"):
        completions.completions(shell)
