"""The state folder of real processes: odd files in it, its modes and owners, where it is.

Issue 14, points 5 and 9.  Every command says what is wrong, none waits, nothing of it
is handed out, and no file elsewhere is changed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from authkit.adapters.state_folder import StateFolder
from authkit.core.identity import fingerprint
from authkit.core.model import Marker
from fakes.world.cached_session import cached_session, session, write_session
from tests.authkit.adapters.folders import mode
from tests.authkit.adapters.folders_of_others import (
    ODD,
    ODD_HERE,
    USER,
    needs_root,
    public_folder,
    small_file_system,
)
from tests.support.forked import AUTHKIT
from tests.support.simulator import KEYS, Home

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENV, CREDENTIALS, EXEC = "env dev-admin", "credential-process dev-admin", "exec dev-admin -- env"
LOGIN, FORCE = "login dev-admin", "login dev-admin --force"
WHOAMI, LIST = "whoami dev-admin", "list"
LOGOUT, KEYS_OUT = "logout dev-admin", "logout dev-admin --keys"
CONFIGURE = "user configure dev-admin --stdin --no-verify"
FIELDS = json.dumps(KEYS)

SESSION = cached_session(
    session(datetime.now(UTC).replace(microsecond=0)), keys=fingerprint(*KEYS.values())
)

# The commands that need what is at a place.
PLACES = {
    "sessions/dev-admin.json": [ENV, CREDENTIALS, EXEC, WHOAMI, LIST, LOGIN, CONFIGURE],
    "sessions/dev-admin.json+draft": [FORCE],
    "identities/dev-admin": [FORCE, CONFIGURE],
    "locks/dev-admin": [LOGIN, LOGOUT, CONFIGURE],
    "locks/+keyring": [CONFIGURE, KEYS_OUT],
}


@pytest.fixture
def state(online: Home) -> Path:
    """Return the state folder as a login leaves it, in the home: the writers' lock is there too."""
    online.put_in_keyring({"version": 1, **KEYS})
    path = online.path / ".local" / "state" / "authkit"
    online.extra["AUTHKIT_STATE_DIR"] = str(path)
    write_session(path, SESSION)
    folder = StateFolder(str(path))
    folder.markers.mark("dev-admin", Marker())
    lock = folder.lock("dev-admin")
    assert lock.acquire()
    lock.release()
    return path


def says(home: Home, line: str, *words: str, fails: bool = True) -> None:
    """Check that a command fails with these words, or warns with them, and hands out nothing."""
    done = home.authkit(*line.split(), stdin=FIELDS if line == CONFIGURE else None)
    for part in words:
        assert part in done.stderr, line
    assert "ASIA" not in done.stdout
    if not fails:
        assert (done.returncode, "✗" in done.stderr) == (0, False)
    elif line != LIST:
        assert done.returncode == (125 if line == EXEC else 1)


def needs(line: str, place: str) -> bool:
    """Tell whether a command fails without what is at a place: a login's session is good."""
    return not (line == FORCE and place.startswith("identities"))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("word", ODD_HERE)
def test_what_is_no_file(online: Home, state: Path, place: str, word: str) -> None:
    """B-S06, B-S07: it is said to be one, nothing waits, and what a link leads to stays."""
    odd = state / place
    odd.unlink(missing_ok=True)
    ODD[word](odd)
    for line in PLACES[place]:
        says(online, line, f"it is {word}, not a file", fails=needs(line, place))
    if word == "a symbolic link":
        assert odd.with_name("elsewhere").read_text() == "mine"
    if place.endswith(".json"):  # logout removes it, but no folder
        removed = online.authkit(*LOGOUT.split()).returncode == 0
        assert removed == (word != "a folder") == (not os.path.lexists(odd))


@pytest.mark.parametrize("place", ["sessions/dev-admin.json", "identities/dev-admin"])
def test_a_file_with_another_name(online: Home, state: Path, place: str) -> None:
    """B-S02: it is replaced; the other name keeps content, mode and time."""
    other = online.path / "another"
    other.write_text("mine")
    os.utime(other, (1, 1))
    (state / place).unlink()
    (state / place).hardlink_to(other)
    assert online.authkit(*FORCE.split()).returncode == 0
    assert online.authkit("whoami", "dev-admin").returncode == 0
    assert (other.read_text(), other.stat().st_mtime, other.stat().st_nlink) == ("mine", 1, 1)


@pytest.mark.parametrize("lock", ["dev-admin", "+keyring"])
def test_a_lock_with_another_name(online: Home, state: Path, lock: str) -> None:
    """B-S06: nothing is written to it, since that would be the other's; it is said."""
    other = online.path / "another"
    other.write_text("mine")
    (state / "locks" / lock).unlink(missing_ok=True)
    (state / "locks" / lock).hardlink_to(other)
    says(online, CONFIGURE, "it has another name too (a hard link)", "Remove it, or set")
    assert other.read_text() == "mine"


def test_saved_and_not_marked(online: Home, state: Path) -> None:
    """B-A04, B-S03: where only the marker fails, that the entry was written is said.

    The session of the old settings is gone, so that nothing goes on using it.
    """
    (state / "identities" / "dev-admin").unlink()
    ODD["a folder"](state / "identities" / "dev-admin")
    settings = json.dumps({"session_duration": "1h"})
    done = online.authkit(*CONFIGURE.split(), stdin=settings)
    assert done.returncode == 1
    assert "The credentials of dev-admin are saved in the keyring." in done.stderr
    assert "Nothing was" not in done.stderr
    assert online.keyring() == {"version": 1, **KEYS, "session_duration": "1h"}
    says(online, ENV, "dev-admin has no session")


OPEN = {
    ".": [ENV, CREDENTIALS, EXEC, WHOAMI, LIST, LOGIN, LOGOUT, CONFIGURE],
    "sessions": [ENV, CREDENTIALS, EXEC, WHOAMI, LOGIN, LOGOUT],
    "sessions/dev-admin.json": [ENV, CREDENTIALS, EXEC, WHOAMI, LOGIN],
    "locks": [LOGIN, LOGOUT, CONFIGURE],
    "locks/dev-admin": [LOGIN, LOGOUT, CONFIGURE],
    "identities": [FORCE, LIST],
}


@pytest.mark.parametrize("place", OPEN)
@pytest.mark.parametrize("open_to", [0o020, 0o002], ids=["group", "others"])
def test_others_may_write(online: Home, state: Path, place: str, open_to: int) -> None:
    """B-S06: nothing is handed out; one line names path, fault and cure, and the cure cures."""
    path = (state / place).resolve()
    path.chmod(mode(path) | open_to)
    for line in OPEN[place]:
        said = (f"{path}: group or others may write to it", f"chmod go-w {path}")
        says(online, line, *said, fails=needs(line, place))
    subprocess.run(["chmod", "go-w", str(path)], check=True, start_new_session=True)  # noqa: S603, S607 - what it says
    assert "ASIA" in online.authkit(*ENV.split()).stdout


@needs_root
@pytest.mark.parametrize("place", [".", "sessions", "sessions/dev-admin.json"])
@pytest.mark.parametrize("sudo", [{}, {"SUDO_UID": "1000"}], ids=["root", "sudo"])
def test_anothers(online: Home, state: Path, place: str, sudo: dict[str, str]) -> None:
    """B-S06: what belongs to another user is not used; under sudo the cure is to run it without."""
    os.chown(state / place, USER, USER)
    online.extra |= sudo
    cure = "Run it without sudo" if sudo else "Set AUTHKIT_STATE_DIR to a folder of your own"
    for line in (ENV, CREDENTIALS, EXEC, WHOAMI, LOGIN):
        says(online, line, str((state / place).resolve()), cure)


@pytest.fixture
def users(online: Home) -> Iterator[Home]:
    """Return a home of another user, who may have to do with files of root's there."""
    drop = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
    can = shutil.which("setpriv") and subprocess.run(  # noqa: S603 - our own
        [*drop, AUTHKIT, "--version"], check=False, start_new_session=True
    )
    if not can or can.returncode:
        pytest.skip("authkit cannot be run as another user here")
    with public_folder() as folder:
        os.chown(folder, USER, USER)
        yield UsersHome(folder, online.endpoint)


class UsersHome(Home):
    """A home whose authkit is run by another user."""

    def authkit(
        self, *arguments: str, stdin: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run authkit without a terminal."""
        drop = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
        return self.run(*drop, AUTHKIT, *arguments, stdin=stdin)


@needs_root
def test_after_sudo(users: Home) -> None:
    """B-S06: what root made is told to be root's, with a cure that is no chown, and works."""
    Home(users.path, users.endpoint).log_in()
    for path in (users.path / "data").rglob("*"):
        os.chown(path, USER, USER)
    os.chown(users.path / "data", USER, USER)
    for line in (ENV, CREDENTIALS, EXEC, WHOAMI, LOGIN, LOGOUT, CONFIGURE):
        says(
            users,
            line,
            f"{users.path}/state: it belongs to root, as after 'sudo authkit'",
            "Set AUTHKIT_STATE_DIR to a folder of your own",
        )
    users.extra = {"AUTHKIT_STATE_DIR": str(users.path / "mine")}
    assert users.authkit(*LOGIN.split()).returncode == 0
    assert "ASIA" in users.authkit(*ENV.split()).stdout


@pytest.mark.parametrize("mask", ["000", "077", "777"])
def test_private_whatever_the_umask(online: Home, mask: str) -> None:
    """B-S06: folders are 0700, parents that authkit makes too, and files 0600."""
    online.put_in_keyring({"version": 1, **KEYS})
    online.extra["AUTHKIT_STATE_DIR"] = str(online.path / "new" / "parent" / "state")
    done = online.run("sh", "-c", f"umask {mask}; exec {AUTHKIT} {LOGIN}")
    assert done.returncode == 0
    made = [online.path / "new", *(online.path / "new").rglob("*")]
    assert {mode(path) for path in made if path.is_dir()} == {0o700}
    assert {mode(path) for path in made if path.is_file()} == {0o600}
    assert len(made) == 3 + 2 * 3  # three folders down, with a file in each of three folders
    for line, said in ((LOGIN, "Already logged in"), (LIST, "stored")):
        again = online.run("sh", "-c", f"umask {mask}; exec {AUTHKIT} {line}")
        assert (again.returncode, said in again.stdout + again.stderr) == (0, True)


RELATIVE = ["state", "./state", "../state", "~nobody-is-called-so/state", " "]


@pytest.mark.parametrize("named", RELATIVE)
def test_a_relative_folder(online: Home, named: str) -> None:
    """B-S06: a configuration error for every command, and nothing is made where one stands."""
    online.extra["AUTHKIT_STATE_DIR"] = named
    for line in (LOGIN, WHOAMI, LIST, EXEC, LOGOUT, ENV):
        command = f"cd {online.path} && exec {AUTHKIT} {line}"
        done = online.run("sh", "-c", command)
        assert (done.returncode, done.stdout) == (2, "")
        assert f"AUTHKIT_STATE_DIR={named} is not an absolute path" in done.stderr
    assert [*online.path.iterdir()] == []


def test_a_folder_in_the_home(online: Home) -> None:
    """B-S06: a ~ is the home folder, also where no shell has seen it."""
    online.put_in_keyring({"version": 1, **KEYS})
    online.extra["AUTHKIT_STATE_DIR"] = "~/mine"
    assert online.authkit(*LOGIN.split()).returncode == 0
    assert (online.path / "mine" / "sessions" / "dev-admin.json").exists()


@needs_root
@pytest.mark.parametrize("trouble", ["no room", "read-only"])
def test_a_file_system_in_trouble(online: Home, trouble: str) -> None:
    """B-S06, B-A04: it is said, the old session and the keys stay, and so does what to do next."""
    small = online.path / "small"
    small.mkdir()
    online.extra["AUTHKIT_STATE_DIR"] = str(small / "state")
    with small_file_system(small):
        online.log_in()
        before = online.authkit(*ENV.split()).stdout
        if trouble == "no room":
            with (small / "fill").open("wb", buffering=0) as file:
                fill(file.fileno())
            says(online, FORCE, "there is no room left", "Make room there, then run", FORCE)
        else:
            remount = ["mount", "-o", "remount,ro", str(small)]
            subprocess.run(remount, check=True, start_new_session=True)  # noqa: S603 - our own
            says(online, FORCE, "Read-only file system", "set AUTHKIT_STATE_DIR")
            says(online, LOGOUT, "The session of dev-admin cannot be dropped", "Read-only")
        assert online.authkit(*ENV.split()).stdout == before
        assert online.keyring() == {"version": 1, **KEYS, "session_duration": "36h"}


def fill(file: int) -> None:
    """Write until there is no room."""
    try:
        while os.write(file, bytes(4096)):
            pass
    except OSError:
        return
