"""Completion in real shells on a PTY: what a person gets who types a part, Tab and Enter.

In each shell a function `authkit` shows the words that it gets, so that the shell's own
quoting is part of what is seen.  The completions run the real authkit.
"""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from docs.completions import SHARE
from tests.support.pty_tools import ENVIRON, spawn
from tests.support.simulator import BIN

if TYPE_CHECKING:
    from collections.abc import Iterator
NAMES = ("acme dev", "me@acme", "a:b:c", "x=y", "größe", "=a", "unique")
TEAMS = (f'[identities.team-{number}]\nkind = "aws/user"' for number in range(1000))
CONFIG = "\n".join((*TEAMS, *(f'[identities."{name}"]' for name in NAMES)))
BASH_COMPLETION = Path("/usr/share/bash-completion/bash_completion")
AUTHKIT = SHARE / "bash-completion" / "completions" / "authkit"
SHOW = "authkit() { printf '<%s>' \"$@\"; echo '<end>'; }"
OF_ZSH = SHARE / "zsh" / "site-functions"
# How each shell is started, and what is typed into it first.  `try-it` is a command of the
# person's with a completion of its own.
BASH = (
    ["bash", "--norc", "--noprofile", "-i"],
    [
        *("bind 'set enable-bracketed-paste off'", "bind 'set bell-style none'"),
        *(f"source {AUTHKIT}", SHOW, "try-it() { :; }", "complete -W 'alphabet' try-it"),
    ],
)
SHELLS = {
    "bash": BASH,
    "bash with bash-completion": (BASH[0], [f"source {BASH_COMPLETION}", *BASH[1]]),
    "zsh": (
        ["zsh", "-f", "-i"],
        [
            *("unsetopt zle_bracketed_paste prompt_cr", f"fpath=({OF_ZSH} $fpath)"),
            *("autoload -Uz compinit", "compinit -u -D", SHOW, "try-it() { :; }"),
            *("_try_it() { compadd alphabet; }", "compdef _try_it try-it"),
        ],
    ),
    "fish": (
        ["fish"],
        [
            "function authkit; printf '<%s>' $argv; echo '<end>'; end",
            *("function try-it; end", "complete -c try-it -xa alphabet"),
        ],
    ),
}
# What is typed before Tab, and the words that authkit gets.
LINES = {
    "authkit logi": "login",
    "authkit user conf": "user configure",
    "authkit help exe": "help exec",
    "authkit login --forc": "login --force",
    "authkit login team-1 --forc": "login team-1 --force",
    "authkit login uni": "login unique",
    "authkit user configure uni": "user configure unique",
    "authkit exec uni": "exec unique",
    "authkit --no-input whoami uni": "--no-input whoami unique",
    "authkit --config /dev/null login uni": "--config /dev/null login unique",
    "authkit login --duration 8h uni": "login --duration 8h unique",
    "authkit login --duration=8h uni": "login --duration=8h unique",
    "authkit login --identity uni": "login --identity unique",
    "authkit login --identity=uni": "login --identity=unique",
    "authkit exec -i uni": "exec -i unique",
    "authkit env --format pow": "env --format powershell",
    "authkit env --format=pow": "env --format=powershell",
    "authkit login ac": "login acme_dev",  # in this table _ is a blank
    r"authkit login acme\ d": "login acme_dev",
    "authkit login 'acme d": "login acme_dev",
    'authkit login "ac': "login acme_dev",
    "authkit login me": "login me@acme",
    "authkit login me@a": "login me@acme",
    "authkit login --identity=me@a": "login --identity=me@acme",
    "authkit login a:": "login a:b:c",
    "authkit login x=": "login x=y",
    r"authkit login \=": "login =a",
    "authkit login gr": "login größe",
    "authkit login --config my": "login --config my_file",
    "authkit login --config=my": "login --config=my_file",
    "authkit exec team-1 --no-pro": "exec team-1 --no-probe",
    "authkit exec team-1 -- try-": "exec team-1 -- try-it",
    "authkit exec team-1 try-": "exec team-1 try-it",
    "authkit exec -- try-": "exec -- try-it",
    "authkit exec team-1 -- cat my": "exec team-1 -- cat my_file",
    "authkit exec team-1 try-it --no-pro": "exec team-1 try-it --no-pro",
    "authkit exec -- try-it --no-pro": "exec -- try-it --no-pro",
    "authkit login nobody": "login nobody",
}
# Without bash-completion, bash completes files as the command's arguments.
OF_THE_COMMAND = {
    "authkit exec -- try-it al": "exec -- try-it alphabet",
    "authkit exec team-1 try-it al": "exec team-1 try-it alphabet",
    "authkit exec me@acme -- try-it x --force al": "exec me@acme -- try-it x --force alphabet",
    "authkit exec --region us-east-1 -i team-1 try-it al": "exec --region us-east-1 -i team-1 "
    "try-it alphabet",
}


class Typing:
    """An interactive shell with authkit's completions."""

    def __init__(self, shell: str, environ: dict[str, str]) -> None:
        start, lines = SHELLS[shell]
        self.screen = spawn(start, environ)
        self.is_plain_bash = shell == "bash"
        self._ran = 0
        for line in lines:
            self.run(line)

    def run(self, line: str) -> None:
        """Type a line with Enter, and wait until it has been run."""
        self._ran += 1
        self.screen.sendline(f"{line}; echo ran-''{self._ran}")
        self.screen.expect_exact(f"ran-{self._ran}")

    def after_tab(self, line: str) -> str:
        """Type a line, Tab and Enter; return the screen from there to the end of `authkit`."""
        self.screen.send(f"{line}\t\r")
        self.screen.expect_exact("<end>")
        return str(self.screen.before)

    def words(self, line: str) -> list[str]:
        """Type a line, Tab and Enter; return the words that authkit gets."""
        return re.findall("<(.*?)>", self.after_tab(line))


@contextmanager
def typing(shell: str, home: Path, config: str) -> Iterator[Typing]:
    """Start a shell whose authkit has this config file."""
    if not shutil.which(SHELLS[shell][0][0]):
        pytest.skip(f"{shell} is not installed")
    if "bash_completion" in str(SHELLS[shell]) and not BASH_COMPLETION.exists():
        pytest.skip("bash-completion is not installed")
    (home / "config.toml").write_text(config, "utf-8")
    (home / "my file").touch()
    environ = ENVIRON | {
        "HOME": str(home),
        "PATH": f"{BIN}:{ENVIRON['PATH']}",
        "AUTHKIT_CONFIG": str(home / "config.toml"),
        "AUTHKIT_STATE_DIR": str(home / "state"),
        "XDG_DATA_DIRS": f"{SHARE}:/usr/local/share:/usr/share",
    }
    typed = Typing(shell, environ)
    typed.run(f"cd {home}")
    try:
        yield typed
    finally:
        typed.screen.close(force=True)


@pytest.fixture(scope="module", params=SHELLS)
def person(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Typing]:
    """Return a shell of each kind, with more than a thousand identities."""
    with typing(request.param, tmp_path_factory.mktemp("home"), CONFIG) as typed:
        yield typed


@pytest.mark.parametrize("line", LINES)
def test_a_tab(person: Typing, line: str) -> None:
    """B-K04: commands, options, values and one identity of a thousand, whatever its letters."""
    assert person.words(line) == [word.replace("_", " ") for word in LINES[line].split()]


@pytest.mark.parametrize("line", OF_THE_COMMAND)
def test_the_command_that_exec_runs(person: Typing, line: str) -> None:
    """B-E08: what follows exec's command is completed as that command's own arguments."""
    if person.is_plain_bash:
        pytest.skip("bash cannot ask for another command's completion by itself")
    assert person.words(line) == OF_THE_COMMAND[line].split()


TROUBLE = re.compile("rror|ot found|No such|Traceback|[⚠✗]")


@pytest.mark.parametrize("shell", SHELLS)
def test_a_broken_config(tmp_path: Path, shell: str) -> None:
    """B-A02: nothing is completed, and nothing is printed, where no command works."""
    with typing(shell, tmp_path, "[identities.unique]\nregion = eu-west-1\n") as typed:
        shown = typed.after_tab("authkit login uni")
        assert re.findall("<(.*?)>", shown) == ["login", "uni"]
        assert not TROUBLE.search(shown)


@pytest.mark.parametrize("older", [False, True])
@pytest.mark.parametrize("shell", SHELLS)
def test_without_authkit(tmp_path: Path, shell: str, *, older: bool) -> None:
    """Without authkit, or with one that does not know the command, no identity, silently."""
    with typing(shell, tmp_path, "[identities.unique]\n") as typed:
        if older:
            (tmp_path / "authkit").write_text("#!/bin/sh\necho error >&2\nexit 2\n")
            (tmp_path / "authkit").chmod(0o755)
        assert typed.words("authkit login uni") == ["login", "unique"]
        typed.run(f"PATH={tmp_path}" if shell != "fish" else f"set -gx PATH {tmp_path}")
        shown = typed.after_tab("authkit login uni")
        assert re.findall("<(.*?)>", shown) == ["login", "uni"]
        assert not TROUBLE.search(shown)
