"""The screen and the scripted person."""

from __future__ import annotations

import io

import pytest

from authkit.adapters.terminal import Terminal
from authkit.core.failures import Cancelled
from authkit.core.model import Question
from fakes.world.journal import Entry, Journal, Kind
from fakes.world.prompter import Answer, FakeScreen, Person, Unscripted

# What is written on a screen: (what, text).  Every pair of kinds occurs one after the other.
WRITTEN = [("say", "a"), ("close", "b"), ("put", "c"), ("close", "d"), ("say", "e\nf")]
WRITTEN += [("foreign", ""), ("say", "g"), ("say", "h"), ("put", "i"), ("put", "j")]
WRITTEN += [("foreign", ""), ("put", "k"), ("say", "l"), ("foreign", ""), ("close", "m")]


def write(screen: FakeScreen | Terminal, written: list[tuple[str, str]]) -> None:
    """Write all of it."""
    for what, text in written:
        if what == "foreign":
            screen.foreign()
        elif what == "put":
            screen.put(text)
        else:
            screen.say(text, close=what == "close")


@pytest.mark.parametrize("written", [WRITTEN, [("foreign", ""), ("close", "a")]])
def test_the_layout_is_the_real_terminals(written: list[tuple[str, str]]) -> None:
    """The fake screen shows what the real terminal writes, with the same blank lines."""
    journal, stream = Journal(), io.StringIO()
    write(FakeScreen(journal, Person()), written)
    write(Terminal(stream, stream, {}), written)
    assert journal.screen == stream.getvalue()


@pytest.mark.parametrize(
    ("typed", "secret", "shown"),
    [
        ("36h", False, "Label: 36h\n"),
        ("", False, "Label: \n"),
        ("hunter2", True, "Label: ********\n"),
        ("", True, "Label: \n"),
        ("^C", False, "Label: ^C\n"),
        ("^C", True, "Label: \n"),
        ("^D", False, "Label: \n"),
        ("^D", True, "Label: \n"),
    ],
)
def test_typed_text_is_shown_as_on_a_terminal(typed: str, secret: bool, shown: str) -> None:  # noqa: FBT001 - a row of the table
    """A secret is masked, ^C is shown if echo is on, ^D never; hidden input is recorded."""
    journal = Journal()
    screen = FakeScreen(journal, Person([Answer("Label", typed)]))
    if typed in ("^C", "^D"):
        with pytest.raises(Cancelled):
            screen.ask(Question("Label: ", secret))
    else:
        assert screen.ask(Question("Label: ", secret)) == typed
    assert journal.screen == shown
    unseen = typed if typed and typed not in shown else None
    assert (Entry(Kind.TYPED, typed) in journal.entries) == (unseen is not None)


def test_a_person_follows_the_script() -> None:
    """A question that is not the next one in the script raises Unscripted."""
    person = Person([Answer("MFA ARN", "arn"), Answer("Enter MFA Token", "123456")])
    assert person(Question("MFA ARN (optional) [old]: ")) == "arn"
    with pytest.raises(Unscripted, match=r"'Session Duration:' is asked, but .* 'Enter MFA Token'"):
        person(Question("Session Duration: "))
    assert person.unasked == (Answer("Enter MFA Token", "123456"),)
    person(Question("Enter MFA Token: "))
    with pytest.raises(Unscripted, match=r"no \(more\) answers"):
        person(Question("Enter MFA Token: "))


def test_an_error_in_the_script_is_not_caught_by_authkit() -> None:
    """Unscripted is not an Exception, so `except Exception` does not catch it."""
    assert not issubclass(Unscripted, Exception)


def test_something_can_happen_before_an_answer() -> None:
    """It is told the question, and only where the story has an answer to it."""
    asked: list[str] = []
    person = Person([Answer("MFA ARN", "x")], asked.append)
    assert person(Question("MFA ARN (optional): ")) == "x"
    with pytest.raises(Unscripted):
        person(Question("MFA ARN (optional): "))
    assert asked == ["MFA ARN (optional):"]
