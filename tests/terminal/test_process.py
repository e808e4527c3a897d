"""A real authkit process, terminal, keyring backend and aws CLI, with STS over HTTP."""

from __future__ import annotations

import json
import re
import socket
from typing import TYPE_CHECKING

import pexpect
import pytest

from tests.support.forked import AUTHKIT
from tests.support.pty_tools import spawn
from tests.support.simulator import KEYS, MFA, OLD_KEYS, Home, files

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.simulator import Simulator

# Of all these files this one has the processes that people have: nothing of them is forked.
pytestmark = pytest.mark.usefixtures("anew")

OLD = {"version": 1, **OLD_KEYS}
NEW = {"version": 1, **KEYS}
CONFIGURED = NEW | {"mfa_arn": MFA, "session_duration": "36h"}

RECOVERY = """\
✗ Key AKIAOLDOLDOLDOLDOLDO was rotated or revoked:
  ENDPOINT says so; removed it from the keyring.

⚠ AWS credentials are required for identity: dev-admin

AWS Access Key ID: AKIAXXXXXXXXXXXXXXXX
AWS Secret Access Key: ********
MFA ARN (optional): arn:aws:iam::123456789012:mfa/user
Session Duration (optional, default: 12h): 36h

✓ Credentials saved to keyring: dev-admin
⚠ The keyring backend keyrings.alt.file.PlaintextKeyring keeps them unencrypted.

Enter MFA Token: 123456

✓ Authentication successful!

  Provider   aws-user
  Identity   dev-admin
  Account    123456789012
  Region     us-east-1
  Expires    TIME MST (35h 59m)
"""


def test_ctrl_c_before_anything_was_said(home: Home) -> None:
    """B-A04: the terminal's own ^C stands on a line of its own."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        home.endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        home.put_in_keyring(NEW)
        child = spawn([AUTHKIT, "login", "dev-admin"], home.environ)
        with silent.accept()[0]:
            child.sendintr()
            child.expect(pexpect.EOF)
    assert child.before.startswith("^C\r\n✗ Cancelled.\r\n")


def test_fields_that_are_typed(home: Home) -> None:
    """B-C03: --stdin on a terminal says what it waits for; where it is none, nothing."""
    arguments = ["user", "configure", "dev-admin", "--stdin", "--no-verify"]
    child = spawn([AUTHKIT, *arguments], home.environ)
    child.expect("Type the fields as a JSON object; Ctrl-D on a line of its own ends it.")
    child.sendline(json.dumps(KEYS))
    child.sendeof()
    child.expect("Credentials saved to keyring: dev-admin")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert "Type the" not in home.authkit(*arguments, stdin=json.dumps(KEYS)).stderr


def login_on_a_terminal(home: Home, *answers: str, arguments: str = "login dev-admin") -> str:
    """Type the answers, one for each question; return the screen, with TIME for instants."""
    command = [AUTHKIT, *arguments.split()]
    child = spawn(command, home.environ)
    screen = ""
    for answer in answers:
        child.expect(r": \Z|: $")
        screen += child.before + child.after
        child.sendline(answer)
    child.expect(pexpect.EOF)
    child.close()
    screen = (screen + child.before).replace("\r\n", "\n")
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "TIME", screen)


def test_recovery(online: Home, simulator: Simulator) -> None:
    """B-L04, B-L21: keys are refused, new ones are typed on a terminal; 36 h are asked for."""
    online.put_in_keyring(OLD)
    answers = ("AKIAXXXXXXXXXXXXXXXX", "new-secret-canary", MFA, "36h", "123456")
    screen = login_on_a_terminal(online, *answers)
    assert screen == RECOVERY.replace("ENDPOINT", simulator.endpoint)
    assert online.keyring() == CONFIGURED
    calls = simulator.control("calls")
    assert [(call["operation"], call["access_key_id"]) for call in calls] == [
        ("GetCallerIdentity", "AKIAOLDOLDOLDOLDOLDO"),
        ("GetCallerIdentity", "AKIAXXXXXXXXXXXXXXXX"),
        ("GetSessionToken", "AKIAXXXXXXXXXXXXXXXX"),
    ]
    assert calls[-1]["parameters"] == {"DurationSeconds": "129600", "SerialNumber": MFA}


def test_dead_keys_without_a_terminal(online: Home) -> None:
    """B-L05: nobody can be asked: the keys stay, and the message says what to run."""
    online.put_in_keyring(OLD | {"session_duration": "36h"})
    done = online.authkit("login", "dev-admin")
    assert (done.returncode, done.stdout) == (1, "")
    assert "authkit login --identity dev-admin" in done.stderr
    assert online.keyring() == OLD | {"session_duration": "36h"}


def test_a_home_is_as_a_login_leaves_it(simulator: Simulator, tmp_path: Path) -> None:
    """`Home.log_in` writes what authkit wrote for the first home, and a session that STS knows."""
    homes = [Home(tmp_path / name, simulator.endpoint) for name in ("first", "by authkit", "then")]
    for home in homes[::2]:
        home.log_in()
    homes[1].put_in_keyring(homes[0].keyring())
    assert homes[1].authkit("login", "dev-admin").returncode == 0
    by_authkit, then = (files(home.path) for home in homes[1:])
    name = "state/sessions/dev-admin.json"
    sessions = [json.loads(each.pop(name)[1] or "") for each in (by_authkit, then)]
    assert then == by_authkit
    assert [*sessions[0]] == [*sessions[1]]
    own = {"access_key_id", "secret_access_key", "session_token", "expires", "expiration"}
    own |= {"granted", "config_stamp"}
    assert {key for key in sessions[0] if sessions[0][key] != sessions[1][key]} <= own
    assert sessions[1]["config_stamp"] == str(homes[2].path / "config/authkit/config.toml")
    text = (homes[2].path / name).read_text()
    assert homes[2].authkit("whoami", "dev-admin").returncode == 0
    assert (homes[2].path / name).read_text() == text
    assert simulator.calls()[-1] == ("GetCallerIdentity", None)


def test_the_aws_cli_as_a_child(online: Home) -> None:
    """B-E01: the aws CLI finds the session; authkit adds nothing to its output."""
    online.log_in()
    done = online.authkit(
        *("exec", "dev-admin", "--"),
        *("aws", "sts", "get-caller-identity", "--query", "Arn", "--output", "text"),
    )
    assert (done.returncode, done.stdout) == (0, "arn:aws:iam::123456789012:user/dev-admin\n")
    assert done.stderr == ""


def test_the_tip(online: Home, simulator: Simulator) -> None:
    """B-E06: the session has expired at AWS; the tip comes after the output of the CLI."""
    online.log_in()
    simulator.control("clock", {"advance": "37h"})
    done = online.authkit("exec", "dev-admin", "--", "aws", "sts", "get-caller-identity")
    assert done.returncode in range(252, 256)  # the exit statuses of the CLI's failures
    said, tip = done.stderr.split("\n\nTip ")
    assert "(ExpiredToken) when calling" in said
    assert said.endswith("\n\nAWS says that the session has expired (ExpiredToken).")
    assert tip == (
        "If credentials are expired, refresh with:\nauthkit login --identity dev-admin\n"
    )


def test_no_tip_for_other_failures(online: Home) -> None:
    """B-E06: the child fails, but the session is valid: there is no tip."""
    online.log_in()
    done = online.authkit("exec", "dev-admin", "--", "sh", "-c", "echo no >&2; exit 3")
    assert (done.returncode, done.stderr) == (3, "no\n")


@pytest.mark.parametrize(
    ("config", "where"),
    [
        ("default = ", "it is not TOML"),
        ("[identities.dev-admin]\nregoin = 'x'", "identities.dev-admin: there is no key regoin"),
        (
            "[identities.dev-admin]\nsession_duration = '37h'",
            "identities.dev-admin.session_duration",
        ),
        ("[identities.dev-admin]\nmfa_arn = 'x'", "identities.dev-admin.mfa_arn"),
        ("[identities.dev-admin]\nsecret_access_key = 'x'", "keys belong in the keyring"),
    ],
)
def test_a_broken_config_file(home: Home, config: str, where: str) -> None:
    """An invalid config file is an error that names file, table and key; exit 2."""
    path = home.config(config)
    done = home.authkit("login", "dev-admin")
    assert (done.returncode, done.stdout) == (2, "")
    assert str(path) in done.stderr
    assert where in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_identity(home: Home) -> None:
    """B-K04: an unknown name is an error that lists the names in the config file."""
    home.config("[identities.dev-admin]\n[identities.prod]\n")
    done = home.authkit("login", "dev-admim")
    assert done.returncode == 2
    assert "dev-admin, prod" in done.stderr


def test_an_unwritable_state_folder(online: Home) -> None:
    """A session could not be saved: an error before any question or call, and keys are kept."""
    online.put_in_keyring(NEW)
    online.extra["AUTHKIT_STATE_DIR"] = "/proc/authkit"
    done = online.authkit("login", "dev-admin")
    assert done.returncode == 1
    assert "/proc/authkit" in done.stderr
    assert online.keyring() == NEW


def test_a_corrupt_session_file(online: Home) -> None:
    """B-S04: a corrupt session file is reported and counts as none; login replaces it."""
    online.log_in()
    file = online.path / "state" / "sessions" / "dev-admin.json"
    file.write_text("{", encoding="utf-8")
    done = online.authkit("login", "dev-admin")
    assert done.returncode == 0
    assert "cannot be read" in done.stderr
    assert online.authkit("whoami", "dev-admin").returncode == 0


def test_a_corrupt_keyring_entry(online: Home) -> None:
    """B-S04: login does not overwrite a corrupt entry; `user configure` does."""
    online.put_in_keyring("{not json")
    done = online.authkit("login", "dev-admin")
    assert done.returncode == 1
    assert "corrupt" in done.stderr
    online.put_in_keyring("{not json")
    fields = json.dumps({key: NEW[key] for key in ("access_key_id", "secret_access_key")})
    assert online.authkit("user", "configure", "dev-admin", "--stdin", stdin=fields).returncode == 0
    assert online.keyring() == NEW


def test_no_answer_from_the_network(home: Home) -> None:
    """B-L18: after four calls the error says that STS cannot be reached; nothing is removed."""
    home.put_in_keyring(NEW)
    done = home.authkit("login", "dev-admin")
    assert done.returncode == 1
    assert "Connection refused" in done.stderr
    assert home.keyring() == NEW
