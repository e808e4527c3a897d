"""B-S09: the encrypted file keyring of real authkit processes, on a terminal and without one."""

from __future__ import annotations

import fcntl
import json
import shlex
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pexpect
import pytest

from authkit.adapters.state_folder import StateFolder
from authkit.core.model import Marker
from tests.support.forked import AUTHKIT
from tests.support.pty_tools import spawn
from tests.support.simulator import KEYS, MFA, ROLE_CONFIG

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.simulator import Home

ASKS = "Keyring passphrase: "
RIGHT = "correct horse"
NOBODY = "needs its passphrase, and nobody can be asked here: "
FIELDS = json.dumps(KEYS)


@pytest.fixture
def empty(online: Home) -> Home:
    """Return a home whose keyring is to be the file, without a setting for its passphrase."""
    online.extra = {"AUTHKIT_KEYRING": "file"}
    return online


@pytest.fixture
def stored(empty: Home) -> Home:
    """Return a home with keys in the file."""
    done = with_passphrase(empty, "user", "configure", "dev-admin", "--stdin", stdin=FIELDS)
    assert done.returncode == 0, done.stderr
    return empty


def with_passphrase(
    home: Home, *arguments: str, stdin: str | None = None, passphrase: str = RIGHT
) -> subprocess.CompletedProcess[str]:
    """Run authkit without a terminal, the passphrase in its variable."""
    before = home.extra
    home.extra = {**before, "AUTHKIT_KEYRING_PASSPHRASE": passphrase}
    try:
        return home.authkit(*arguments, stdin=stdin)
    finally:
        home.extra = before


@contextmanager
def on_a_terminal(home: Home, *arguments: str) -> Iterator[pexpect.spawn[str]]:
    """Run authkit on a terminal."""
    screen = spawn([AUTHKIT, *arguments], home.environ)
    try:
        yield screen
    finally:
        screen.close(force=True)


def status(screen: pexpect.spawn[str]) -> int | None:
    """Wait for the end; return the exit status."""
    screen.expect(pexpect.EOF)
    screen.wait()
    return int(screen.exitstatus) if screen.exitstatus is not None else None


def test_the_first_login(empty: Home) -> None:
    """A new file: the passphrase twice, unseen, before anything else; then never but at login."""
    with on_a_terminal(empty, "login", "dev-admin") as screen:
        screen.expect_exact("a new encrypted file")
        for prompt, answer in (
            ("New keyring passphrase: ", RIGHT),
            ("The same again: ", "another"),
            ("✗ The two are not alike.\r\n", ""),
            ("New keyring passphrase: ", RIGHT),
            ("The same again: ", RIGHT),
            ("AWS Access Key ID: ", KEYS["access_key_id"]),
            ("AWS Secret Access Key: ", KEYS["secret_access_key"]),
            ("MFA ARN (optional): ", ""),
            ("Session Duration (optional, default: 12h): ", ""),
        ):
            screen.expect_exact(prompt)
            assert RIGHT not in (screen.before or "")
            if not prompt.startswith("✗"):
                screen.sendline(answer)
        screen.expect_exact("✓ Credentials saved to keyring: dev-admin")
        screen.expect_exact("✓ Authentication successful!")
        assert status(screen) == 0
    assert empty.authkit("whoami", "dev-admin").returncode == 0
    child = "echo $AWS_ACCESS_KEY_ID"
    assert "ASIA" in empty.authkit("exec", "dev-admin", "--", "sh", "-c", child).stdout


@pytest.mark.parametrize("command", [["login"], ["user", "configure"]], ids=" ".join)
def test_keys_that_a_desktop_keeps(empty: Home, command: list[str]) -> None:
    """B-S09: it is said before a new passphrase is asked for, and once."""
    state = StateFolder(str(empty.path / "state"))
    state.markers.mark("dev-admin", Marker("keyring.backends.SecretService.Keyring"))
    with on_a_terminal(empty, *command, "dev-admin") as screen:
        for expected, answer in (
            ("The keys of dev-admin were saved to the keyring backend", ""),
            ("New keyring passphrase: ", RIGHT),
            ("The same again: ", RIGHT),
            ("AWS Access Key ID: ", ""),
        ):
            screen.expect_exact(expected)
            assert "New keyring passphrase" not in (screen.before or "")
            if answer:
                screen.sendline(answer)
        assert "were saved to" not in (screen.before or "")


def test_a_later_login(stored: Home) -> None:
    """Asked once; a wrong one is asked again, close to the remark."""
    with on_a_terminal(stored, "login", "dev-admin") as screen:
        screen.expect_exact(ASKS)
        screen.sendline("wrong")
        screen.expect_exact(f"✗ That passphrase does not open {stored.path}/state/keyring.\r\n")
        screen.expect_exact(ASKS)
        screen.sendline(RIGHT)
        assert screen.expect_exact(["✓ Authentication successful!", ASKS]) == 0
        assert status(screen) == 0


@pytest.mark.parametrize(
    ("command", "ends"),
    [(["login", "dev-admin"], 1), (["exec", "dev-admin", "--", "true"], 125)],
    ids=["login", "exec"],
)
def test_three_wrong_ones(stored: Home, command: list[str], ends: int) -> None:
    """Then an error that says how to go on; the file is as it was."""
    before = (stored.path / "state" / "keyring").read_bytes()
    with on_a_terminal(stored, *command) as screen:
        for _ in range(3):
            screen.expect_exact(ASKS)
            screen.sendline("wrong")
        screen.expect_exact("✗ The keyring is locked: 3 passphrases did not open")
        screen.expect_exact("Nothing was changed.")
        assert status(screen) == ends
    assert (stored.path / "state" / "keyring").read_bytes() == before


@pytest.mark.parametrize(
    "command",
    [
        ["login", "dev-admin"],
        ["login", "deploy"],
        ["user", "configure", "dev-admin"],
        ["exec", "dev-admin", "--", "true"],
        ["logout", "dev-admin", "--keys"],
    ],
    ids=" ".join,
)
def test_it_is_asked_before_any_lock(stored: Home, command: list[str]) -> None:
    """B-S09, B-S07: while the question stands another process can take every lock; ^C ends it."""
    stored.config(ROLE_CONFIG)
    with on_a_terminal(stored, *command) as screen:
        screen.expect_exact(ASKS)
        locks = [*(stored.path / "state" / "locks").iterdir(), *stored.path.rglob("*.lock")]
        assert len(locks) >= 2
        for lock in locks:
            with lock.open() as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        screen.sendintr()
        screen.expect_exact("✗ Cancelled.")
        assert status(screen) == 130


def test_cancelled_at_a_new_passphrase(empty: Home) -> None:
    """B-L06: nothing is made."""
    with on_a_terminal(empty, "login", "dev-admin") as screen:
        screen.expect_exact("New keyring passphrase: ")
        screen.sendeof()
        screen.expect_exact("✗ Cancelled.")
        assert status(screen) == 130
    assert not (empty.path / "state" / "keyring").exists()


@pytest.mark.parametrize("forbidden", [{"CI": "true"}, {}], ids=["CI", "no terminal"])
def test_nobody_to_ask(stored: Home, forbidden: dict[str, str]) -> None:
    """The error names both settings, and where one can be asked; nothing is printed on stdout."""
    stored.extra |= forbidden
    for command in (["login"], ["login", "--force"], ["exec", "--", "true"]):
        done = stored.authkit(command[0], "--identity", "dev-admin", *command[1:])
        assert (done.stdout, done.returncode) == ("", 125 if command[0] == "exec" else 1)
        assert NOBODY in done.stderr
        for way in (
            "AUTHKIT_KEYRING_PASSPHRASE_COMMAND",
            "AUTHKIT_KEYRING_PASSPHRASE,",
            "terminal",
        ):
            assert way in done.stderr


def test_nobody_to_ask_for_a_new_file(empty: Home) -> None:
    """Keys are not taken where they cannot be kept; without keys, those are what is missing."""
    done = empty.authkit("user", "configure", "dev-admin", "--stdin", stdin=FIELDS)
    assert (done.returncode, NOBODY in done.stderr) == (1, True)
    assert "✓" not in done.stderr, "AWS was asked first"
    assert not (empty.path / "state" / "keyring").exists()
    assert "There are no keys" in empty.authkit("login", "dev-admin").stderr


def test_unattended(stored: Home, tmp_path: Path) -> None:
    """The command's output opens it: a login of a timer, say, run without any terminal."""
    (tmp_path / "passphrase").write_text(f"{RIGHT}\n")
    command = f"cat {shlex.quote(str(tmp_path / 'passphrase'))}"
    stored.extra |= {"AUTHKIT_KEYRING_PASSPHRASE_COMMAND": command}
    assert stored.authkit("--no-input", "login", "dev-admin").returncode == 0
    assert "stored" in stored.authkit("list", "--check").stdout


@pytest.mark.parametrize("cached", [False, True], ids=["log in first", "session at hand"])
def test_no_child_sees_the_passphrase(stored: Home, cached: bool) -> None:  # noqa: FBT001 - two cases
    """B-E02: neither of the two variables, whether the keyring was needed or not."""
    if cached:
        assert with_passphrase(stored, "login", "dev-admin").returncode == 0
    stored.extra |= {"AUTHKIT_KEYRING_PASSPHRASE_COMMAND": f"echo {RIGHT}"}
    done = with_passphrase(stored, "exec", "dev-admin", "--", "env", passphrase="the-other")
    assert "AWS_SESSION_TOKEN=" in done.stdout, done.stderr
    assert "AUTHKIT_KEYRING=file" in done.stdout
    assert "PASSPHRASE" not in done.stdout
    assert "the-other" not in done.stdout + done.stderr


def test_a_wrong_setting(stored: Home) -> None:
    """B-S09, B-S01: the error names the setting, never the value; it is told from damage."""
    done = with_passphrase(stored, "login", "dev-admin", passphrase="wrong-canary")
    assert done.returncode == 1
    assert "the passphrase that AUTHKIT_KEYRING_PASSPHRASE gives does not open" in done.stderr
    assert "canary" not in done.stdout + done.stderr
    (stored.path / "state" / "keyring").write_bytes(b"authkit-keyring\n\1 and no more")
    done = with_passphrase(stored, "login", "dev-admin")
    assert "✗ The keyring file is damaged: " in done.stderr
    assert "The file was left as it is." in done.stderr


def test_a_setting_that_means_nothing(stored: Home) -> None:
    """Exit 2, and nothing is done."""
    stored.extra |= {"AUTHKIT_KEYRING": "files"}
    for command in (["login", "dev-admin"], ["logout", "dev-admin", "--keys"]):
        done = with_passphrase(stored, *command)
        assert done.returncode == 2
        assert done.stderr.startswith("✗ AUTHKIT_KEYRING=files means nothing to authkit.\n")


def test_logout_without_the_passphrase(stored: Home) -> None:
    """B-O01: the session goes all the same; what is left is said; the question is put once."""
    assert with_passphrase(stored, "login", "dev-admin").returncode == 0
    with on_a_terminal(stored, "logout", "dev-admin", "--keys") as screen:
        for _ in range(3):
            screen.expect_exact(ASKS)
            screen.sendline("wrong")
        assert screen.expect_exact(["✓ Session dropped: dev-admin", ASKS]) == 0
        assert screen.expect_exact(["may still be in the keyring", ASKS]) == 0
        assert status(screen) == 1
    assert "stored" in with_passphrase(stored, "list", "--check").stdout


def test_a_device_is_asked_for_after_it(stored: Home) -> None:
    """The passphrase comes first, then the code; each at its own prompt."""
    fields = json.dumps({"mfa_arn": MFA})
    done = with_passphrase(stored, "user", "configure", "dev-admin", "--stdin", stdin=fields)
    assert done.returncode == 0, done.stderr
    with on_a_terminal(stored, "login", "dev-admin") as screen:
        screen.expect_exact(ASKS)
        screen.sendline(RIGHT)
        screen.expect_exact("Enter MFA Token: ")
        screen.sendline("123456")
        screen.expect_exact("✓ Authentication successful!")
        assert status(screen) == 0


def test_twelve_commands_at_once(empty: Home) -> None:
    """B-S02: twelve identities, from no file on: every "saved" is true, and all entries are kept.

    ``test_keyring_backends.py`` has twelve writers write to a file five times each.
    """
    names = [f"identity-{number}" for number in range(12)]
    empty.extra["AUTHKIT_KEYRING_PASSPHRASE"] = RIGHT
    line = ("user", "configure", "--stdin", "--no-verify")
    with ThreadPoolExecutor(12) as people:
        writers = [people.submit(empty.authkit, *line, name, stdin=FIELDS) for name in names]
    ended = [writer.result() for writer in writers]
    for name, done in zip(names, ended, strict=True):
        assert done.returncode == 0, done.stderr
        # On a busy machine it is told before that that another one writes.
        assert done.stderr.endswith(f"✓ Credentials saved to keyring: {name}\n")
    assert empty.authkit("list", "--check").stdout.count("stored") == 12


def test_fields_are_read_before_the_keyring_is_opened(empty: Home) -> None:
    """B-C03: bad fields on --stdin end it before the passphrase is had."""
    trace = empty.path / "trace"
    empty.extra["AUTHKIT_KEYRING_PASSPHRASE_COMMAND"] = f"sh -c 'echo {RIGHT}; touch {trace}'"
    for given, status in (("{", 1), (FIELDS, 0)):
        assert not trace.exists()
        done = empty.authkit(
            "user", "configure", "dev-admin", "--stdin", "--no-verify", stdin=given
        )
        assert done.returncode == status, done.stderr
    assert trace.exists()
