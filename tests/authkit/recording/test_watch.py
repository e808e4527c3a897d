"""What is noted while a command runs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from authkit.adapters import state_troubles
from authkit.core.failures import Unreachable
from authkit.core.model import AccessKeys, Secret
from authkit.recording.invented import STATE
from authkit.recording.watch import Asked
from fakes.world.state_folder import MemoryMarkers, MemoryStateFolder
from tests.support.recordings import recorded, replayed
from tests.support.story_tools import KEYS, LOGIN


def test_effects_in_order() -> None:
    """Every effect is noted with invented values, as the journal of scenarios has it."""
    made = recorded(KEYS + LOGIN)
    assert made.story.steps[0].does == (
        "config read -> none",
        "lock acquire dev-admin",
        "config read -> none",
        "keyring get dev-admin",
        "session read dev-admin -> none",
        "sts GetCallerIdentity AKIARECORDED00000001",
        "mark read dev-admin",
        "sts GetSessionToken AKIARECORDED00000001 43200",
        "session replace dev-admin",
        "mark dev-admin",
        "lock release dev-admin",
    )
    assert made.observed.does == tuple(
        line.replace("AKIARECORDED00000001", "AKIAXXXXXXXXXXXXXXXX")
        for line in made.story.steps[0].does
    )


GIVEN = '{"access_key_id": "AKIAYYYYYYYYYYYYYYYY", "secret_access_key": "other-secret"}'
# The places where the keyring and the state folder may fail, and a line that comes by each.
PLACES = {
    "keyring.get": "authkit login dev-admin",
    "keyring.set": "authkit user configure dev-admin --stdin --no-verify",
    "keyring.delete": "authkit logout dev-admin --keys",
    "session.read": "authkit whoami dev-admin",
    "session.replace": "authkit login dev-admin --force",
    "session.drop": "authkit logout dev-admin",
    "mark.set": "authkit login dev-admin --force",
    "mark.read": "authkit login dev-admin --force",
    "mark.remove": "authkit logout dev-admin --keys",
}


@pytest.mark.parametrize("place", PLACES)
def test_a_place_that_fails(place: str) -> None:
    """It is a fault on that place, which fails so when the file is replayed."""
    answer = "failing" if place.startswith("keyring") else "no room"
    line = f"[[step]]\nrun = '{PLACES[place]}'\nstdin = '{GIVEN}'\n"
    fault = f'[[step.fault]]\non = "{place}"\nanswer = "{answer}"\n'
    made = recorded(f"except.terminal = 'a fault'\n{KEYS}{LOGIN}{line}{fault}")
    assert [(found.on, found.answer) for found in made.story.steps[0].faults] == [(place, answer)]
    assert replayed(made.story) == ""


LISTS = {
    "sessions": (MemoryStateFolder, "names", "logout --all"),
    "identities": (MemoryMarkers, "marked", "list"),
}


@pytest.mark.parametrize("folder", LISTS)
def test_a_folder_that_cannot_be_listed(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scenario has no fault for it: the file is one all the same, and its screen tells of it."""
    port, method, line = LISTS[folder]

    def fails(_: object) -> list[str]:
        raise state_troubles.trouble(f"{STATE}/{folder}", "Permission denied")

    monkeypatch.setattr(port, method, fails)
    made = recorded(f"{KEYS}{LOGIN}[[step]]\nrun = 'authkit {line}'\n")
    assert f"{folder}: Permission denied" in made.observed.screen
    assert f"{folder}: Permission denied" in made.story.steps[0].script.written
    assert made.story.steps[0].faults == ()


CONFIG = 'config = """\n[identities.dev-admin]\nmfa_process = "print-code"\n"""\n'
DEVICE = "arn:aws:iam::123456789012:mfa/user"
CODES = KEYS.replace("[keyring", f'mfa = {{ arn = "{DEVICE}", codes = ["123456"] }}\n[keyring')


@pytest.mark.parametrize("place", ["codes.read", "codes.replace"])
def test_a_note_of_codes_that_fails(place: str) -> None:
    """So is one on the note about MFA codes, which stops no login."""
    line = f"{LOGIN}shows = '''\nEnter MFA Token: 123456\n'''\n"
    fault = f'[[step.fault]]\non = "{place}"\nanswer = "no room"\n'
    made = recorded(f"except.terminal = 'a fault'\n{CODES}mfa_arn = '{DEVICE}'\n{line}{fault}")
    assert [(found.on, found.answer) for found in made.story.steps[0].faults] == [
        (place, "no room")
    ]
    assert replayed(made.story) == ""


@pytest.mark.parametrize(
    "steps",
    [
        f"{KEYS}{LOGIN}[[step]]\nrun = 'authkit logout --all --keys'\n",
        f"{KEYS}{LOGIN}[[step]]\nrun = 'authkit list'\n",
        f"{KEYS}{LOGIN}[[step]]\nrun = 'authkit profile add dev-admin'\n",
        f"{KEYS}{LOGIN}[[step]]\nrun = 'authkit exec dev-admin -- it'\nchild = {{ exit = 7 }}\n",
        f"{KEYS}{LOGIN}[[step.fault]]\non = 'GetSessionToken'\nanswer = 'Throttling'\ntimes = 2\n",
        f"{CONFIG}{CODES}mfa_arn = '{DEVICE}'\n{LOGIN}mfa_process = [{{ says = '123456' }}]\n",
    ],
    ids=["logout", "list", "profile", "exec", "pauses", "codes"],
)
def test_what_else_is_noted(steps: str) -> None:
    """Lists of the state folder, a person's files, a child, pauses, codes: all is in the file."""
    made = recorded(steps)
    assert "The recording failed" not in made.observed.screen
    assert replayed(made.story) == ""


def test_a_cancelled_question() -> None:
    """A question that is cancelled is one in the file too; nothing of a half answer is there."""
    made = recorded("[[step]]\nrun = 'authkit login x'\nshows = '''\nAWS Access Key ID: <- ^D\n'''")
    answers = [answer.typed for answer in made.story.steps[0].script.answers]
    assert (answers, made.story.steps[0].exit) == (["^D"], 130)


def test_a_secret_is_behind_the_arrow() -> None:
    """What is typed unseen stands behind the arrow, invented, and its mask on the screen."""
    typed = "AWS Access Key ID: AKIAXXXXXXXXXXXXXXXX\nAWS Secret Access Key: ******** <- mine\n"
    more = "MFA ARN (optional): <- ^D"
    made = recorded(f"[[step]]\nrun = 'authkit login x'\nshows = '''\n{typed}{more}\n'''")
    written = next(line for line in made.text.split("\n") if "Secret" in line)
    assert written == f"{'AWS Secret Access Key: ********':<52} <- secret-1"


def test_a_time_that_is_refused_twice() -> None:
    """B-L10: the call is signed again, and both refusals are one effect and one fault."""
    said = "Signature expired: 20241222T110000Z is now earlier than 20241222T113000Z"
    fault = '[[step.fault]]\non = "*"\nanswer = "SignatureDoesNotMatch"\ntimes = 2\n'
    message = f'message = "{said} (20241222T114500Z - 15 min.)"\n'
    made = recorded(f"{KEYS}{LOGIN}exit = 1\n{fault}{message}")
    assert [found.times for found in made.story.steps[0].faults] == [2]
    assert replayed(made.story) == ""


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        ("https://sts.example.com/: Network is unreachable", "no route"),
        ("https://sts.example.com/: Temporary failure in name resolution", "name unknown"),
        ("https://x/: nodename nor servname provided, or not known", "name unknown"),
        (
            (
                "its certificate is refused (certificate is not yet valid), or this machine's "
                "clock is wrong: 2024-12-22 16:58 UTC"
            ),
            "certificate expired",
        ),
        ("its certificate is refused (hostname 'a' doesn't match)", "certificate unknown"),
        ("the proxy of https_proxy refuses the user name and password there (407)", "proxy 407"),
        ("the proxy of HTTPS_PROXY answered with HTTP 502", "proxy gone"),
        ("the proxy of HTTPS_PROXY refuses to connect to sts.example.com (404)", "proxy 403"),
        ("no connection within 5 s", "timeout"),
        ("no answer within 10 s", "timeout"),
        ("the answer lacks what STS answers", "garbage"),
        ("HTTP 502 without an STS error", "html"),
        ("the connection closed unanswered", "reset"),
        ("the connection broke (Connection reset by peer)", "reset"),
    ],
)
def test_the_word_of_a_call_without_an_answer(reason: str, word: str) -> None:
    """Each reason of authkit's adapters is the fault that is nearest to it."""
    trouble = Unreachable("GetCallerIdentity", reason, answered=False, sent=False)
    now, who = datetime(2024, 12, 22, tzinfo=UTC), AccessKeys("AKIAX", Secret("x"))
    asked = Asked("GetCallerIdentity", who, None, None, trouble, now, now, 1)
    assert asked.fault_word == word
