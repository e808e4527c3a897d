"""B-S04, B-S05: a real Secret Service (gnome-keyring) on D-Bus: unlocked, locked or absent."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.forked import AUTHKIT
from tests.support.pty_tools import LIMIT
from tests.support.simulator import KEYS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.simulator import Home

NEEDED = ("dbus-run-session", "gnome-keyring-daemon")
MISSING = [program for program in NEEDED if shutil.which(program) is None]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"needs {' and '.join(MISSING)}")

# A session bus without service activation: no other keyring and no prompter is started.
BUS = """\
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
OPENED = "printf password | gnome-keyring-daemon --unlock --components=secrets >&2"
LOCKED = "gnome-keyring-daemon --start --components=secrets >&2"
DENIED = f"coproc {sys.executable} -m tests.programs.deny; read -u ${{COPROC[0]}} ready"
CONFIGURE = f"{AUTHKIT} user configure dev-admin --stdin --no-verify <<< '{json.dumps(KEYS)}'"
SERVICE = "keyring.backends.SecretService.Keyring"


def on_a_bus(home: Home, *script: str, backend: str = "") -> tuple[int, str]:
    """Run a script on a new bus; return its exit status and output."""
    bus, said = home.path / "bus.xml", home.path / "said"
    bus.write_text(BUS)
    (home.path / "run").mkdir(mode=0o700, exist_ok=True)
    session = ["dbus-run-session", f"--config-file={bus}", "--", "bash", "-c"]
    return ended([*session, "\n".join(script)], environ(home, backend), said)


def ended(command: list[str], variables: dict[str, str], said: Path) -> tuple[int, str]:
    """Run a command; return its exit status and output.  It must not hang."""
    with said.open("w+") as file:
        done = subprocess.run(  # noqa: S603 - the tests' own
            command,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,  # not a pipe: a daemon would keep it open
            check=False,
            timeout=LIMIT,
            start_new_session=True,
        )
        file.seek(0)
        return done.returncode, file.read()


def environ(home: Home, backend: str) -> dict[str, str]:
    """Return the environment of a machine without a desktop."""
    variables = home.environ | {"XDG_RUNTIME_DIR": str(home.path / "run")}
    for name in ("PYTHON_KEYRING_BACKEND", "DISPLAY", "WAYLAND_DISPLAY"):
        variables.pop(name, None)
    return variables | ({"PYTHON_KEYRING_BACKEND": backend} if backend else {})


@pytest.fixture
def stored(home: Home) -> Home:
    """Return a home with keys in its Secret Service."""
    status, said = on_a_bus(home, OPENED, CONFIGURE)
    assert status == 0, said
    assert "✓ Credentials saved to keyring: dev-admin\n" in said
    assert "unencrypted" not in said
    return home


def test_an_open_collection(stored: Home) -> None:
    """B-S01, B-I01: one process saves keys, another finds them, and no file holds the secret."""
    status, said = on_a_bus(stored, OPENED, f"{AUTHKIT} list --check")
    assert (status, said.split()[-4:]) == (0, ["dev-admin", "aws/user", "stored", "none"])
    held = [file.read_bytes() for file in stored.path.rglob("*") if file.is_file()]
    assert not any(KEYS["secret_access_key"].encode() in content for content in held)


@pytest.mark.parametrize(
    "command",
    ["login dev-admin", "user configure dev-admin --stdin --no-verify <<< '{}'"],
    ids=["login", "configure"],
)
def test_a_locked_collection(stored: Home, command: str) -> None:
    """B-S04: the error says that it is locked; nothing is asked, nothing is changed."""
    status, said = on_a_bus(stored, LOCKED, f"{AUTHKIT} {command}")
    assert status == 1, said
    assert "✗ The keyring is locked: " in said
    assert "Unlock the Secret Service: run 'gnome-keyring-daemon --unlock'" in said
    assert "log in to the desktop" not in said
    status, said = on_a_bus(stored, OPENED, f"{AUTHKIT} list --check")
    assert "stored" in said, "the keys are still there"


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("login dev-admin < /dev/null", "standard input is the null device"),
        ("user configure dev-admin --stdin <<< '{}'", "--stdin was given"),
    ],
    ids=["login", "configure"],
)
def test_a_prompt_that_is_denied(stored: Home, command: str, why: str) -> None:
    """B-S04, B-K07: the desktop asks once, and the person denies it; authkit may not ask here."""
    status, said = on_a_bus(stored, LOCKED, DENIED, f"{AUTHKIT} {command}")
    assert status == 1
    assert said.count("denied\n") == 1, said
    reason = f"Failed to unlock the collection; nobody can be asked here: {why}"
    assert f"✗ The keyring is locked: {reason}.\n" in said
    assert "stored" in on_a_bus(stored, OPENED, f"{AUTHKIT} list --check")[1]


def test_a_locked_collection_at_logout(stored: Home) -> None:
    """B-O01: logout says that the keys may be left, and they are."""
    status, said = on_a_bus(stored, LOCKED, f"{AUTHKIT} logout dev-admin --keys")
    assert status == 1
    assert "may still be in the keyring" in said
    assert "stored" in on_a_bus(stored, OPENED, f"{AUTHKIT} list --check")[1]


def test_a_locked_collection_is_listed(stored: Home) -> None:
    """B-I01: `list --check` shows that the keyring is locked."""
    status, said = on_a_bus(stored, LOCKED, f"{AUTHKIT} list --check")
    assert (status, said.split()[-4:]) == (0, ["dev-admin", "aws/user", "locked", "none"])


@pytest.mark.parametrize("backend", ["", SERVICE], ids=["found", "chosen"])
def test_a_bus_without_a_secret_service(home: Home, backend: str) -> None:
    """B-S05, B-S09: a chosen one that is not there is an error; else authkit's file is used."""
    status, said = on_a_bus(home, f"{AUTHKIT} login dev-admin", backend=backend)
    (check_no_keyring if backend else check_own_file)(status, said)


@pytest.mark.parametrize("backend", ["", SERVICE], ids=["found", "chosen"])
@pytest.mark.parametrize("address", ["unix:path=/nonexistent", "nonsense", ""])
def test_no_bus(home: Home, backend: str, address: str) -> None:
    """B-S05, B-S09: the same without D-Bus (ssh, containers), and nothing hangs."""
    variables = environ(home, backend) | {"DBUS_SESSION_BUS_ADDRESS": address}
    status, said = ended([AUTHKIT, "login", "dev-admin"], variables, home.path / "said")
    (check_no_keyring if backend else check_own_file)(status, said)


def check_no_keyring(status: int, said: str) -> None:
    """Check the message of B-S05: packages, settings and the encrypted file are named."""
    assert status == 1, said
    assert "✗ There is no usable keyring: " in said, said
    for remedy in ("gnome-keyring", "PYTHON_KEYRING_BACKEND", "AUTHKIT_KEYRING=file"):
        assert remedy in said
    assert "Traceback" not in said


def check_own_file(status: int, said: str) -> None:
    """Check that the keyring works, and has nothing in it."""
    assert status == 1, said
    assert said.endswith("in a terminal.\n"), said
    assert "✗ There are no keys for dev-admin in the keyring" in said, said
