"""The text of a scenario file: what fails becomes a fault, an event or a state."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from authkit import __version__
from fakes.world import network
from scenarios.replay.story import reading
from tests.support.recordings import recorded, recorded_story, replayed
from tests.support.story_tools import KEYS, LOGIN, read

EXCEPT = 'except.terminal = "it would take a fault there"\n'
PROXY = 'env.HTTPS_PROXY = "http://proxy.corp:3128"\n'
# A step's trouble, and the faults that it is in the file.
TROUBLES: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "a refusal": (
        'on = "GetSessionToken"\nanswer = "Throttling"\n',
        [{"on": "GetSessionToken", "answer": "Throttling", "message": "Rate exceeded"}],
    ),
    "a later refusal": (
        'on = "*"\nanswer = "AccessDenied"\nafter = 1\n',
        [{"on": "GetSessionToken", "answer": "AccessDenied"}],
    ),
    "no answer": (
        'on = "GetCallerIdentity"\nanswer = "timeout"\n',
        [{"on": "GetCallerIdentity", "answer": "timeout"}],
    ),
    "a broken answer": (
        'on = "GetCallerIdentity"\nanswer = "html"\n',
        [{"on": "GetCallerIdentity", "answer": "html"}],
    ),
    "a code that nobody knows": (
        'on = "GetSessionToken"\nanswer = "TeapotException"\nunheard_of = true\n',
        [{"on": "GetSessionToken", "answer": "TeapotException"}],
    ),
    "a code that is not kept": (
        'on = "GetSessionToken"\nanswer = "teapot"\nunheard_of = true\n',
        [{"on": "GetSessionToken", "answer": "<text of 6 characters>"}],
    ),
    "a name that is not known": (
        'on = "GetCallerIdentity"\nanswer = "name unknown"\n',
        [{"on": "GetCallerIdentity", "answer": "name unknown"}],
    ),
    "a certificate that nobody trusts": (
        'on = "GetCallerIdentity"\nanswer = "certificate unknown"\n',
        [{"on": "GetCallerIdentity", "answer": "certificate unknown"}],
    ),
    "a proxy that asks for a name": (
        'on = "GetCallerIdentity"\nanswer = "proxy 407"\n',
        [{"on": "GetCallerIdentity", "answer": "proxy 407"}],
    ),
    "a locked keyring": (
        'on = "keyring.get"\nanswer = "locked"\n',
        [{"on": "keyring.get", "answer": "locked", "times": 0}],
    ),
    "a keyring that fails once": (
        'on = "keyring.get"\nanswer = "failing"\nafter = 1\n',
        [],
    ),
    "no room": (
        'on = "session.replace"\nanswer = "no room"\n',
        [{"on": "session.replace", "answer": "no room", "after": 0}],
    ),
    **{
        f"a file {whose}": (
            f'on = "session.replace"\nanswer = "{whose}"\n',
            [{"on": "session.replace", "answer": whose, "after": 0}],
        )
        for whose in ("of root", "of another user")
    },
    "trouble that has no word": (
        'on = "session.replace"\nanswer = "Something else"\n',
        [{"on": "session.replace", "answer": "<text of 14 characters>", "after": 0}],
    ),
}


# Steps of stories, each with its place: among them they come by every line of the recording.
STEPS = (
    ("a-field-corrected", 0),
    ("another-login", 0),
    ("anothers", 1),
    ("by-command", 1),
    ("changed-device", 0),
    ("clock-ten-minutes-ahead", 0),
    ("config-file-in-trouble", 1),
    ("configure-a-device", 2),
    ("configure-from-bad-stdin", 0),
    ("configure-from-bad-stdin", 4),
    ("configure-in-trouble", 0),
    ("configure-other-partition", 0),
    ("credential-process", 0),
    ("effects-shown", 1),
    ("failing-command", 3),
    ("granted-less-than-wanted", 0),
    ("hardware-token", 0),
    ("keyring-absent", 0),
    ("keyring-asking", 3),
    ("keyring-corrupt", 0),
    ("keyring-later-version", 0),
    ("keyring-quoting", 1),
    ("list-with-trouble", 2),
    ("lock-held", 1),
    ("logged-in-elsewhere", 0),
    ("moved-authkit", 0),
    ("moved-authkit", 2),
    ("names-of-any-script", 8),
    ("opt-in-only-and-good", 0),
    ("plain-http", 1),
    ("profile-added-and-removed", 0),
    ("proxy-wants-a-password", 0),
    ("refused-twice", 0),
    ("role-changed", 4),
    ("role-in-another-account", 1),
    ("role-in-trouble", 2),
    ("session-file-corrupt", 0),
    ("three-wrong-mfa-codes", 0),
    ("unencrypted", 0),
    ("unknown-at-the-first-call", 0),
    ("what-is-wrong", 1),
    ("wrong-secret-in-exec", 0),
)


@pytest.mark.parametrize(("name", "step"), STEPS)
def test_steps_of_stories(name: str, step: int) -> None:
    """What a story shows holds of its recording too: it replays as it is."""
    made = recorded_story(reading.read(reading.story_file(name)), step)
    assert "The recording failed" not in made.observed.screen
    assert replayed(made.story) == ""


WHOLE = sorted((Path(__file__).parent / "whole").glob("*.toml"))


@pytest.mark.parametrize("file", WHOLE, ids=lambda file: file.stem)
def test_the_whole_file(file: Path) -> None:
    """To the letter: the file's name has the story, and its step."""
    name, _, step = file.stem.rpartition("-")
    made = recorded_story(reading.read(reading.story_file(name)), int(step))
    assert made.text.replace(__version__, "VERSION") == file.read_text("utf-8")


@pytest.mark.parametrize("trouble", TROUBLES)
def test_faults(trouble: str) -> None:
    """Each failure is a fault with what came, and how many calls went well before it."""
    fault, told = TROUBLES[trouble]
    made = recorded(f"{EXCEPT}env.HTTPS_PROXY = 'http://x:1'\n{KEYS}{LOGIN}[[step.fault]]\n{fault}")
    found = [dict(fault.source) for fault in made.story.steps[0].faults]
    assert len(found) == len(told)
    assert all(one.items() >= other.items() for one, other in zip(found, told, strict=True))
    assert replayed(made.story) == ""


@pytest.mark.parametrize("level", ["fakes", "boto3"])
@pytest.mark.parametrize("word", network.WORDS)
def test_trouble_on_the_way_to_sts(word: str, level: str) -> None:
    """A way that fails is recorded as the word that makes it fail so, whoever tells of it."""
    fault = f'[[step.fault]]\non = "GetSessionToken"\nanswer = "{word}"\n'
    proxy = PROXY if word in network.OF_A_PROXY else ""
    told = read(f"{proxy}{EXCEPT}{KEYS}{LOGIN}{fault}")
    made = recorded_story(told, level=level)
    (found,) = made.story.steps[0].faults
    assert (found.answer, "corp" in made.text) == (word, False)
    assert "<text of" not in made.text
    assert [replayed(made.story, each) for each in ("fakes", "boto3")] == ["", ""]


def test_what_failed_on_the_way_sts_has_not_seen() -> None:
    """A fault of STS's counts the calls that came to it, one on the way all that were made."""
    faults = [("no route", 0), ("Throttling", 0), ("reset", 1), ("name unknown", 3)]
    step = LOGIN.replace("login", "login --force")
    text = "".join(
        f'[[step.fault]]\non = "*"\nanswer = "{word}"\nafter = {after}\n' for word, after in faults
    )
    made = recorded(f"{KEYS}{step}exit = 1\n{text}")
    assert [fault.answer for fault in made.story.steps[0].faults] == [w for w, _ in faults]
    assert replayed(made.story) == ""


@pytest.mark.parametrize(
    "event",
    [
        "others may write to the state folder",
        "others may write to sessions/dev-admin.json",
        "the state folder belongs to another user",
        "the state folder belongs to root",
        "the state folder has no locks",
        "put a hard link in place of the lock locks/dev-admin",
        "put a FIFO in place of sessions/dev-admin.json",
        "process 4711 holds the lock of dev-admin for 1h",
    ],
)
def test_events(event: str) -> None:
    """Lasting trouble with the state folder, and a lock that is held, are events."""
    made = recorded(f'{KEYS}{LOGIN}events = ["{event}"]\nenv.AUTHKIT_LOCK_TIMEOUT = "1s"\n')
    told = [event.text for event in made.story.steps[0].events]
    assert [text.rpartition(" for ")[0] or text for text in told] == [
        event.rpartition(" for ")[0] or event
    ]
    assert replayed(made.story) == ""


def test_variables_that_are_kept() -> None:
    """What decides how authkit goes on is in the file, with the identity's invented name."""
    environ = {
        "AUTHKIT_IDENTITY": "mine",
        "AUTHKIT_LOCK_TIMEOUT": "7s",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-2",
        "CI": "true",
    }
    given = "".join(f'env.{name} = "{value}"\n' for name, value in environ.items())
    made = recorded(f"{given}{KEYS.replace('dev-admin', 'mine')}[[step]]\nrun = 'authkit login'\n")
    assert made.story.environ == environ | {"AUTHKIT_IDENTITY": "dev-admin"}
    assert replayed(made.story) == ""


def test_settings_that_are_kept() -> None:
    """So are the settings of the config file, with invented ids, names and secrets."""
    config = """config = '''
[identities.mine]
region = "eu-west-1"
mfa_arn = "arn:aws:iam::999999999999:mfa/canary"
session_duration = "8h"
[identities.deploy]
kind = "aws/assume-role"
source = "mine"
role_arn = "arn:aws:iam::999999999999:role/canary"
external_id = "canary"
'''
"""
    made = recorded(f"{config}[[step]]\nrun = 'authkit list'\n")
    told = tomllib.loads(made.story.config or "")["identities"]
    user, role = told.values()
    device = "arn:aws:iam::123456789012:mfa/device-1"
    kept = {"region": "eu-west-1", "mfa_arn": device, "session_duration": "8h"}
    assert user == {"kind": "aws/user", **kept}
    role_arn = "arn:aws:iam::123456789012:role/role-1"
    kept = {"source": next(iter(told)), "role_arn": role_arn, "external_id": "secret-1"}
    assert role == {"kind": "aws/assume-role", **kept}
    assert "canary" not in made.text


@pytest.mark.parametrize("state", ["absent", "asking"])
def test_the_keyrings_state(state: str) -> None:
    """A keyring that is not there, and one that asks, are the story's."""
    made = recorded(f'keyring_state = "{state}"\ninteractive = false\n{LOGIN}')
    assert made.story.keyring_state == state
    assert replayed(made.story) == ""


def test_a_keyring_in_the_clear() -> None:
    """B-S05: a backend that keeps things unencrypted is one in the replay, with its warning."""
    typed = '{"access_key_id": "AKIAXXXXXXXXXXXXXXXX", "secret_access_key": "the-secret"}'
    line = f"[[step]]\nrun = 'authkit user configure dev-admin --stdin'\nstdin = '{typed}'\n"
    made = recorded(f'keyring_state = "in-the-clear"\n{KEYS}{line}')
    assert "keeps them unencrypted" in made.observed.screen
    assert made.story.keyring_state == "in-the-clear"
    assert replayed(made.story) == ""


def test_what_is_left_is_claimed() -> None:
    """The entry and the session that the command leaves are claims of the step."""
    made = recorded(KEYS + LOGIN)
    session = dict(made.story.steps[0].session)["dev-admin"]
    assert isinstance(session, dict)
    assert session["access_key_id"] == "ASIARECORDED00000001"
    out = recorded(f'{KEYS}{LOGIN}[[step]]\nrun = "authkit logout dev-admin --keys"\n')
    assert out.story.steps[0].session == out.story.steps[0].keyring == {"dev-admin": False}
    assert replayed(out.story) == ""


def test_the_child_is_its_status_and_its_time() -> None:
    """Of exec's child its exit status and how long it took are kept."""
    child = 'child = { exit = 3, says = "mine", takes = "31m" }\n'
    made = recorded(f'{KEYS}{LOGIN}[[step]]\nrun = "authkit exec dev-admin -- a b"\n{child}')
    step = made.story.steps[0]
    assert (step.run, step.exit) == ("authkit exec dev-admin -- command", 3)
    assert step.child
    assert (step.child.exit, str(step.child.takes), step.child.says) == (3, "0:31:00", "")
    assert replayed(made.story) == ""


def test_data_is_left_out() -> None:
    """`env` and `credential-process` are kept without what they print; a replay prints some."""
    for command in ("env", "credential-process"):
        made = recorded(f'{KEYS}{LOGIN}[[step]]\nrun = "authkit {command} dev-admin"\n')
        assert "<data of " in made.story.steps[0].script.written
        assert "AWS_" not in made.text
        assert replayed(made.story) == ""
        none = made.text.replace(f"authkit {command} ", "authkit logout ")
        said = replayed(reading.parse(none, made.story.path))
        assert "the screen is not as told" in said


# A world with keys, an MFA device, and a command that prints its codes.
BY_PROCESS = """
config = '''
[identities.dev-admin]
mfa_process = "oathtool --totp the-secret-canary"
'''
[account]
keys.only = { id = "AKIAXXXXXXXXXXXXXXXX", secret = "the-secret" }
mfa = { arn = "arn:aws:iam::123456789012:mfa/user", codes = ["123456", "234567"] }
[keyring.dev-admin]
access_key_id = "AKIAXXXXXXXXXXXXXXXX"
secret_access_key = "the-secret"
mfa_arn = "arn:aws:iam::123456789012:mfa/user"
"""
RUNS = {
    "a code": '{ says = "123456" }',
    "not found": '{ fails = "not found" }',
    "not executable": '{ fails = "not executable" }',
    "a failure": "{ exit = 3 }",
    "a signal": "{ signal = 9 }",
    "a hang": '{ takes = "1h" }',
    "no line": '{ says = "" }',
    "a long line": f'{{ says = "{"1" * 5000}" }}',
    "two lines": '{ says = "mine\\n123456" }',
    "five digits": '{ says = "12345" }',
}


@pytest.mark.parametrize("run", RUNS)
def test_what_mfa_process_printed(run: str) -> None:
    """A run of the command is one that prints an invented code, or fails in the same way."""
    made = recorded(f"{BY_PROCESS}{LOGIN}mfa_process = [{RUNS[run]}]\n")
    assert not {word for word in ("canary", "oathtool", "123456 ") if word in made.text}
    assert "print-code" in str(made.story.config)
    assert replayed(made.story) == ""


def test_a_code_that_was_sent_before() -> None:
    """The login before is in the recording, so that its code is spent in the replay too."""
    again = LOGIN.replace('dev-admin"', 'dev-admin --force"')
    runs = '[{ says = "123456" }, { says = "234567" }]'
    made = recorded(
        f'{BY_PROCESS}{LOGIN}mfa_process = [{{ says = "123456" }}]\n{again}mfa_process = {runs}\n'
    )
    assert "printed a code that was sent before" in made.text
    assert replayed(made.story) == ""
