"""Who can be asked: the settings that forbid it, and terminals of real processes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from authkit.adapters import asking
from tests.support.pty_tools import Shell, finished, spawn

if TYPE_CHECKING:
    from pathlib import Path

ASKS = (
    f"{sys.executable} -c 'from authkit.adapters import asking; print(asking.without_terminal())'"
)
NULL, NONE = "standard input is the null device", "there is no terminal"


@pytest.mark.parametrize(
    ("environ", "no_input", "why"),
    [
        ({}, False, ""),
        ({"CI": ""}, False, ""),
        ({"CI": "false"}, False, ""),
        ({"CI": "False"}, False, ""),
        ({"CI": "0"}, False, ""),
        ({"CI": "no"}, False, ""),
        ({"CI": "NO"}, False, ""),
        ({"CI": "true"}, False, "CI=true is set"),
        ({"CI": "1"}, False, "CI=1 is set"),
        ({"CI": "off"}, False, "CI=off is set"),
        ({"CI": " "}, False, "CI=  is set"),
        ({}, True, "--no-input was given"),
        ({"CI": "1"}, True, "--no-input was given"),
    ],
)
def test_settings(environ: dict[str, str], no_input: bool, why: str) -> None:  # noqa: FBT001 - a table's column
    """docs/contract.md, Streams: --no-input forbids asking, and CI but for four values."""
    assert asking.settings_forbid(environ, no_input=no_input) == why


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{}", ""),
        ("echo | {}", ""),
        ("{} < /etc/passwd", ""),
        ("{} < /dev/zero", ""),
        ("{} < /dev/null", NULL),
        ("{} <&-", NULL),
        ("echo | setsid --wait {} | cat", NONE),
        ("setsid --wait {} < /dev/null | cat", NULL),
        ("setsid --wait {}", ""),
    ],
)
def test_on_a_terminal(line: str, why: str) -> None:
    """docs/contract.md, Streams: a pipe or a file leaves the terminal, the null device does not."""
    screen = spawn(["bash", "-c", f"{line.format(ASKS)}; echo end."])
    screen.expect_exact("end.")
    assert str(screen.before).strip() == why


def test_without_a_terminal() -> None:
    """docs/contract.md, Streams: a process without a controlling terminal asks nobody."""
    assert finished(["sh", "-c", f"echo | {ASKS}"]).stdout.strip() == NONE


def test_in_the_background(shell: Shell, tmp_path: Path) -> None:
    """docs/contract.md, Streams: with a pipe, only the terminal's foreground asks."""
    said = tmp_path / "said"
    behind = "authkit is in the background of its terminal"
    for job, why in (("&", behind), ("", "")):
        shell.run(f"echo | {ASKS} > {said} {job}")
        shell.run("wait")
        assert said.read_text().strip() == why


def test_the_terminal_in_the_background_waits(shell: Shell, tmp_path: Path) -> None:
    """docs/contract.md, Streams: a terminal as standard input will do: a question waits for fg."""
    said = tmp_path / "said"
    shell.run(f"{ASKS} > {said} &")
    shell.run("wait")
    assert said.read_text().strip() == ""


@pytest.mark.parametrize(("somebody", "given"), [(True, {"GPG_TTY": "/dev/pts/7"}), (False, {})])
def test_where_pinentry_may_ask(*, somebody: bool, given: dict[str, str]) -> None:
    """docs/contract.md, Streams: gpg's own variable says where, if somebody may be asked."""
    assert asking.gpg_terminal({"GPG_TTY": "/dev/pts/7"}, somebody=somebody) == given
