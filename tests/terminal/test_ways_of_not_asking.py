"""What each command does where nobody, or only the terminal, can be asked: a table.

Every cell is a real process.  A pipe with a line that is not authkit's is its standard
input; what comes after it in the shell, or the child of `exec`, prints what is left.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pexpect
import pytest

from authkit.core.entries import SERVICE
from fakes.world.file_keyring import BACKEND, FILE, KeyringFile
from fakes.world.keyring import ASKING
from tests.support.pty_tools import LIMIT, spawn
from tests.support.simulator import KEYS, MFA, ROOT, WORLD

if TYPE_CHECKING:
    from tests.support.simulator import Home, Simulator

MARKER = "a line that is not authkit's"
# How it is started; {} is the command line.  Only where the pipe is all is somebody asked.
ASKED = "a pipe"
WAYS = {
    ASKED: "{}",
    "--no-input": "{}",
    "CI": "CI=true {}",
    "no terminal": "setsid --wait {}",
    "the null device": "{} < /dev/null",
    "--no-input, closed": "{} <&-",
}
KEY_ID, TOKEN, PASSPHRASE = "AWS Access Key ID", "Enter MFA Token", "Passphrase of the keyring"
# What is needed -> command -> the exit status where nobody is asked, and else the question.
TABLE: dict[str, dict[str, tuple[int, str]]] = {
    "nothing": {
        "login dev-admin": (0, ""),
        "exec dev-admin -- cat": (0, ""),
        "env dev-admin": (0, ""),
        "credential-process dev-admin": (0, ""),
        "whoami dev-admin": (0, ""),
        "list --check": (0, ""),
        "user configure dev-admin": (1, KEY_ID),
        "logout --keys dev-admin": (0, ""),
    },
    "a code": {
        "login dev-admin": (1, TOKEN),
        "exec dev-admin -- cat": (125, TOKEN),
        "env dev-admin": (1, ""),
        "credential-process dev-admin": (1, ""),
        "whoami dev-admin": (1, ""),
        "list --check": (0, ""),
        "user configure dev-admin": (1, KEY_ID),
        "logout --keys dev-admin": (0, ""),
    },
    "keys": {
        "login dev-admin": (1, KEY_ID),
        "exec dev-admin -- cat": (125, KEY_ID),
        "env dev-admin": (1, ""),
        "credential-process dev-admin": (1, ""),
        "whoami dev-admin": (1, ""),
        "list --check": (0, ""),
        "user configure dev-admin": (1, KEY_ID),
        "logout --keys dev-admin": (0, ""),
    },
    "the keyring's passphrase": {
        "login dev-admin": (1, PASSPHRASE),
        "exec dev-admin -- cat": (125, PASSPHRASE),
        "env dev-admin": (1, ""),
        "credential-process dev-admin": (1, ""),
        "whoami dev-admin": (1, ""),
        "list --check": (0, PASSPHRASE),
        "user configure dev-admin": (1, PASSPHRASE),
        "logout --keys dev-admin": (1, PASSPHRASE),
    },
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("needed", TABLE)
def test_a_row(online: Home, simulator: Simulator, needed: str, way: str) -> None:
    """B-E09, B-K07: each command asks at the terminal or not at all, and reads no other's byte."""
    simulator.control("world", WORLD)
    prepare(online, needed)
    for command, (status, question) in TABLE[needed].items():
        asked = question if way == ASKED else ""
        ended, screen = run(online, way, command, asked)
        cell = f"{command}, {way}:\n{screen}"
        assert ended == (130 if asked else status), cell
        assert screen.count(MARKER) == 1, cell
        assert bool(re.search(rf"{KEY_ID}|{TOKEN}|{PASSPHRASE}", screen)) == bool(asked), cell
        assert "Traceback" not in screen, cell


def prepare(home: Home, needed: str) -> None:
    """Have what leaves only this to be asked for."""
    if needed == "nothing":
        home.log_in()
    elif needed == "a code":
        home.put_in_keyring({"version": 1, **KEYS, "mfa_arn": MFA})
    elif needed != "keys":
        home.extra |= {"PYTHON_KEYRING_BACKEND": BACKEND, FILE: str(home.path / "keyring")}
        home.extra["PYTHONPATH"] = str(ROOT)
        home.put_in_keyring({"version": 1, **KEYS})
        assert KeyringFile(home.path / "keyring").entries(SERVICE)
        KeyringFile(home.path / "keyring").state = ASKING
        (home.path / "state" / "identities").mkdir(mode=0o700, parents=True)
        (home.path / "state" / "identities" / "dev-admin").touch(mode=0o600)


def run(home: Home, way: str, command: str, asked: str) -> tuple[int, str]:
    """Run a command on a terminal; return its exit status, and all that was on the screen.

    A question is answered with Ctrl-C.
    """
    option = "--no-input " if way.startswith("--no-input") else ""
    line = WAYS[way].format(f"authkit {option}{command}")
    script = f'echo "{MARKER}" | {{ {line}; echo status $?.; cat; }}'
    screen = spawn(["bash", "-c", f"trap : INT; {script}"], home.environ)
    seen = ""
    if asked:
        screen.expect_exact(asked)
        screen.expect(": ")
        seen = f"{asked}: "
        screen.sendintr()
    screen.expect(pexpect.EOF, timeout=LIMIT)
    seen += str(screen.before)
    screen.close()
    ended = re.search(r"status (\d+)\.", seen)
    assert ended, seen
    return int(ended[1]), seen
