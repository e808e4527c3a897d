"""Entries that another process changes while a command works, and sessions of keys that are gone.

Each other process has the same keyring, and some of them another state folder, as
those of another host have.
"""

from __future__ import annotations

import json
import signal
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pexpect
import pytest

from authkit.core.identity import fingerprint
from tests.programs.chained import FOLDER
from tests.programs.odd_keyring import HELD
from tests.support.at_a_terminal import at_a_terminal
from tests.support.forked import AUTHKIT
from tests.support.pty_tools import LIMIT, REPO, program, spawn
from tests.support.simulator import KEYS, MFA, OLD_KEYS, ROLE_CONFIG, WORLD, Home

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.support.simulator import Simulator

BOB = {"access_key_id": "AKIABOBBOBBOBBOBBOBB", "secret_access_key": "bobs-secret-canary"}
BAD = {"access_key_id": "AKIABADBADBADBADBADB", "secret_access_key": "bad-secret-canary"}
OLD = {"id": OLD_KEYS["access_key_id"], "secret": OLD_KEYS["secret_access_key"]}
TWO_USERS: dict[str, Any] = {
    **WORLD,
    "keys": {
        "old": {**OLD, "state": "deleted"},
        "new": {"id": KEYS["access_key_id"], "secret": KEYS["secret_access_key"]},
        "bob": {"id": BOB["access_key_id"], "secret": BOB["secret_access_key"], "user": "bob"},
    },
    "roles": {"deploy": {}},
}


@pytest.fixture
def two(online: Home, simulator: Simulator) -> Home:
    """Return a home with a role, in an account with two users."""
    simulator.control("world", TWO_USERS)
    online.config(ROLE_CONFIG)
    return online


def elsewhere(home: Home) -> Home:
    """Return the same home with another state folder: the keyring is the same."""
    return Home(home.path, home.endpoint, {"AUTHKIT_STATE_DIR": str(home.path / "elsewhere")})


def configure(home: Home, keys: dict[str, str], *options: str) -> None:
    """Put keys into the keyring with authkit."""
    done = home.authkit(
        "user", "configure", "dev-admin", "--stdin", *options, stdin=json.dumps(keys)
    )
    assert done.returncode == 0, done.stderr


def sessions(home: Home) -> set[str]:
    """Return the names of the session files."""
    return {path.name for path in (home.path / "state" / "sessions").glob("*")}


@pytest.mark.parametrize("attended", [True, False])
def test_other_keys_while_it_waits(two: Home, *, attended: bool) -> None:
    """B-L04, B-L05: keys that another process puts there are not removed, but used."""
    configure(two, BAD, "--no-verify")
    command = [AUTHKIT, *["--no-input"] * (not attended), "login", "dev-admin"]
    child = spawn(command, two.environ)
    child.expect_exact("Trying again in 2s")
    configure(elsewhere(two), KEYS, "--no-verify")
    child.expect_exact("The keyring holds other keys of dev-admin by now")
    child.expect_exact("Authentication successful!")
    assert (child.wait(), two.keyring()) == (0, {"version": 1, **KEYS})


def test_keys_vanish_while_it_waits(two: Home) -> None:
    """B-L04: keys that another process takes away are asked for; nothing is said to be removed."""
    configure(two, BAD, "--no-verify")
    child = spawn([AUTHKIT, "login", "dev-admin"], two.environ)
    child.expect_exact("Trying again in 2s")
    assert elsewhere(two).authkit("logout", "--keys", "dev-admin").returncode == 0
    child.expect_exact("AWS Access Key ID: ")
    assert "removed it" not in child.before
    child.sendintr()
    child.expect_exact("Nothing was removed from the keyring.")
    assert child.wait() == 130


def test_other_keys_while_it_asks(two: Home) -> None:
    """B-L02: what is typed does not replace keys that were put there meanwhile."""
    child = spawn([AUTHKIT, "login", "dev-admin"], two.environ)
    child.expect_exact("AWS Access Key ID: ")
    configure(elsewhere(two), KEYS, "--no-verify")
    for answer in (BAD["access_key_id"], BAD["secret_access_key"], "", ""):
        child.sendline(answer)
    child.expect_exact("The keyring holds other keys of dev-admin by now")
    child.expect_exact("Authentication successful!")
    assert (child.wait(), two.keyring()) == (0, {"version": 1, **KEYS})


def test_other_keys_while_the_device_is_asked(two: Home) -> None:
    """B-L13: the answer changes one field of the entry as it is by then."""
    other = {**KEYS, "mfa_arn": "arn:aws:iam::123456789012:mfa/other"}
    two.put_in_keyring({"version": 1, **other})
    child = spawn([AUTHKIT, "login", "dev-admin"], two.environ)
    child.expect_exact("Enter MFA Token: ")
    child.sendline("222222")
    child.expect(r"MFA ARN \(optional\) \[.*\]: ")
    configure(elsewhere(two), BOB, "--no-verify")
    child.sendline("-")
    child.expect_exact("Authentication successful!")
    assert (child.wait(), two.keyring()) == (0, {"version": 1, **BOB})
    assert "user/bob" in two.authkit("whoami", "dev-admin").stdout


def test_keys_that_were_to_stay(two: Home) -> None:
    """B-C01: a setting is not saved with older keys over newer ones.

    Blank answers are given one by one: all at once they are a paste with CRLF (B-K06).
    """
    two.put_in_keyring({"version": 1, **KEYS})
    child = spawn([AUTHKIT, "user", "configure", "dev-admin"], two.environ)
    child.expect(r"AWS Access Key ID \[.*\]: ")
    configure(elsewhere(two), BOB, "--no-verify")
    for field in ("AWS Secret Access Key", r"MFA ARN \(optional\)", "Session Duration"):
        child.sendline("")
        child.expect(rf"{field}.*: \Z")
    child.sendline("2h")
    child.expect_exact("Nothing was saved.")
    assert (child.wait(), two.keyring()) == (1, {"version": 1, **BOB})


def test_no_session_of_the_former_user(two: Home, simulator: Simulator) -> None:
    """B-S03: after other keys were typed no session of the old ones is handed out, no role's."""
    two.put_in_keyring({"version": 1, **OLD_KEYS})
    simulator.control("world", {**TWO_USERS, "keys": {"old": OLD}})
    assert two.authkit("login", "deploy").returncode == 0
    assert sessions(two) == {"deploy.json", "dev-admin.json"}
    simulator.control("world", TWO_USERS)  # the old key is deleted there
    typed = [BOB["access_key_id"], BOB["secret_access_key"], MFA, ""]
    ended = at_a_terminal(two, "login", "dev-admin", "--force", answers=typed)
    assert ended.status == 130
    for name in ("dev-admin", "deploy"):
        assert ended.screen.count(f"⚠ Dropped the session of {name}:") == 1
        assert two.authkit("env", name).returncode == 1
        assert two.authkit("--no-input", "exec", name, "--", "true").returncode == 125
    assert sessions(two) == set()


# Between the last look at an entry and the write.

SAVES_ONE_FIELD = ("user", "configure", "dev-admin", "--stdin", "--no-verify")


@pytest.fixture
def held_back(two: Home) -> Home:
    """Return the home, whose backend gives the entry out late when it is read again."""
    two.extra |= {
        "PYTHON_KEYRING_BACKEND": "tests.programs.odd_keyring.Odd",
        "PYTHONPATH": str(REPO),
        FOLDER: str(two.path),
    }
    return two


def bob_comes_in_between(home: Home) -> None:
    """Have another process put Bob's keys there while what this one has read is held back."""
    held = home.path / HELD
    while not held.exists():
        time.sleep(0.01)
    other = elsewhere(home)
    other.extra |= {k: v for k, v in home.extra.items() if k != "ODD_HELD_AT"}
    with subprocess.Popen(  # noqa: S603 - our own
        [AUTHKIT, *SAVES_ONE_FIELD],
        env=other.environ,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(json.dumps(BOB))
        process.stdin.close()
        said = process.stderr.readline()  # that it waits, or that it has saved
        held.unlink()
        said += process.stderr.read()
    assert process.wait() == 0, said


def test_between_look_and_removal(held_back: Home) -> None:
    """B-L04: keys that are put there after the last look are not removed."""
    held_back.put_in_keyring({"version": 1, **OLD_KEYS})
    held_back.extra["ODD_HELD_AT"] = "2"
    child = spawn([AUTHKIT, "login", "dev-admin"], held_back.environ)
    bob_comes_in_between(held_back)
    child.expect_exact("AWS Access Key ID: ")
    child.sendintr()
    child.expect(pexpect.EOF)
    assert child.wait() == 130
    assert held_back.keyring() == {"version": 1, **BOB}


def test_between_look_and_device(held_back: Home) -> None:
    """B-L13: a new MFA ARN is not saved with older keys over newer ones."""
    held_back.put_in_keyring({"version": 1, **KEYS, "mfa_arn": f"{MFA}/other"})
    held_back.extra["ODD_HELD_AT"] = "2"
    child = spawn([AUTHKIT, "login", "dev-admin"], held_back.environ)
    child.expect_exact("Enter MFA Token: ")
    child.sendline("222222")
    child.expect(r"MFA ARN \(optional\) \[.*\]: ")
    child.sendline(MFA)
    bob_comes_in_between(held_back)
    child.expect_exact("Enter MFA Token: ")
    child.sendintr()
    child.expect(pexpect.EOF)
    assert child.wait() == 130
    assert (held_back.keyring() or {}).items() >= BOB.items()


def test_between_look_and_setting(held_back: Home) -> None:
    """B-C01: a setting that is saved with the keys as they were does not replace newer ones."""
    held_back.put_in_keyring({"version": 1, **KEYS})
    held_back.extra["ODD_HELD_AT"] = "2"
    with subprocess.Popen(  # noqa: S603 - our own
        [AUTHKIT, *SAVES_ONE_FIELD],
        env=held_back.environ,
        stdin=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdin is not None
        process.stdin.write('{"session_duration": "2h"}')
        process.stdin.close()
        bob_comes_in_between(held_back)
    assert (process.wait(), held_back.keyring()) == (0, {"version": 1, **BOB})


# Roles.


@contextmanager
def a_slow_role(
    home: Home, simulator: Simulator, authkit: Sequence[str] = (AUTHKIT,)
) -> Iterator[subprocess.Popen[str]]:
    """Log in to the role in a process that has asked STS, which takes three seconds."""
    simulator.control("faults", [{"on": "AssumeRole", "latency": "3s"}])
    with subprocess.Popen(  # noqa: S603 - our own
        [*authkit, "login", "deploy"],
        env=home.environ,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stderr is not None
        while "deploy is reached from" not in process.stderr.readline():
            pass
        while "Expires" not in process.stderr.readline():  # the source's session is there
            pass
        yield process


def test_other_keys_while_a_role_is_assumed(two: Home, simulator: Simulator) -> None:
    """B-S03, B-K03: a role's login drops the session of keys that are others by its end."""
    two.put_in_keyring({"version": 1, **KEYS})
    with a_slow_role(two, simulator) as process:
        configure(two, BOB, "--no-verify")
        _, said = process.communicate(timeout=LIMIT)
    assert process.returncode == 0, said
    assert "⚠ Dropped the session of deploy: its keys or settings no longer hold." in said
    assert sessions(two) == {"deploy.json", "dev-admin.json"}
    assert "user/bob" in two.authkit("whoami", "dev-admin").stdout
    files = two.path / "state" / "sessions"
    made = {json.loads((files / name).read_text())["source"] for name in sessions(two)}
    assert len(made) == 1, "both are of the present keys"


def test_a_role_that_is_killed(two: Home, simulator: Simulator) -> None:
    """B-S03: killed right after it wrote its session, it leaves none of the former keys."""
    two.put_in_keyring({"version": 1, **KEYS})
    with a_slow_role(two, simulator, program("killed_after", "deploy.json")) as process:
        configure(two, BOB, "--no-verify")
        _, said = process.communicate(timeout=LIMIT)
    assert process.returncode == -signal.SIGKILL, said
    assert sessions(two) == {"deploy.json", "dev-admin.json"}
    files = two.path / "state" / "sessions"
    made = {json.loads((files / name).read_text())["source"] for name in sessions(two)}
    assert made == {fingerprint(*BOB.values())}
    assert two.authkit("login", "deploy").returncode == 0


def test_a_marker_that_cannot_be_written(two: Home, simulator: Simulator) -> None:
    """B-S06, B-L01: the session is kept, and what could not be marked is one warning line."""
    two.put_in_keyring({"version": 1, **KEYS})
    (two.path / "state" / "identities" / "dev-admin").mkdir(parents=True, mode=0o700)
    done = two.authkit("login", "dev-admin")
    assert done.returncode == 0
    assert done.stderr.count("identities/dev-admin: it is a folder, not a file. Remove it") == 1
    assert two.authkit("login", "dev-admin").returncode == 0
    assert two.authkit("exec", "dev-admin", "--", "true").returncode == 0
    assert [name for name, _ in simulator.calls()].count("GetSessionToken") == 1


def test_logout_of_a_source(two: Home) -> None:
    """B-O01, B-S03: it names the roles' sessions that can be used; with --keys it drops them."""
    two.put_in_keyring({"version": 1, **KEYS})
    assert two.authkit("login", "deploy").returncode == 0
    done = two.authkit("logout", "dev-admin")
    assert done.returncode == 0
    assert "'authkit logout --identity deploy'" in done.stderr
    assert sessions(two) == {"deploy.json"}
    done = two.authkit("logout", "--keys", "dev-admin")
    assert "⚠ Dropped the session of deploy" in done.stderr
    assert (done.returncode, sessions(two)) == (0, set())
