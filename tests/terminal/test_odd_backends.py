"""Keyring backends that raise anything, print, or are links of a chain.

Issue 14, point 3.  The entry stays what it is, no secret of it is shown, and every
trouble ends with words: never in silence, never with a traceback.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from tests.programs.chained import FOLDER, Lower, Upper
from tests.programs.odd_keyring import RAISES
from tests.support.at_a_terminal import at_a_terminal
from tests.support.pty_tools import REPO
from tests.support.simulator import KEYS, OLD_KEYS

if TYPE_CHECKING:
    from tests.support.simulator import Home

# As long as AWS's own: 40 characters.
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
FIELDS = json.dumps({**KEYS, "secret_access_key": SECRET})
STORED = json.dumps({"version": 1, **KEYS, "secret_access_key": SECRET})
OLD = json.dumps({"version": 1, **OLD_KEYS})
COMMANDS = {
    "get": (1, "login dev-admin"),
    "set": (1, "user configure dev-admin --stdin --no-verify"),
    "delete": (1, "logout dev-admin --keys"),
    "make": (125, "exec dev-admin -- true"),
}


@pytest.fixture
def odd(online: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Return a home in which the odd backend keeps an entry."""
    backends(online, monkeypatch, "tests.programs.odd_keyring.Odd")
    Upper().set_password("authkit", "dev-admin", STORED)
    return online


def backends(home: Home, monkeypatch: pytest.MonkeyPatch, chosen: str) -> None:
    """Have the home's processes, and this one, use these backends, with files in the home."""
    monkeypatch.setenv(FOLDER, str(home.path))
    home.extra = {
        "PYTHON_KEYRING_BACKEND": chosen,
        "PYTHONPATH": str(REPO),
        FOLDER: str(home.path),
    }


@pytest.mark.parametrize("at", COMMANDS)
@pytest.mark.parametrize("raised", RAISES)
def test_whatever_it_raises(odd: Home, raised: str, at: str) -> None:
    """B-S05: it is keyring trouble, told in few words without a secret; ^C is the person's."""
    odd.extra |= {"ODD": raised, "ODD_AT": at}
    status, line = COMMANDS[at]
    done = odd.authkit(*line.split(), stdin=FIELDS if "--stdin" in line else None)
    assert done.returncode == (130 if raised == "interrupt" else status)
    assert ("✗ Cancelled" if raised == "interrupt" else "keyring") in done.stderr
    assert len(done.stderr) < 1_500
    assert not {"\x1b", "\u009b"} & {*done.stderr}
    for word in (SECRET[:12], "\\x41", '{"version"', "Traceback", "did not expect"):
        assert word not in done.stdout + done.stderr
    assert Upper().get_password("authkit", "dev-admin") == STORED


def test_what_it_prints(odd: Home) -> None:
    """B-E01: exec's standard output is the child's alone, and JSON stays JSON."""
    Upper().set_password("authkit", "dev-admin", json.dumps({"version": 1, **KEYS}))
    odd.extra["ODD_SAYS"] = "hello"
    done = odd.authkit("exec", "dev-admin", "--", "echo", "child")
    assert (done.returncode, done.stdout) == (0, "child\n")
    assert "hello" in done.stderr
    listed = odd.authkit("list", "--check", "--output", "json").stdout
    assert [row["keys"] for row in json.loads(listed)] == ["stored"]


HELD = {"upper": [Upper], "lower": [Lower], "both": [Upper, Lower]}


@pytest.mark.parametrize("where", HELD.values(), ids=HELD)
@pytest.mark.parametrize("line", ["login", "user configure --stdin --no-verify", "logout --keys"])
def test_a_chain(
    online: Home, monkeypatch: pytest.MonkeyPatch, where: list[type[Upper]], line: str
) -> None:
    """B-S05, B-L04: an entry is replaced or removed wherever it is, the refused one by a prompt."""
    backends(online, monkeypatch, "tests.programs.chained.Chain")
    for link in where:
        link().set_password("authkit", "dev-admin", OLD)
    words = [*line.split(), "-i", "dev-admin"]
    if line == "login":
        ended = at_a_terminal(online, *words, answers=[*KEYS.values(), "", ""])
        assert (ended.status, ended.asked) == (0, 4)
    else:
        stdin = json.dumps(KEYS) if "--stdin" in line else None
        assert online.authkit(*words, stdin=stdin).returncode == 0
    left = [link().get_password("authkit", "dev-admin") for link in (Upper, Lower)]
    kept = [json.loads(entry)["access_key_id"] for entry in left if entry]
    assert kept == ([] if "logout" in line else [KEYS["access_key_id"]])
    found = online.run(sys.executable, "-m", "keyring", "get", "authkit", "dev-admin")
    assert (KEYS["access_key_id"] in found.stdout) == bool(kept)
