"""coverage.noted: what a story shows, seen while it is played."""

from __future__ import annotations

from authkit.core import endings, messages, rules
from scenarios.replay.coverage.noted import KEYS, SESSION, Call, Noted, Point, command_of
from tests.support.story_tools import KEYS as A_USER
from tests.support.story_tools import LOGIN, SHOWS_THAT, STEP, read

NAME = "a-story"


def shown(text: str) -> Noted:
    """Return what a story of this text shows."""
    found = Noted()
    found.add(read(text))
    return found


def test_calls_and_their_answers() -> None:
    """Operation, what it was made with, the command, and the code, "" for success."""
    again = '[[step]]\nrun = "authkit whoami dev-admin"\n'
    fault = '[[step.fault]]\non = "GetSessionToken"\nanswer = "Throttling"\n'
    found = shown(f"{A_USER}{LOGIN}{fault}{again}")
    assert {*found.calls} == {
        Call("GetCallerIdentity", KEYS, "login"),
        Call("GetSessionToken", KEYS, "login", "Throttling"),
        Call("GetSessionToken", KEYS, "login"),
        Call("GetCallerIdentity", SESSION, "whoami"),
    }
    assert {*found.words} == {"Throttling"}
    assert {*found.rules} == {("throttled", "login")}


def test_failures_of_ports() -> None:
    """A call of the keyring that fails, whether a fault or its state made it fail."""
    fault = '[[step.fault]]\non = "mark.set"\nanswer = "no room"\n'
    elsewhere = '[except]\nterminal = "no file fails there"\n'
    found = shown(f"{elsewhere}{A_USER}{LOGIN}{fault}").points
    assert Point("mark.set", "login", failed=True) in found
    found = shown(f'keyring_state = "locked"\n{A_USER}{LOGIN}').points
    assert Point("keyring.get", "login", failed=True) in found
    assert Point("keyring.get", "login", failed=False) not in found


def test_another_writer_is_a_failure_too() -> None:
    """The call itself succeeds: it is seen by the fault alone."""
    fault = '[[step.fault]]\non = "keyring.get"\nanswer = "another writer"\n'
    found = shown(f"{A_USER}{LOGIN}interactive = false\n{fault}")
    assert Point("keyring.get", "login", failed=True) in found.points


def test_messages_and_lines() -> None:
    """Each message that is filled, those whose words a row borrows, and the story's own lines."""
    fault = '[[step.fault]]\non = "*"\nanswer = "reset"\ntimes = 0\n'
    found = shown(f"{A_USER}{LOGIN}{fault}")
    assert {"waiting", "network-trouble", "unreachable"} <= {*found.messages}
    assert "authenticated" not in found.messages
    assert {*found.lines} == {SHOWS_THAT}


def test_the_tables_are_put_back() -> None:
    """After a story rules and messages are what they were."""
    before = (rules.meaning, messages.MESSAGES)
    shown(f"{A_USER}{LOGIN}")
    assert (rules.meaning, messages.MESSAGES) == before
    assert {type(messages.MESSAGES), type(vars(endings)["MESSAGES"])} == {dict}


def test_the_row_that_the_flow_asks_for_counts() -> None:
    """The port asks first, without knowing whether a code was sent."""
    device = 'mfa = { arn = "arn:aws:iam::123456789012:mfa/user", codes = ["123456"] }'
    user = A_USER.replace("\n[keyring", f"\n{device}\n[keyring")
    user += 'mfa_arn = "arn:aws:iam::123456789012:mfa/user"\n'
    shows = 'shows = """\nEnter MFA Token: 654321\nEnter MFA Token: 123456\n"""\n'
    assert {*shown(f"{user}{LOGIN}{shows}").rules} == {("mfa-code-refused", "login")}


def test_a_line_that_cannot_be_read_is_help() -> None:
    """It is the command line's own message that is shown."""
    assert command_of(read(STEP).steps[0]) == "help"
    assert command_of(read(LOGIN).steps[0]) == "login"
