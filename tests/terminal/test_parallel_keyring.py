"""Real authkit processes on real keyring backends: many writers at once, and chains of backends."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from authkit.adapters.state_folder import StateFolder
from tests.programs.chained import FOLDER, Chain, Lower, Upper
from tests.support.pty_tools import REPO
from tests.support.simulator import KEYS, OLD_KEYS
from tests.terminal.keyring_writers import configuring, kept, keys_of, main, said

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.support.simulator import Home

NAME = "dev-admin"
CONFIGURE = ("user", "configure", NAME, "--stdin", "--no-verify")


def test_nothing_is_lost(online: Home) -> None:
    """B-S02: what is said to be saved is there, whoever else writes, and however.

    ``python -m tests.terminal.keyring_writers`` runs the whole.
    """
    found = kept(online, configured=6, recovered=2)
    assert len(found) == 8
    names = [f"configured-{number}" for number in range(6)]
    assert said(online, names) == [
        f"✓ Credentials saved to keyring: {name}\n⚠ The keyring backend "
        "keyrings.alt.file.PlaintextKeyring keeps them unencrypted.\n"
        for name in names
    ]


def test_twelve_state_folders(home: Home) -> None:
    """B-S02: the keyring is the user's, so a state folder for each of twelve loses nothing."""
    expected = {f"identity-{number}": keys_of(number) for number in range(12)}
    writers = []
    for name, keys in expected.items():
        home.extra["AUTHKIT_STATE_DIR"] = str(home.path / name)
        writers.append(configuring(home, name, keys))
    assert [writer.wait() for writer in writers] == [0] * 12
    whole = [n for n, keys in expected.items() if home.keyring(n) == {"version": 1, **keys}]
    assert whole == list(expected)


def test_the_command_counts(capsys: pytest.CaptureFixture[str]) -> None:
    """The command that runs the whole prints what was kept, and ends with 0 if it was all."""
    assert main(["--writers", "1", "--recoveries", "1", "--rounds", "1"]) == 0
    assert capsys.readouterr().out.splitlines() == ["round 1: 2 of 2 kept", "2 of 2 kept"]


def test_a_writer_that_does_not_end(home: Home) -> None:
    """B-S07: the wait for another writer has an end, and then it is said what to do."""
    home.put_in_keyring({"version": 1, **KEYS})
    home.extra["AUTHKIT_LOCK_TIMEOUT"] = "0s"
    lock = StateFolder(str(home.path / ".local" / "state" / "authkit")).keyring_lock()
    assert lock.acquire()
    done = home.authkit(*CONFIGURE, stdin=json.dumps(OLD_KEYS))
    listed = home.authkit("list", "--check")
    missing = home.authkit("login", "another")
    home.extra["AUTHKIT_LOCK_TIMEOUT"] = "1s"
    waited = home.authkit(*CONFIGURE, stdin=json.dumps(OLD_KEYS))
    lock.release()
    assert done.returncode == 1
    assert f"process {os.getpid()}" in done.stderr
    assert "has been writing to it for 0s" in done.stderr
    assert "Look for an authkit that waits for an answer or was stopped" in done.stderr
    assert listed.returncode == 0, "reading an entry needs no lock"
    assert "There are no keys" in missing.stderr, "nor does finding none"
    assert waited.stderr.startswith(f"⚠ Waiting until process {os.getpid()} (")
    assert home.keyring() == {"version": 1, **KEYS}


# Chains.


@pytest.fixture
def chained(online: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Return a home whose keyring is a chain of two files."""
    online.extra |= {
        "PYTHONPATH": str(REPO),
        "PYTHON_KEYRING_BACKEND": f"{Chain.__module__}.Chain",
        FOLDER: str(online.path),
    }
    monkeypatch.setenv(FOLDER, str(online.path))
    return online


def put(link: type[Upper], keys: Mapping[str, str] = KEYS) -> None:
    """Put an entry into one file."""
    link().set_password("authkit", NAME, json.dumps({"version": 1, **keys}))


def in_each() -> list[str | None]:
    """Return the access key id in each file."""
    entries = [link().get_password("authkit", NAME) for link in (Upper, Lower)]
    return [json.loads(entry)["access_key_id"] if entry else None for entry in entries]


@pytest.mark.parametrize("where", [[Upper], [Lower], [Upper, Lower]])
def test_keys_are_removed_wherever_they_are(chained: Home, where: list[type[Upper]]) -> None:
    """B-S05: `logout --keys` leaves nothing in any link, and says so."""
    for link in where:
        put(link)
    done = chained.authkit("logout", NAME, "--keys")
    assert (done.returncode, in_each()) == (0, [None, None])
    assert "Keys removed from keyring" in done.stderr


def test_a_link_that_refuses_is_named(chained: Home) -> None:
    """B-S05: "removed" is not said while a link still holds the entry."""
    put(Upper)
    put(Lower)
    read_only(chained.path, Lower)
    done = chained.authkit("logout", NAME, "--keys")
    assert (done.returncode, in_each()) == (1, [None, KEYS["access_key_id"]])
    assert "tests.programs.chained.Lower deletes no entries" in done.stderr
    assert "removed" not in done.stderr


def test_a_rotated_key_of_a_lower_link_is_replaced(chained: Home) -> None:
    """B-S05: new keys are used from now on, and the old ones do not come back."""
    put(Lower, OLD_KEYS)
    done = chained.authkit(*CONFIGURE, stdin=json.dumps(KEYS))
    assert (done.returncode, in_each()) == (0, [KEYS["access_key_id"], None])
    assert chained.authkit("login", NAME).returncode == 0


def test_a_read_only_link_above(chained: Home) -> None:
    """B-S05: an entry that cannot be replaced is not hidden behind "saved"."""
    put(Upper, OLD_KEYS)
    read_only(chained.path, Upper)
    done = chained.authkit(*CONFIGURE, stdin=json.dumps(KEYS))
    assert (done.returncode, in_each()) == (1, [OLD_KEYS["access_key_id"], None])
    assert "tests.programs.chained.Upper does not replace its entry" in done.stderr
    assert "saved to" not in done.stderr


def test_the_marker_names_the_link(chained: Home) -> None:
    """B-S09: the one that has the keys; with the same chain they are never kept elsewhere."""
    put(Lower)
    assert chained.authkit("login", NAME).returncode == 0
    marker = json.loads((chained.path / "state" / "identities" / NAME).read_text())
    assert marker["backend"] == "tests.programs.chained.Lower"
    Lower().delete_password("authkit", NAME)
    done = chained.authkit("login", NAME, "--force")
    assert (done.returncode, "were saved to" in done.stderr) == (1, False)


def read_only(folder: Path, link: type[Upper]) -> None:
    """Make one file read-only."""
    (folder / f"{link.filename}.read-only").touch()
