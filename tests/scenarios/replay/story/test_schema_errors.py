"""story.schema_errors: the first error in a story's table, in words for the file's author.

The stories are written by hand, so a message must say what would be right.
"""

from __future__ import annotations

import pytest

from tests.support.story_tools import FILE, STEP, mistake, mistake_at_the_top, mistake_in_the_step

# A line at the top of a file, and the message.
AT_THE_TOP = [
    ("abut = 1", "there is no key 'abut' here; did you mean 'about'?"),
    ("colour = 1", "there is no key 'colour' here; there are: about, shows_that, rule, now"),
    ("zone = 5", "zone must be a text"),
    ("now = '2024-12-22T16:58:00Z'", "an instant is written like 2024-12-22T16:58:00-07:00"),
    ("rule = 'no-such-rule'", "rule cannot be 'no-such-rule'; it is one of 'aws-trouble'"),
    ("keyring_state = 'lost'", "keyring_state cannot be 'lost'; it is one of 'working'"),
    ("except = { boto3 = '' }", "except.boto3: '' should be non-empty"),
    ("except = { boto = 'x' }", "there is no key 'boto' here; did you mean 'boto3'?"),
    ("session.dev-admin = false", "session.dev-admin must be a text"),
    ("keyring.' b' = 'x'", "keyring: ' b' does not match"),
    ("account.latency = 'x'", "account.latency: a length of time is written like 400ms"),
    ("account.keys.a = { idd = 'x' }", "there is no key 'idd' here; did you mean 'id'?"),
    ("account.mfa = { codes = ['1'] }", "'arn' is missing"),
]
# A line of a step, and the message.
IN_THE_STEP = [
    ("show = ''", "there is no key 'show' here; did you mean 'shows'?"),
    ("exit = '1'", "step.exit must be a number"),
    ("exit = 256", "step.exit: 256 is greater than the maximum of 255"),
    ("at = 'tomorrow'", "step.at: a length of time is written like 400ms, 20m, 36h or -1h30m"),
    ("ctrl_c = 'soon'", "step.ctrl_c: a length of time is written like"),
    ("interactive = 'no'", "step.interactive must be true or false"),
    ("child = { fails = 'x' }", "step.child.fails cannot be 'x'; it is one of 'not found'"),
    ("keyring.dev-admin = true", "step.keyring.dev-admin: it is a table of fields, a raw text"),
    ("session.x.expirs = 1", "there is no key 'expirs' here; did you mean 'expires'?"),
    ("session.x.expires = 'soon'", "step.session.x.expires: an instant is written like"),
    ("fault = [{ on = 'keyring.gett', answer = 'locked' }]", "step.fault.on cannot be 'keyring."),
    ("fault = [{ on = 'keyring.get', answer = 'x' }]", "step.fault.answer cannot be 'x'; it is"),
    ("fault = [{ on = 'GetSessionToken' }]", "step.fault: a fault needs an answer, a latency"),
]


@pytest.mark.parametrize(("line", "said"), AT_THE_TOP)
def test_an_error_at_the_top_is_worded(line: str, said: str) -> None:
    """The message has the line of the key, and what the key may hold."""
    assert mistake_at_the_top(line).startswith(said)


@pytest.mark.parametrize(("line", "said"), IN_THE_STEP)
def test_an_error_in_a_step_is_worded(line: str, said: str) -> None:
    """The message has the line of the key, and what the key may hold."""
    assert mistake_in_the_step(line).startswith(said)


def test_a_missing_key_is_an_error_of_its_table() -> None:
    """The line is that of the table: a step without a command, a file without a step."""
    assert mistake("[[step]]\nexit = 1\n") == f"{FILE}:4: 'run' is missing"
    assert mistake("") == f"{FILE}:1: 'step' is missing: a story has a [[step]] or more"


def test_a_command_is_authkits() -> None:
    """A step runs authkit and no other command."""
    assert "step.run: it begins with authkit" in mistake(STEP.replace("authkit", "aws"))


def test_all_errors_are_told_by_their_lines() -> None:
    """What follows from another is left out: a key that is missing because it is misspelt."""
    text = f"colour = 1\n{STEP}exit = '1'\n{STEP.replace('run', 'rum')}"
    lines = mistake(text).splitlines()
    assert [line.split(": ")[0] for line in lines] == [f"{FILE}:{n}" for n in (4, 7, 9)]
    assert lines[1].endswith("step.exit must be a number")
    assert lines[2].endswith("there is no key 'rum' here; did you mean 'run'?")
