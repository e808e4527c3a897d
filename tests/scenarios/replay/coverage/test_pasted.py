"""coverage.pasted: what a pasted screen tells of a failure."""

from __future__ import annotations

import pytest

from scenarios.replay.coverage import pasted

SCREEN = """\
jane@laptop ~ % authkit login prod
ok
jane@laptop ~ % authkit login prod --force
prod needs an MFA code of arn:aws:iam::998877665544:mfa/jane.
Enter MFA Token: 818181

✗ AWS refused GetSessionToken with QuotaExceededException,
  request id 0f1e2d3c.
  Nothing was removed from the keyring. No session was made.
"""


def test_command_call_and_code() -> None:
    """Of the last command: its options, the operation, the code, whether a code was asked for."""
    told = pasted.read(SCREEN)
    assert (told.command, told.options) == ("login", ["--force"])
    assert (told.operation, told.answer) == ("GetSessionToken", "QuotaExceededException")
    assert (told.mfa, told.session) == (True, False)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("✗ AWS is being asked too often (ThrottledException).", "ThrottledException"),
        ("✗ STS cannot be reached: the connection closed unanswered.", "timeout"),
        ("✗ STS cannot be understood: the answer is not STS's.", "garbage"),
        ("✗ AWS refused the code. If it was typed right, wait.", "AccessDenied"),
        ("✗ Key AKIA123 was rotated or revoked; removed it.", "InvalidClientTokenId"),
        ("✗ The secret is wrong for key AKIA123.", "SignatureDoesNotMatch"),
        ("✗ OddException in a word of AWS (ExpiredToken).", "ExpiredToken"),
        ("✗ Cancelled.", ""),
    ],
)
def test_the_refusal_in_authkits_own_words(line: str, answer: str) -> None:
    """A code where one is shown, else the answer that leads to these words, else nothing."""
    assert pasted.read(f"$ authkit login\n{line}\n").answer == answer


def test_who_is_logged_in() -> None:
    """A login that keeps its session tells that there was one, and so does whoami."""
    assert pasted.read("$ authkit whoami\n✓ Current Authentication Status\n").session
    assert pasted.read("$ authkit user configure a\n").command == "user configure"
    assert pasted.read("» authkit exec a -- aws --force\n").options == []


def test_what_authkit_tells_to_run_is_no_command() -> None:
    """Only a line behind a prompt, or the first line, was typed by the person."""
    tip = "Tip If credentials are expired, refresh with:\nauthkit login --identity a\n"
    assert pasted.read(f"$ authkit exec a -- aws\n{tip}").command == "exec"
    assert pasted.read(f"authkit exec a -- aws\n{tip}").command == "exec"
    assert (
        pasted.read("$ authkit whoami\n  Run 'authkit login --identity a'.\n").command == "whoami"
    )


def test_a_screen_without_a_command() -> None:
    """It says what such a line looks like."""
    with pytest.raises(LookupError, match="no line of the screen is a command"):
        pasted.read("✗ Something went wrong\n")


def test_what_the_story_does_not_show() -> None:
    """Names, figures and ids do not count; other words do."""
    told = pasted.read(
        "$ authkit login\n✗ Until 12:30 the key AKIA1 of jane@acme waits.\n  It fell.\n"
    )
    shown = ["✗ Until 16:58 the key AKIA2 of dev-admin waits."]
    assert pasted.not_shown(told, shown) == ["  It fell."]
