"""What a recorded command found: sessions become logins, and time the recorded one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from authkit.core.model import Secret, Session
from authkit.recording.before import Before, fields, whole_milliseconds
from authkit.recording.watch import Asked
from tests.support.recordings import recorded, replayed
from tests.support.story_tools import KEYS, LOGIN

if TYPE_CHECKING:
    from authkit.recording.watch import Recording

LATE = KEYS.replace("[account]", '[account]\nlatency = "400ms"')
WHOAMI = '[[step]]\nat = "+2h"\nrun = "authkit whoami dev-admin"\n'


def test_a_session_becomes_a_login() -> None:
    """A session that was there is made by a login, at the instant at which it was granted."""
    made = recorded(LATE + LOGIN + WHOAMI)
    step = made.story.steps[0]
    # The login's second call is granted at 12:00:00, and done 400 ms later.
    assert [event.text for event in step.events] == ["log in to dev-admin", "advance 1h59m59s600ms"]
    assert made.story.now.isoformat() == "2024-12-22T11:59:59.600000+00:00"
    assert replayed(made.story) == ""


def test_a_session_whose_keys_are_not_read() -> None:
    """A command that reads no entry: the login before it asks for as long as the session has."""
    long = KEYS + 'mfa_arn = "arn:aws:iam::123456789012:mfa/user"\nsession_duration = "36h"\n'
    code = 'mfa = { arn = "arn:aws:iam::123456789012:mfa/user", codes = ["123456"] }\n'
    asked = "shows = 'Enter MFA Token: 123456'\n"
    text = long.replace("[account]\n", f"[account]\n{code}") + LOGIN + asked
    made = recorded(f'{text}[[step]]\nat = "+2h"\nrun = "authkit list"\n')
    assert "36h" in made.story.keyring["dev-admin"]
    assert replayed(made.story) == ""


def test_a_session_of_other_settings() -> None:
    """One that no login with what was there makes is a file of the same facts, without secrets."""
    changed = (
        'run = "authkit login dev-admin"\n'
        "config = \"[identities.dev-admin]\\nsession_duration = '1h'\"\n"
    )
    made = recorded(f"{KEYS}{LOGIN}[[step]]\n{changed}")
    assert made.story.steps[0].events == ()
    assert '"secret_access_key": "secret-of-session"' in made.story.sessions["dev-admin"]
    assert replayed(made.story) == ""


ARN = "arn:aws:iam::123456789012:mfa/user"
DEVICE = f'[account]\nroles.mine = {{}}\nmfa = {{ arn = "{ARN}", codes = ["123456"] }}\n'
ROLE = f"""
config = '''
[identities.deploy]
kind = "aws/assume-role"
source = "dev-admin"
role_arn = "arn:aws:iam::123456789012:role/mine"
[identities.dev-admin]
'''
{KEYS.replace("[account]", DEVICE)}mfa_arn = "{ARN}"
[[step]]
run = "authkit login deploy"
shows = 'Enter MFA Token: 123456'
"""


@pytest.mark.parametrize(
    ("line", "events"),
    [
        ("list", ["log in to dev-admin", "log in to identity-2 with 654321"]),
        ("whoami deploy", ["log in to dev-admin"]),
        ("login deploy", ["log in to dev-admin with 654321"]),
    ],
)
def test_which_login_before_asks_for_a_code(line: str, events: list[str]) -> None:
    """The source's, where the source has a device, as far as the command has seen it."""
    made = recorded(f'{ROLE}[[step]]\nrun = "authkit {line}"\n')
    assert [event.text for event in made.story.steps[0].events] == events
    assert replayed(made.story) == ""


@pytest.mark.parametrize("skew", ["20m", "-1h45m", "3s"])
def test_a_wrong_clock(skew: str) -> None:
    """By how much AWS's clock is ahead is told, whether AWS has refused the time or not."""
    made = recorded(KEYS.replace("[account]", f'[account]\nskew = "{skew}"') + LOGIN)
    assert made.story.account["skew"] == skew
    assert replayed(made.story) == ""


@pytest.mark.parametrize("skew", ["", "3s", "-1h45m"])
@pytest.mark.parametrize("second", ["00.000001", "00.5", "00.999999"])
@pytest.mark.parametrize("latency", ["0s", "40ms", "700ms"])
def test_in_the_middle_of_a_second(second: str, latency: str, skew: str) -> None:
    """A session that was asked for within a second has the same time left in a replay."""
    account = f'[account]\nlatency = "{latency}"' + (f'\nskew = "{skew}"' if skew else "")
    at = f"at = 2024-12-22T12:00:{second}Z\n"
    made = recorded(KEYS.replace("[account]", account) + LOGIN + at)
    assert replayed(made.story) == ""


@pytest.mark.parametrize("skew", ["10m", "15m30s", "20m"])
def test_a_login_before_with_a_wrong_clock(skew: str) -> None:
    """It makes one call, or two where AWS refuses the time of the first: from 15 minutes."""
    account = f'[account]\nlatency = "400ms"\nskew = "{skew}"'
    again = LOGIN.replace("[[step]]", '[[step]]\nat = "+13h"')
    made = recorded(KEYS.replace("[account]", account) + LOGIN + again)
    calls = 1 if skew == "10m" else 2
    begun = made.story.now.timestamp() + calls * 0.4
    assert begun == int(begun)
    assert replayed(made.story) == ""


def test_the_second_of_a_grant_is_not_left() -> None:
    """A first call that was answered sooner than the last one does not make the session later."""
    begun = datetime(2024, 12, 22, 12, tzinfo=UTC)
    session = Session(
        *("ASIAX", Secret("x"), Secret("x"), 0), int((begun + timedelta(minutes=20)).timestamp())
    )
    late, latency = timedelta(milliseconds=900), timedelta(milliseconds=400)
    times = begun + late, begun + late + 2 * latency
    asked = Asked("GetSessionToken", None, None, session, None, *times, 2)
    recording = SimpleNamespace(passed=[asked], offset=timedelta(minutes=20), keep=None)
    found = Before(cast("Recording", recording)).begins
    assert found + latency == begun + timedelta(microseconds=999_999)


def test_a_session_token_in_the_keyring() -> None:
    """B-S01: that an entry has one stays, which is why its keys are none; the token does not."""
    asked = "exit = 130\nshows = '''\nAWS Access Key ID: <- ^D\n'''\n"
    made = recorded(f'{KEYS}session_token = "the-token-canary"\n{LOGIN}{asked}')
    assert "canary" not in made.text
    assert "holds session credentials" in made.story.steps[0].script.written
    assert replayed(made.story) == ""


def test_whole_milliseconds() -> None:
    """Stories have no shorter time."""
    assert whole_milliseconds(timedelta(microseconds=1999)) == timedelta(milliseconds=1)


def test_pauses_are_in_the_time() -> None:
    """The command begins when its session is granted at the recorded instant after its pauses."""
    busy = '[[step.fault]]\non = "*"\nanswer = "Throttling"\ntimes = 2\n'
    made = recorded(KEYS + LOGIN + busy)
    assert made.story.now.isoformat() == "2024-12-22T12:00:00+00:00"
    assert replayed(made.story) == ""


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ('{"version": 1, "mfa_arn": "x", "other": "y"}', {"mfa_arn": "x"}),
        ('{"mfa_arn": "x"}', {"mfa_arn": "x"}),
        ('{"version": 2, "mfa_arn": "x"}', {}),
        ('{"version": 1, "mfa_arn": 1}', {}),
        ("[]", {}),
        ("x", {}),
    ],
)
def test_fields(written: str, found: dict[str, str]) -> None:
    """An entry's known fields, and none of an entry that cannot be read."""
    assert fields(written) == found
