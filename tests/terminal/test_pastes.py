"""Blocks pasted into the questions of a real process, through tmux."""

from __future__ import annotations

import shutil
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from tests.support.pty_tools import LIMIT
from tests.support.simulator import BIN, KEYS, MFA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.simulator import Home

pytestmark = pytest.mark.skipif(not shutil.which("tmux"), reason="needs tmux")
FIELDS = [KEYS["access_key_id"], KEYS["secret_access_key"], MFA, "36h"]
CONFIGURED = {"version": 1, **KEYS, "mfa_arn": MFA, "session_duration": "36h"}
TOKEN = "Enter MFA Token:"


class Tmux:
    """A tmux server of the test's own, with one window in which a command runs."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._words = ["tmux", "-S", str(home.path / "tmux"), "-f", "/dev/null"]

    def do(self, *words: str, given: str | None = None) -> str:
        """Run a tmux command; return what it prints."""
        done = subprocess.run(  # noqa: S603 - ours
            [*self._words, *words],
            env=self._home.environ | {"LANG": "C.UTF-8"},
            input=given,
            text=True,
            capture_output=True,
            check=True,
            start_new_session=True,
        )
        return done.stdout

    def sees(self, text: str, times: int = 1) -> str:
        """Wait until a text is on the screen so often; return the screen."""
        for _ in range(LIMIT * 50):
            screen = self.do("capture-pane", "-p", "-S", "-")
            if screen.count(text) >= times:
                return screen
            time.sleep(0.02)
        pytest.fail(f"{text!r} does not come:\n{screen}")

    def paste(self, text: str, *options: str) -> None:
        """Paste a text."""
        self.do("load-buffer", "-", given=text)
        self.do("paste-buffer", *options)


@pytest.fixture
def tmux(online: Home) -> Iterator[Tmux]:
    """Start a login without keys in a window, and wait for its first question."""
    started = Tmux(online)
    command = f"{BIN / 'authkit'} login dev-admin; exec cat"
    started.do("new-session", "-d", "-x", "80", "-y", "40", command)
    started.sees("AWS Access Key ID:")
    yield started
    started.do("kill-server")


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("options", [(), ("-r",)], ids=["as keys", "raw"])
def test_a_block(tmux: Tmux, online: Home, end: str, options: tuple[str, ...]) -> None:
    """B-K06: the block fills the fields, and the MFA question waits for its own answer."""
    tmux.paste("".join(f"{field}{end}" for field in FIELDS), *options)
    tmux.sees(TOKEN)
    assert online.keyring() == CONFIGURED
    tmux.paste(f"123456{end}", *options)
    assert "six digits" not in tmux.sees("Authentication successful!")
    tmux.do("send-keys", "for", "cat", "Enter")
    assert tmux.sees("forcat", 2).rstrip().endswith("forcat\nforcat"), "no line end is left over"


def test_keys_that_cannot_be_seen(tmux: Tmux, online: Home) -> None:
    """B-K06: arrow keys, a byte-order mark, NUL and zero-width characters at the ends."""
    tmux.do("send-keys", "Left", "Home")
    tmux.paste(f"\ufeff{FIELDS[0]}\u200b\n\u200f{FIELDS[1]}\u2069\n")
    tmux.do("send-keys", "-l", FIELDS[2])
    tmux.do("send-keys", "C-Space", "Right", "Enter")
    tmux.paste("36h\n")
    tmux.sees(TOKEN)
    assert online.keyring() == CONFIGURED


def test_keys_inside_an_answer(tmux: Tmux) -> None:
    """B-K06: an arrow key inside a secret is refused, and nothing of the secret is shown."""
    tmux.paste(f"{FIELDS[0]}\n")
    tmux.sees("AWS Secret Access Key:")
    tmux.do("send-keys", "new-secret", "Left", "-canary", "Enter")
    screen = tmux.sees("AWS Secret Access Key:", 2)
    assert "✗ It holds \\x1b[D, which cannot be seen." in screen
    assert "canary" not in screen
