"""What came on the screen, as a transcript."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from authkit.adapters.terminal import gap
from authkit.core.failures import Cancelled
from authkit.core.kinds import TOKEN
from authkit.core.model import Question
from authkit.core.render import text
from authkit.recording.keep import Keep
from authkit.recording.screen import Screen
from tests.support.stage import Paper

SECRET = Question("AWS Secret Access Key: ", secret=True)


def a_screen(*answers: str, command: str = "login") -> tuple[Screen, Paper]:
    """Return what listens to a screen, and the screen."""
    screen, paper = Screen(Keep(), command, gap, nullcontext), Paper(answers)
    screen.listen(paper)
    return screen, paper


def test_a_transcript() -> None:
    """Blank lines stand where a terminal has them; what is shown is invented, and shown as ever."""
    screen, paper = a_screen("123 456")
    paper.say(text("saved", identity="mine"))
    paper.say(text("saved-in-the-clear", backend="mine"), close=True)
    assert paper.ask(TOKEN) == "123 456"
    assert screen.shown.split("\n") == [
        "✓ Credentials saved to keyring: dev-admin",
        "⚠ The keyring backend fakes.world.keyring.MemoryKeyring keeps them unencrypted.",
        "",
        "Enter MFA Token: 000001",
        "",
    ]
    assert paper.said[0] == "✓ Credentials saved to keyring: mine"


@pytest.mark.parametrize(
    ("question", "key", "shown"),
    [
        (TOKEN, "^C", "Enter MFA Token: ^C"),
        (TOKEN, "^D", f"{'Enter MFA Token:':<52} <- ^D"),
        (TOKEN, "", f"{'Enter MFA Token:':<52} <- ^D"),
        (SECRET, "^C", f"{'AWS Secret Access Key:':<52} <- ^C"),
    ],
)
def test_the_key_that_cancelled(question: Question, key: str, shown: str) -> None:
    """B-L06: ^C, which a terminal shows while it echoes, is told from ^D."""

    class Cancelling(Paper):
        def ask(self, _question: Question) -> str:
            raise Cancelled(*filter(None, [key]))

    screen, paper = Screen(Keep(), "login", gap, nullcontext), Cancelling()
    screen.listen(paper)
    with pytest.raises(Cancelled):
        paper.ask(question)
    assert screen.shown == f"{shown}\n"


def test_spent_codes() -> None:
    """The codes that authkit refuses to send again are told apart."""
    screen, paper = a_screen("123456", "654321")
    paper.ask(TOKEN)
    paper.say(text("code-already-used"), close=True)
    paper.ask(TOKEN)
    assert screen.spent == ["123456"]


def test_a_code_with_blanks_is_spent() -> None:
    """Blanks are no part of it."""
    screen, paper = a_screen("123 456")
    paper.ask(TOKEN)
    paper.say(text("code-already-used"), close=True)
    assert screen.spent == ["123456"]


def test_data_and_others_words() -> None:
    """A blank line stands between data, or what a child has shown, and what follows."""
    screen, paper = a_screen(command="exec")
    paper.foreign()
    paper.say(text("saved", identity="mine"))
    paper.put("it")
    paper.say("x", close=True)
    saved = "✓ Credentials saved to keyring: dev-admin"
    length = "<text of {} characters>".format
    assert screen.shown == f"\n{saved}\n\n{length(2)}\n{length(1)}\n"
    assert paper.data == ["it"]
    screen, paper = a_screen(command="exec")
    paper.put("it")
    paper.say(text("saved", identity="mine"))
    assert screen.shown == f"{length(2)}\n\n{saved}\n"


@pytest.mark.parametrize("command", ["help", "version"])
def test_data_that_is_authkits_own(command: str) -> None:
    """Help and the version are kept as they are."""
    screen, paper = a_screen(command=command)
    paper.put("authkit 1.2.3, Python 3.4.5")
    assert screen.shown == "authkit 1.2.3, Python 3.4.5\n"


def test_after_the_end() -> None:
    """What is said after the command's end is not its own."""
    screen, paper = a_screen()
    screen.end()
    paper.say("later")
    assert (screen.shown, paper.said) == ("", ["later"])
