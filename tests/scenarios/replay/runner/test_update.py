"""runner.update: `shows` and `does` are rewritten, claims and answers are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authkit import __version__
from authkit.core.messages import MESSAGES
from scenarios.replay.runner.replay import DoesNotHold, replay
from scenarios.replay.runner.update import FAULT, CannotUpdate, update, updated
from scenarios.replay.story import reading, transcript
from tests.support.story_tools import FILE

if TYPE_CHECKING:
    from pathlib import Path


# A story as an author writes it: the answers, and a guess at the rest.
DRAFT = """\
# Why this story is told.
about = "a"
shows_that = []   # and more
zone = "UTC"
now = 2024-12-22T12:00:00Z

[account]
keys.only = { id = "AKIAXXXXXXXXXXXXXXXX", secret = "the-secret" }

[[step]]
run   = "authkit login dev-admin"   # the first time
exit  = 0
shows = '''
AWS Access Key ID: AKIAXXXXXXXXXXXXXXXX
AWS Secret Access Key: ********    <- the-secret
MFA ARN (optional):
Session Duration (optional, default: 12h): 1h
no such line
'''
does = [
  # before anything else
  "lock acquire dev-admin",         # alone
  "never done",
  # keys first
  "keyring get dev-admin -> none",
  "sts GetSessionToken AKIAXXXXXXXXXXXXXXXX 3600"
]

[step.keyring.dev-admin]
session_duration = "1h"

[[step]]
run = "authkit whoami dev-admin --offline"   # shows is still missing

[[step]]
run = "authkit logout dev-admin"
shows = ''
does = []
"""


def held(text: str) -> bool:
    """Tell whether a story holds."""
    try:
        replay(reading.parse(text, FILE), "fakes")
    except DoesNotHold:
        return False
    return True


def test_an_updated_story_holds_and_is_not_updated_again() -> None:
    """Every step is rewritten to what was observed."""
    assert not held(DRAFT)
    after = updated(DRAFT, FILE)
    assert held(after)
    assert updated(after, FILE) == after


def test_only_what_is_shown_and_done_changes() -> None:
    """Comments, claims and layout stay; a missing transcript is inserted."""
    after = updated(DRAFT, FILE)
    for kept in (
        "# Why this story is told.\n",
        "shows_that = []   # and more\n",
        "run   = \"authkit login dev-admin\"   # the first time\nexit  = 0\nshows = '''\n",
        "AWS Secret Access Key: ********    <- the-secret\n",
        "  # before anything else\n",
        '  "lock acquire dev-admin",         # alone\n',
        "  # keys first\n",
        '  "sts GetSessionToken AKIAXXXXXXXXXXXXXXXX 3600",\n',
        '\n[step.keyring.dev-admin]\nsession_duration = "1h"\n',
    ):
        assert kept in after
    assert "no such line" not in after
    assert "never done" not in after
    assert after.count("shows = '''\n") == 3
    assert "   # shows is still missing\nshows = '''\n✓ Current" in after
    assert after.index('"keyring get dev-admin -> none"') > after.index("# keys first")


@pytest.mark.parametrize(
    ("line", "claim"),
    [
        ("exit  = 0", "exit  = 3"),
        ('session_duration = "1h"', 'session_duration = "2h"'),
        ("shows_that = []", 'shows_that = []\nrule = "unknown"'),
    ],
)
def test_claims_are_never_updated(line: str, claim: str) -> None:
    """Exit status, rule and the state left behind stay as written, true or not."""
    after = updated(DRAFT.replace(line, claim), FILE)
    assert claim in after
    assert not held(after)


@pytest.mark.parametrize(
    ("line", "instead", "said"),
    [
        ("MFA ARN (optional):\n", "", "'MFA ARN (optional):' is asked, but the story's next"),
        ("no such line\n", "Enter MFA Token: 123456\n", "nobody asks for 'Enter MFA Token'"),
        ("MFA ARN (optional):\n", "MFA ARN (optional): x\n", "'MFA ARN (optional):' is asked, but"),
    ],
)
def test_what_was_typed_is_never_updated(line: str, instead: str, said: str) -> None:
    """When answers do not fit the questions the file stays, and the step's line is named."""
    with pytest.raises(CannotUpdate) as raised:
        updated(DRAFT.replace(line, instead), FILE)
    assert str(raised.value).startswith(f"{FILE}:10: {said}")


def test_an_answer_that_would_be_read_otherwise_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The answers of the new text are compared with the old ones before it is written."""
    monkeypatch.setattr(transcript, "spell", lambda *_: "MFA ARN (optional): x\n")
    with pytest.raises(CannotUpdate, match="would change what is typed"):
        updated(DRAFT, FILE)


def test_a_file_is_written_only_when_it_changes(tmp_path: Path) -> None:
    """The result says whether it did."""
    path = tmp_path / "story.toml"
    path.write_text(DRAFT, encoding="utf-8")
    assert update(path)
    assert path.read_text(encoding="utf-8") == updated(DRAFT, FILE)
    assert not update(path)


ELSEWHERE = """\
about = 'a'
shows_that = []
[[step]]
run = "authkit login a"
exit = 130
shows = "AWS Access Key ID: ^C"
[[step.meanwhile]]
when_asked = "AWS Access Key ID"
run = "authkit --version"
"""


def test_the_screen_of_another_terminal_is_updated_too() -> None:
    """Below its own `run`, where it has no `shows` yet."""
    after = updated(ELSEWHERE, FILE)
    assert after.endswith(f"run = \"authkit --version\"\nshows = '''\nauthkit {__version__}\n'''\n")


def test_a_fault_of_authkit_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """What authkit did not expect is never what a story should show."""
    assert FAULT in MESSAGES["unexpected"]
    monkeypatch.setattr("authkit.commands.logout.run", lambda *_: 1 // 0)
    with pytest.raises(CannotUpdate, match="authkit has a fault"):
        updated(DRAFT, FILE)


def test_effects_that_repeat_are_updated_as_one_line() -> None:
    """A wait for another login is two effects many times."""
    text = (
        "about = 'a'\nshows_that = []\n[[step]]\nrun = 'authkit logout a'\nexit = 1\n"
        "events = ['process 42 holds the lock of a for 1h']\n"
        "env = { AUTHKIT_LOCK_TIMEOUT = '1s' }\ndoes = []\n"
    )
    assert '"5 times: lock acquire a -> busy; sleep 200ms",' in updated(text, FILE)


def test_an_answer_at_another_terminal_is_never_updated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its answers are compared as well, where its screen alone is written anew."""
    after = updated(ELSEWHERE, FILE).replace(__version__, "0.0.0")
    monkeypatch.setattr(transcript, "spell", lambda *_: "MFA ARN (optional): x\n")
    with pytest.raises(CannotUpdate, match="would change what is typed"):
        updated(after, FILE)
