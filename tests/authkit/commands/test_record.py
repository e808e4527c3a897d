"""`authkit --record`: what is in the file, what is never in it, and the file's own trouble."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from authkit.adapters.files import file_name
from authkit.adapters.recording_file import RecordingFile
from authkit.arguments import Options
from authkit.commands import record
from authkit.core import rules
from tests.support.recordings import recorded, replayed
from tests.support.stage import Stage
from tests.support.story_tools import KEYS, LOGIN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from authkit.core.ports import World

# What no recording may hold.  The words stand in every place that something from outside can
# come from; the account is one too, and the numbers of a code.
MARK, ACCOUNT, CODE = "Qx7Zw", "707707707707", "707707"
WORD = "sesame"  # in texts alone: it is nobody's name
MARKS = (MARK.lower(), ACCOUNT, CODE, WORD)
FILE = file_name(MARK)  # what its files are called
KEY = "AKIAQX7ZWQX7ZWQX7ZW0"
DEVICE = f"arn:aws:iam::{ACCOUNT}:mfa/{MARK}"
MARKED = f"""
[account]
id = "{ACCOUNT}"
keys.mine = {{ id = "{KEY}", secret = "{MARK}-secret", user = "{MARK}-user" }}
mfa = {{ arn = "{DEVICE}", codes = ["{CODE}", "070707"], user = "{MARK}-user" }}
roles.{MARK}-role = {{}}
[keyring.{MARK}]
access_key_id = "{KEY}"
secret_access_key = "{MARK}-secret"
mfa_arn = "{DEVICE}"
"""
CONFIG = f'''config = """
# {MARK}
default = "{MARK}-role"
[identities.{MARK}]
region = "eu-west-1"
[identities.{MARK}-role]
kind = "aws/assume-role"
source = "{MARK}"
role_arn = "arn:aws:iam::{ACCOUNT}:role/{MARK}-role"
external_id = "{MARK}"
"""
'''
EXCEPT = 'except.terminal = "it would take a fault there"\n'
CODE_TYPED = f"shows = '''\nEnter MFA Token: {CODE}\n'''\n"
IN = f'[[step]]\nrun = "authkit login {MARK}"\n{CODE_TYPED}'


def fault(code: str, more: str = "") -> str:
    """Return a refusal of GetSessionToken whose message and request id hold the mark."""
    return (
        f'[[step.fault]]\non = "GetSessionToken"\nanswer = "{code}"\n'
        f'message = "{MARK} {WORD}: {DEVICE} {KEY} {more}"\nrequest_id = "{MARK}"\n'
    )


def spoilt(session: str) -> str:
    """Return a story of a session file with this text, which another program has written."""
    return f"session.'{FILE}' = '''{session}'''\n[[step]]\nrun = 'authkit whoami {MARK}'"


SESSION = (
    f'{{"version": 2, "identity": "{MARK}", "access_key_id": "{KEY}", "secret_access_key":'
    f' "{MARK}", "session_token": "{MARK}", "expiration": 1734900000, "granted": 1734800000,'
    f' "kind": "{MARK}", "region": "{MARK}", "account": "{ACCOUNT}", "principal": "{MARK}",'
    f' "source": "{MARK}", "mfa_arn": "{MARK}", "duration": 3600, "origin": "{MARK}",'
    f' "config_stamp": "{MARK}", "by_option": "{MARK}"}}'
)
# Stories full of marks, by what is in trouble there.
STORIES = {
    "a login": MARKED + IN,
    "a login by a role": CONFIG + MARKED + f'[[step]]\nrun = "authkit login"\n{CODE_TYPED}',
    "a refusal": MARKED + IN + fault("AccessDenied"),
    "a refusal of a policy": MARKED + IN + fault("AccessDenied", "in a service control policy"),
    "a code of AWS's": MARKED + IN + fault(f"{MARK}Exception") + "unheard_of = true\n",
    "typed keys": f"""
[[step]]
run = "authkit login {MARK}"
shows = '''
AWS Access Key ID: {MARK}
AWS Access Key ID: {KEY}
AWS Secret Access Key:   <- {MARK}-secret
MFA ARN (optional): {MARK}!
MFA ARN (optional): {DEVICE}
Session Duration (optional, default: 12h): {MARK}
Session Duration (optional, default: 12h): 36h
AWS Access Key ID:    <- ^D
'''
""",
    "typed codes": MARKED + IN.replace("'''\n", f"'''\nEnter MFA Token: {WORD}\n", 1),
    "whoami": MARKED + IN + f'[[step]]\nrun = "authkit whoami {MARK}"\n',
    "whoami as JSON": MARKED + IN + f'[[step]]\nrun = "authkit whoami {MARK} --json"\n',
    "a child": MARKED
    + IN
    + f'[[step]]\nrun = "authkit exec {MARK} -- {MARK} --{MARK}"\nexit = 3\n'
    + f'child = {{ exit = 3, says = "{MARK}" }}\n',
    "a child that is not there": MARKED
    + IN
    + f'[[step]]\nrun = "authkit exec {MARK} -- {MARK}"\nchild = {{ fails = "not found" }}\n',
    "env": MARKED + IN + f'[[step]]\nrun = "authkit env {MARK}"\n',
    "credential-process": MARKED + IN + f'[[step]]\nrun = "authkit credential-process {MARK}"\n',
    "list": CONFIG + MARKED + IN + '[[step]]\nrun = "authkit list"\n',
    "list as JSON": CONFIG + MARKED + IN + '[[step]]\nrun = "authkit list --output json"\n',
    "logout": MARKED + IN + f'[[step]]\nrun = "authkit logout {MARK} --keys"\n',
    "the keyring": MARKED
    + IN
    + f'[[step.fault]]\non = "keyring.get"\nanswer = "failing"\nmessage = "{MARK} {WORD}"\n',
    "an entry": f'keyring.{MARK} = "{MARK}"\n[[step]]\nrun = "authkit login {MARK}"\n',
    "fields of an entry": f'[keyring.{MARK}]\n{MARK} = "{MARK}"\nmfa_arn = "{MARK}!"\n'
    f'session_duration = "{MARK}"\n[[step]]\nrun = "authkit login {MARK}"\n',
    "a session": spoilt(MARK),
    "fields of a session": spoilt(SESSION),
    "a session of other keys": f"session.'{FILE}' = '''{SESSION}'''\n" + MARKED + IN,
    "the config file": f'config = "{MARK} = 1"\n[[step]]\nrun = "authkit login {MARK}"\n',
    "a key of the config file": f'config = "[identities.{MARK}]\\n{MARK} = 1"\n'
    f'[[step]]\nrun = "authkit login {MARK}"\n',
    "a path": f'[[step]]\nrun = "authkit --config /{MARK}/{MARK}.toml whoami {MARK}"\n',
    "the command line": f'[[step]]\nrun = "authkit login {MARK} --{MARK} --region={MARK}"\n',
    "a command": f'[[step]]\nrun = "authkit {MARK} {MARK}"\n',
    "an option's value": f'[[step]]\nrun = "authkit login {MARK} --duration {MARK}"\n',
    "the environment": MARKED
    + IN
    + "".join(
        f'env.{name} = "{MARK}"\n'
        for name in ("AUTHKIT_IDENTITY", "AWS_REGION", "AWS_PROFILE", "HTTPS_PROXY", "TZ", "HOME")
    ),
    "settings": f'[[step]]\nrun = "authkit login {MARK}"\nenv.AUTHKIT_LOCK_TIMEOUT = "{MARK}"\n',
    "who asks": f'[[step]]\nrun = "authkit login {MARK}"\nenv.CI = "{MARK}"\n',
    "an endpoint": f'endpoint = "http://{MARK}.example.com:707/{MARK}"\n' + MARKED + IN,
    "standard input": f'[[step]]\nrun = "authkit user configure {MARK} --stdin"\nstdin = '
    f'\'\'\'{{"access_key_id": "{KEY}", "secret_access_key": "{MARK}", "{MARK}": 1}}\'\'\'\n',
    "input that is none": f'[[step]]\nrun = "authkit user configure {MARK} --stdin"\n'
    f'stdin = "{MARK}"\n',
    "a lock": f'[[step]]\nrun = "authkit login {MARK}"\n'
    f'events = ["process {MARK} holds the lock of {MARK} for 1h"]\nexit = 1\n',
    "the state folder": EXCEPT
    + MARKED
    + IN
    + f'[[step.fault]]\non = "session.read"\nanswer = "{MARK}"\n',
}


@pytest.mark.parametrize("what", STORIES)
def test_nothing_from_outside_is_kept(what: str) -> None:
    """No mark is in the file, wherever it came from; and the file is a scenario."""
    made = recorded(STORIES[what])
    assert [line for line in made.text.lower().split("\n") if any(m in line for m in MARKS)] == []
    assert made.text.count("shows = '''") == 1


@pytest.mark.parametrize("what", ["a refusal", "a code of AWS's", "the keyring"])
def test_texts_are_kept_when_asked_for(what: str) -> None:
    """With --record-texts the mark that was in a text is kept, names and ids are not; so is said.

    This shows that the marks of the test above reach the recording.
    """
    made = recorded(STORIES[what], "--record-texts")
    assert "read them before you send this file." in made.text
    assert WORD in made.text
    assert not any(real in made.text for real in (KEY, ACCOUNT, f"{MARK}-secret", f"login {MARK}"))
    assert "as they came" in made.text
    assert "as they came" in made.observed.screen


CONFIGURE = f'[[step]]\nrun = "authkit user configure {MARK} --stdin"\n'
LOGIN_ALONE = f'[[step]]\nrun = "authkit login {MARK}"\n'
# Where a secret may stand that authkit has not read as one.
SPILT = {
    "input that is no JSON": f'{CONFIGURE}stdin = "secret_access_key={WORD}"\n',
    "input cut short": f'{CONFIGURE}stdin = \'{{"secret_access_key": "{WORD}"\'\n',
    "an entry cut short": f'keyring.{MARK} = \'{{"secret_access_key": "{WORD}\'\n{LOGIN_ALONE}',
    "the config file": f"""config = 'secret_access_key = "{WORD}"'\n{LOGIN_ALONE}""",
    "the field of the key id": STORIES["typed keys"].replace(f": {MARK}\n", f": {WORD}\n", 1),
    "the field of the duration": STORIES["typed keys"].replace(f"12h): {MARK}", f"12h): {WORD}"),
    "the field of the code": STORIES["typed codes"],
}


@pytest.mark.parametrize("what", SPILT)
def test_what_was_given_is_no_text(what: str) -> None:
    """B-S01: --record-texts keeps nothing of what the person gave: it may be a secret."""
    assert WORD not in recorded(SPILT[what], "--record-texts").text


def test_what_looks_like_a_secret_is_none() -> None:
    """B-S01: of AWS's message a long run of letters and digits is masked with --record-texts."""
    made = recorded(MARKED + IN + fault("AccessDenied", "a1" * 16), "--record-texts")
    assert (WORD in made.text, "a1a1" in made.text) == (True, False)


def test_what_is_said_at_the_end() -> None:
    """The command says where the recording is, what was left out, and to read it before sending."""
    made = recorded(STORIES["a refusal"])
    *_, last = made.observed.screen.split("\n\n")
    assert last.startswith("✓ Recorded to /")
    assert "\n  Of texts from outside (1) it has the length alone.\n" in last
    assert "Read it before you send it." in last
    assert "Recorded to" not in made.text
    *_, last = recorded(KEYS + LOGIN).observed.screen.split("\n\n")
    assert "texts from outside" not in last


CREDENTIALS = f"""
[file]
"~/.aws/credentials" = "[other]\\naws_access_key_id = {KEY}\\naws_secret_access_key = s\\n"
"""


@pytest.mark.parametrize(
    ("line", "replays"),
    [
        ("doctor dev-admin", False),
        ("import --all --no-verify", False),
        ("profile add dev-admin", True),
        ("profile remove dev-admin", True),
        ("list", True),
    ],
)
def test_what_does_not_replay_says_so(line: str, *, replays: bool) -> None:
    """The last line, and the file, say which recordings are only to be read; others replay."""
    made = recorded(f'{KEYS}{CREDENTIALS}[[step]]\nrun = "authkit {line}"\n')
    said = f"It is to be read: a recording of {line.split(maxsplit=1)[0]} does not replay."
    shown = said in made.observed.screen.splitlines()[-1]
    assert (shown, f"{said}\n" in made.text) == (not replays, not replays)
    assert (replayed(made.story) == "") is replays


def test_the_end_is_the_commands() -> None:
    """B-E03: with --record the exit status is the command's, and the screen what it was."""
    child = '[[step]]\nrun = "authkit exec dev-admin -- it"\nchild = { exit = 7, says = "hm" }\n'
    made = recorded(KEYS + LOGIN + child)
    assert (made.observed.exit, made.story.steps[0].exit) == (7, 7)
    assert made.observed.screen.startswith("hm\n")


# The file and the line.


class Given:
    """What `record.run` is given here: a screen, a file, and a command that does one thing."""

    def __init__(self, file: Path, does: Callable[[], int] = lambda: 0) -> None:
        self.stage = Stage()
        self.ran: list[list[str]] = []
        self._file = file
        self._does = does

    def run(self, *line: str) -> int:
        """Run a line; return the exit status."""
        return record.run(line, self._main, lambda _: self.stage, RecordingFile)

    def _main(self, line: Sequence[str], make_world: Callable[[Options], World]) -> int:
        self.ran.append([*line])
        make_world(Options(line)).screen.say("✗ Cancelled.")
        return self._does()


@pytest.mark.parametrize("form", [["--record", "{}"], ["--record={}"]])
def test_the_line(tmp_path: Path, form: list[str]) -> None:
    """The command's own line is what comes after the file; the status is the command's."""
    file = tmp_path / "it.toml"
    given = Given(file, lambda: 5)
    words = [word.format(file) for word in form]
    assert given.run(*words, "--record-texts", "exec", "x", "--", "--record", "y") == 5
    assert given.ran == [["exec", "x", "--", "--record", "y"]]
    assert "[[step]]" in file.read_text("utf-8")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["--record"], "There is no file behind --record"),
        (["--record="], "There is no file behind --record"),
        (["--record", "{}"], "There is no command behind --record {}"),
        (["--record", "--no-input", "login"], "There is no file behind --record"),
        (["--record", "{}", "--record-texts"], "There is no command behind --record {}"),
        (["--record", "{}", "--record", "{}", "login"], "--record stands first, and once"),
    ],
)
def test_a_line_that_will_not_do(tmp_path: Path, line: list[str], said: str) -> None:
    """A line without file or command is a usage error that says which, and nothing happens."""
    given = Given(tmp_path / "it.toml")
    assert given.run(*(word.format(tmp_path / "it.toml") for word in line)) == 2
    assert given.ran == []
    assert said.format(tmp_path / "it.toml") in given.stage.screen.said[-1]
    assert [*tmp_path.iterdir()] == []


def test_a_file_that_is_there(tmp_path: Path) -> None:
    """A file that is there is not replaced: an error before anything happens."""
    file = tmp_path / "it.toml"
    file.write_text("mine")
    given = Given(file)
    assert given.run("--record", str(file), "login") == 2
    assert (given.ran, file.read_text()) == ([], "mine")
    assert "it is there already" in given.stage.screen.said[-1]


def test_nothing_is_lost(tmp_path: Path) -> None:
    """A recording that cannot be written in the end is shown, and the command's status stays."""
    file = tmp_path / "it.toml"

    def written_by_another() -> int:
        file.write_text("another's")
        return 3

    given = Given(file, written_by_another)
    assert given.run("--record", str(file), "login") == 3
    assert file.read_text() == "another's"
    *_, why, shown = given.stage.screen.said
    assert "could not be written" in why
    assert "[[step]]" in shown
    assert [path.name for path in tmp_path.iterdir()] == ["it.toml"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_recording_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    """An error of the recording itself is said, without its text; the command's status stays."""

    def fails(*_: object) -> str:
        raise error("a secret")

    monkeypatch.setattr(record, "story", fails)
    given = Given(tmp_path / "it.toml", lambda: 4)
    assert given.run("--record", str(tmp_path / "it.toml"), "login") == 4
    assert f"The recording failed ({error.__name__})" in given.stage.screen.said[-1]
    assert "a secret" not in given.stage.screen.said[-1]
    assert [*tmp_path.iterdir()] == []


def test_rules_are_found_as_before() -> None:
    """After a recording the table of rules is looked up as it was before it."""
    before = rules.meaning
    made = recorded(STORIES["a refusal"])
    assert rules.meaning is before
    assert made.story.rules == ("access-denied",)


def test_effects_that_are_shown_are_not_recorded() -> None:
    """AUTHKIT_DEBUG=1 shows the effects while a command is recorded; the file lists them anyway."""
    story = f"env.AUTHKIT_DEBUG = '1'\n{KEYS}{LOGIN}"
    made = recorded(story)
    assert "debug: keyring get dev-admin" in made.observed.screen
    assert not re.search("debug:|<text of", made.text)
    assert '"keyring get dev-admin"' in made.text
