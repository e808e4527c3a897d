"""docs/shells.md, walked as it is printed: what it has a person put into the shell's own file.

Each shell starts with those lines in its file, and a person types.  authkit is a program
beside a ``share/``, as an installation has it.
"""

from __future__ import annotations

import re
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from docs.completions import SHARE
from tests.support.pages import blocks
from tests.support.pty_tools import spawn
from tests.support.simulator import BIN, KEYS, MFA, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.simulator import Home

PAGE = (ROOT / "docs" / "shells.md").read_text("utf-8")
FILES = {"bash": ".bashrc", "zsh": ".zshrc", "fish": "config/fish/config.fish"}
CONFIG = '[identities.dev-admin]\nregion = "eu-west-1"\n[identities.other]\n'
SHOWS = 'echo "<$AUTHKIT_IDENTITY|$AWS_REGION|$AWS_SESSION_TOKEN>"'


def printed(shell: str) -> str:
    """Return the blocks of the page for a shell."""
    found = blocks(PAGE, shell)
    assert len(found) == 2, "the setup, and the prompt"
    return "\n".join(found)


class Person:
    """Somebody who types into a shell that has read its file."""

    def __init__(self, shell: str, environ: dict[str, str]) -> None:
        self.screen = spawn([shell, "-i"], environ)
        self._lines = 0
        self.run(f"cd {ROOT}")  # the shell has started, and read its file

    def run(self, line: str) -> str:
        """Type a line and Enter; return what is shown until the line has been run."""
        self._lines += 1
        self.screen.sendline(f"{line}; echo ran-''{self._lines}")
        self.screen.expect_exact(f"ran-{self._lines}\r\n")
        return str(self.screen.before)

    def sees(self) -> tuple[str, str, bool]:
        """Return the identity and the region that are set, and whether there is a token."""
        identity, region, token = re.findall(r"<([^$>]*)>", self.run(SHOWS))[-1].split("|")
        return identity, region, bool(token)


@pytest.fixture(params=FILES)
def shell(request: pytest.FixtureRequest, online: Home) -> str:
    """Return each shell that is installed, with the page's lines in its file."""
    name = str(request.param)
    if not shutil.which(name):
        pytest.skip(f"{name} is not installed")
    installed(online.path / "installed")
    online.extra = {
        "PATH": f"{online.path}/installed/bin:{online.environ['PATH']}",
        "XDG_DATA_DIRS": "/usr/local/share:/usr/share",
        "LANG": "C.UTF-8",
    }
    path = online.path / FILES[name]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(printed(name), "utf-8")
    online.config(CONFIG)
    return name


def installed(folder: Path) -> None:
    """Make a folder with authkit in ``bin/`` and with ``share/``."""
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "authkit").write_text(f'#!/bin/sh\nexec {BIN}/authkit "$@"\n')
    (folder / "bin" / "authkit").chmod(0o755)
    (folder / "share").symlink_to(SHARE)


@pytest.fixture
def person(shell: str, online: Home) -> Iterator[Person]:
    """Return somebody in a shell, who has a session for `dev-admin` and one for `other`."""
    online.log_in()
    online.put_in_keyring({"version": 1, **KEYS}, "other")
    assert online.authkit("login", "other").returncode == 0
    typing = Person(shell, online.environ)
    yield typing
    typing.screen.close(force=True)


def test_a_session_in_the_shell(person: Person) -> None:
    """B-E02: `ak NAME` sets it, another takes its place with its own region, `ak` removes it."""
    person.run("ak dev-admin")
    assert person.sees() == ("dev-admin", "eu-west-1", True)
    person.run("ak other")
    assert person.sees() == ("other", "us-east-1", True)
    person.run("ak")
    assert person.sees() == ("", "", False)
    person.run("ak")
    assert person.sees() == ("", "", False)


@pytest.mark.parametrize("line", ["ak --help", "ak dev-admin other", "ak ''"])
def test_what_is_no_name(person: Person, line: str) -> None:
    """B-E08: nothing of what is said about it is run, and it fails."""
    status = "$status" if person.screen.command.endswith("fish") else "$?"
    shown = person.run(f"{line}; echo was-{status}")
    assert re.search("usage|name", shown.replace(line, ""), re.IGNORECASE)
    assert re.findall(r"was-\d+", shown) == ["was-2"]
    assert person.sees() == ("", "", False)


def test_a_session_that_there_is_not(person: Person) -> None:
    """B-K04: an unknown identity is told, and no session is left; its status is not 0."""
    person.run("ak dev-admin")
    status = "$status" if person.screen.command.endswith("fish") else "$?"
    shown = person.run(f"ak dev-admim; echo was-{status}")
    assert "dev-admim" in shown
    assert re.findall(r"was-\d+", shown) == ["was-2"]
    assert person.sees() == ("", "", False)


def test_a_login_on_the_way(shell: str, online: Home) -> None:
    """B-L02: without a session `ak` logs in, with its questions on the terminal, and sets it."""
    online.put_in_keyring({"version": 1, **KEYS, "mfa_arn": MFA})
    person = Person(shell, online.environ)
    person.screen.sendline("ak dev-admin")
    person.screen.expect_exact("Enter MFA Token: ")
    person.screen.sendline("123456")
    person.screen.expect_exact("Authentication successful!")
    assert person.sees() == ("dev-admin", "eu-west-1", True)
    person.screen.close(force=True)


def test_tab(person: Person) -> None:
    """B-K04: both commands are completed in a shell that has read the page's lines."""
    person.screen.sendline("ak dev-ad\t")
    assert person.sees() == ("dev-admin", "eu-west-1", True)
    person.screen.send("authkit whoami oth\t--offl\t; echo ran-''0\r")
    person.screen.expect_exact("ran-0\r\n")
    assert re.search(r"Identity +other", str(person.screen.before))


def test_the_prompt(person: Person) -> None:
    """It shows the identity, and that its session has run out, and nothing without a session."""
    person.run("ak dev-admin")
    person.screen.expect_exact("(dev-admin) ")
    is_fish = person.screen.command.endswith("fish")
    past = "AWS_SESSION_EXPIRATION", "2024-12-24T11:58:00Z"
    person.run(("set -gx {} {}" if is_fish else "export {}={}").format(*past))
    person.screen.expect_exact("(dev-admin: expired) ")
    person.run("ak")
    assert "dev-admin" not in person.run("echo without")


@pytest.mark.skipif(not shutil.which("man"), reason="man is not installed")
def test_the_man_page(shell: str, online: Home) -> None:
    """`man` finds it beside the command."""
    if shell != "bash" or sys.platform != "linux":
        pytest.skip("once is enough; man of other systems may look elsewhere")
    online.extra["MANPATH"] = ""
    found = online.run("man", "-w", "authkit").stdout
    assert found.endswith("/share/man/man1/authkit.1\n")
