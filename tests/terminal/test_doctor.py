"""Faults that are planted on a real machine: doctor names each, and its commands mend them.

The commands are run as doctor prints them, in a shell whose environment the next doctor has, so
that ``unset`` counts too.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from typing import TYPE_CHECKING, Any, NamedTuple

import pexpect
import pytest

from tests.support.forked import AUTHKIT
from tests.support.pty_tools import LIMIT, spawn
from tests.support.simulator import KEYS, MFA, OLD_KEYS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.simulator import Home, Simulator

pytestmark = pytest.mark.usefixtures("no_proxies")

ENTRY = {"version": 1, **KEYS}
TYPED = (KEYS["access_key_id"], KEYS["secret_access_key"], "", "")


class Planted(NamedTuple):
    """A fault: how it is planted in a home, the finding that names it, and what mends it.

    `mended` is how many questions the command asks that doctor prints, None where it prints
    none.  `named` is whether doctor is told the identity.
    """

    finding: str
    plant: Callable[[Home, Simulator], object]
    answers: tuple[str, ...] | None = None
    named: bool = True


def stored(entry: object) -> Callable[[Home, Simulator], object]:
    """Return what puts an entry into the keyring, with its marker."""

    def plant(home: Home, _: Simulator) -> None:
        home.log_in()
        home.put_in_keyring(entry)

    return plant


def variable(name: str, value: str) -> Callable[[Home, Simulator], object]:
    """Return what sets a variable."""

    def plant(home: Home, _: Simulator) -> None:
        home.log_in()
        home.extra = {name: value}

    return plant


def configured(text: str) -> Callable[[Home, Simulator], object]:
    """Return what writes a config file after a login without one."""

    def plant(home: Home, _: Simulator) -> None:
        home.log_in()
        home.config(text)

    return plant


def skewed(skew: str) -> Callable[[Home, Simulator], object]:
    """Return what sets AWS's clock apart from this machine's."""

    def plant(home: Home, simulator: Simulator) -> None:
        home.log_in()
        simulator.control("clock", {"skew": skew})

    return plant


def open_to_others(home: Home, _: Simulator) -> None:
    """Let others write to the state folder."""
    home.log_in()
    (home.path / "state").chmod(0o775)


def fifo(home: Home, _: Simulator) -> None:
    """Put a FIFO in the place of the session."""
    home.log_in()
    session_of(home).unlink()
    os.mkfifo(session_of(home), 0o600)


def session_of(home: Home) -> Path:
    """Return the session's file."""
    return home.path / "state" / "sessions" / "dev-admin.json"


def corrupt_session(home: Home, _: Simulator) -> None:
    """Write something else into the session's file."""
    home.log_in()
    session_of(home).write_text("{", encoding="utf-8")


def old_session(home: Home, _: Simulator) -> None:
    """Have the session end in the past."""
    home.log_in()
    session = json.loads(session_of(home).read_text("utf-8"))
    session["expiration"] = 1_700_000_000
    session_of(home).write_text(json.dumps(session), encoding="utf-8")


def refused_session(home: Home, _: Simulator) -> None:
    """Have a session that AWS does not know."""
    home.log_in()
    session = json.loads(session_of(home).read_text("utf-8"))
    session["access_key_id"] = "ASIAUNKNOWNUNKNOWN00"
    session_of(home).write_text(json.dumps(session), encoding="utf-8")


def no_session(home: Home, _: Simulator) -> None:
    """Have keys alone."""
    home.put_in_keyring(ENTRY)


def other_backend(home: Home, _: Simulator) -> None:
    """Save keys with one keyring backend, and choose another."""
    home.log_in()
    home.extra = {"PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlaintextKeyring"}
    fields = json.dumps(KEYS)
    assert home.authkit("user", "configure", "dev-admin", "--stdin", stdin=fields).returncode == 0
    home.extra = {"AUTHKIT_KEYRING": "file", "AUTHKIT_KEYRING_PASSPHRASE": "canary-passphrase"}


def wrong_passphrase(home: Home, _: Simulator) -> None:
    """Keep the keys in the encrypted file, and set another passphrase than its own."""
    chosen = {"AUTHKIT_KEYRING": "file"}
    home.extra = {**chosen, "AUTHKIT_KEYRING_PASSPHRASE": "canary-passphrase"}
    fields = json.dumps(KEYS)
    assert home.authkit("user", "configure", "dev-admin", "--stdin", stdin=fields).returncode == 0
    home.extra = {**chosen, "AUTHKIT_KEYRING_PASSPHRASE": "canary-of-another"}


def unknown_passphrase(home: Home, simulator: Simulator) -> None:
    """Keep the keys in the encrypted file, and set no passphrase."""
    wrong_passphrase(home, simulator)
    del home.extra["AUTHKIT_KEYRING_PASSPHRASE"]


def with_command(
    word: str, mode: int = 0o700, first: str = "#!/bin/sh"
) -> Callable[[Home, Simulator], object]:
    """Return what names a command for MFA codes, a script `bin/code` in the home."""

    def plant(home: Home, _: Simulator) -> None:
        home.log_in()
        program = home.path / "bin" / "code"
        program.parent.mkdir(mode=0o700)
        program.write_text(f"{first}\necho 123456\n", encoding="utf-8")
        program.chmod(mode)
        word_there = word.format(home=home.path, relative=os.path.relpath(program))
        home.config(f"[identities.dev-admin]\nmfa_process = ['{word_there}', 'canary']\n")

    return plant


def open_config(mode: int, text: str = "") -> Callable[[Home, Simulator], object]:
    """Return what gives the config file this mode, with more text in it."""

    def plant(home: Home, _: Simulator) -> None:
        home.log_in()
        home.config(f"[identities.dev-admin]\n{text}").chmod(mode)

    return plant


def open_folder_of_config(home: Home, _: Simulator) -> None:
    """Let others write to the folder of the config file."""
    home.log_in()
    home.config("[identities.dev-admin]\n").parent.chmod(0o777)


def nowhere(home: Home, _: Simulator) -> None:
    """Have an STS that cannot be reached."""
    home.log_in()
    home.endpoint = "http://127.0.0.1:1"


def region_off(home: Home, simulator: Simulator) -> None:
    """Use a region that the account has not enabled."""
    home.log_in()
    simulator.control("world", {"keys": {"new": key()}, "regions": {"not_enabled": ["me-south-1"]}})
    home.config('[identities.dev-admin]\nregion = "me-south-1"\n')


def unknown_identity(home: Home, _: Simulator) -> None:
    """Name an identity that the config file does not have."""
    home.config("[identities.dev-admin]\n")
    home.extra = {"AUTHKIT_IDENTITY": "gone"}


def key() -> dict[str, str]:
    """Return the key of the world, as its table has it."""
    return {"id": KEYS["access_key_id"], "secret": KEYS["secret_access_key"]}


DEVICE = "arn:aws:iam::{account}:mfa/user"
FAULTS = [
    Planted("config-wrong", configured("[identities.dev-admin\n")),
    Planted("config-unreadable", variable("AUTHKIT_CONFIG", "/dev/null/config.toml"), ()),
    Planted("identity-unknown", unknown_identity, (), named=False),
    Planted("identity-bad-name", variable("AUTHKIT_IDENTITY", "-"), (), named=False),
    Planted("config-shared", open_config(0o666), ()),
    Planted("config-shared", open_folder_of_config, ()),
    Planted("mfa-process-distrusted", open_config(0o620, "mfa_process = '/bin/true'\n"), ()),
    Planted("mfa-process-missing", with_command("no-such-program")),
    Planted("mfa-process-not-executable", with_command("{home}/bin/code", 0o600), ()),
    Planted("mfa-process-not-started", with_command("{home}/bin/code", first="")),
    Planted("mfa-process-not-started", with_command("{home}/bin/code", first="#!/no/such/sh")),
    Planted("mfa-process-relative", with_command("{relative}")),
    Planted("mfa-process-shared", with_command("{home}/bin/code", 0o722), ()),
    Planted("state-dir-relative", variable("AUTHKIT_STATE_DIR", "state"), ()),
    Planted("state-wrong", open_to_others, ()),
    Planted("state-wrong", fifo, ()),
    Planted("lock-timeout-wrong", variable("AUTHKIT_LOCK_TIMEOUT", "soon"), ()),
    Planted("setting-wrong", variable("AUTHKIT_KEYRING", "flie"), ()),
    Planted("keyring-backend-named", variable("PYTHON_KEYRING_BACKEND", "no.such.Backend"), ()),
    Planted("backend-in-the-clear", no_session),
    Planted("keys-elsewhere", other_backend, ()),
    Planted("keyring-file-setting", wrong_passphrase),
    Planted("keyring-file-unasked", unknown_passphrase),
    Planted("keyring-corrupt", stored("{"), TYPED),
    Planted("keys-of-a-session", stored({**ENTRY, "access_key_id": "ASIAXXXXXXXXXXXXXXXX"}), TYPED),
    Planted("keys-none", lambda _home, _simulator: None, TYPED),
    Planted("keys-revoked", stored({"version": 1, **OLD_KEYS}), TYPED),
    Planted("secret-mismatch", stored({**ENTRY, "secret_access_key": "another"}), TYPED),
    Planted("endpoint-foreign", no_session),
    Planted("endpoints-elsewhere", variable("AWS_ENDPOINT_URL_S3", "http://localhost:4566"), ()),
    Planted("setting-refused", variable("HTTP_PROXY", "ftp://proxy.example"), ()),
    Planted("setting-refused", variable("SSLKEYLOGFILE", "/dev/null/log"), ()),
    Planted("unreachable", nowhere),
    Planted("clock-wrong", skewed("20m")),
    Planted("clock-off", skewed("-4m")),
    Planted("region-not-enabled", region_off),
    Planted("partition-mismatch", stored({**ENTRY, "mfa_arn": MFA.replace("aws", "aws-cn", 1)})),
    Planted(
        "device-of-another-account",
        stored({**ENTRY, "mfa_arn": MFA.replace("123456789012", "210987654321")}),
        ("", "", MFA, ""),
    ),
    Planted("session-none", no_session, ()),
    Planted("session-expired", old_session, ()),
    Planted("session-corrupt", corrupt_session, ()),
    Planted("session-refused", refused_session, ()),
    Planted(
        "session-of-other-settings",
        configured('[identities.dev-admin]\nsession_duration = "2h"\n'),
        (),
    ),
    Planted("variables-shadow", variable("AWS_SESSION_TOKEN", "canary-token"), ()),
]


def examined(home: Home, *, named: bool) -> list[dict[str, Any]]:
    """Run doctor; return its findings."""
    done = home.authkit("doctor", *["dev-admin"] * named, "--json")
    found: list[dict[str, Any]] = json.loads(done.stdout)
    is_wrong = any(finding["finding"] == "fault" for finding in found)
    assert done.returncode == int(is_wrong)
    said = done.stdout + done.stderr
    assert "Traceback" not in said
    assert "canary" not in said
    return found


def names(found: list[dict[str, Any]]) -> set[str]:
    """Return the names of the findings."""
    return {finding["name"] for finding in found}


def run_as_printed(home: Home, command: str, answers: tuple[str, ...]) -> str:
    """Run a command in a shell on a terminal, then doctor in that shell's environment.

    Returns doctor's output.
    """
    left_by_shell = home.path / "environ"
    script = (
        f"cd {shlex.quote(str(home.path))}\n{command}\nenv -0 > {shlex.quote(str(left_by_shell))}"
    )
    child = spawn(["sh", "-c", script], home.environ)
    left: Iterator[str] = iter(answers)
    while child.expect([r": \Z", pexpect.EOF], timeout=LIMIT) == 0:
        child.sendline(next(left))
    child.close()
    variables = left_by_shell.read_text("utf-8").split("\0")[:-1]
    environ = dict(each.split("=", 1) for each in variables)
    return home.run(AUTHKIT, "doctor", "dev-admin", "--json", environ=environ).stdout


@pytest.mark.parametrize("fault", FAULTS, ids=[f"{n} {f.finding}" for n, f in enumerate(FAULTS)])
def test_a_planted_fault(online: Home, simulator: Simulator, fault: Planted) -> None:
    """B-A04: doctor names the fault; the command that it prints mends it, where it prints one."""
    fault.plant(online, simulator)
    found = examined(online, named=fault.named)
    assert fault.finding in names(found)
    cure = next(finding["cure"] for finding in found if finding["name"] == fault.finding)
    assert cure
    if fault.answers is not None:
        command = re.search(r"'([^']+)'", cure)
        assert command
        after = json.loads(run_as_printed(online, command[1], fault.answers))
        assert fault.finding not in names(after)


def test_enough_is_planted() -> None:
    """At least fifteen faults are found by name, and ten commands are run as printed."""
    assert len({fault.finding for fault in FAULTS}) >= 15
    assert len([fault for fault in FAULTS if fault.answers is not None]) >= 10


def everything(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Return mode, time and bytes of each file and folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        held = path.read_bytes() if path.is_file() else b""
        found[str(path)] = (status.st_mode, status.st_mtime_ns, held)
    return found


@pytest.mark.parametrize("logged_in", [True, False])
def test_nothing_is_changed(online: Home, logged_in: bool) -> None:  # noqa: FBT001 - a parameter
    """Without --probe no file is made, changed or removed, on an untouched machine either."""
    if logged_in:
        online.log_in()
    before = everything(online.path)
    examined(online, named=True)
    assert everything(online.path) == before


def test_a_probe_leaves_nothing(online: Home) -> None:
    """B-S05: the probe's entry is not in the keyring afterwards, and the keys are as they were."""
    online.log_in()
    done = online.authkit("doctor", "dev-admin", "--probe", "--json")
    assert "probe-kept" in names(json.loads(done.stdout))
    assert online.keyring("probe!") is None
    assert online.keyring() == {**ENTRY, "session_duration": "36h"}


def test_a_recording(online: Home) -> None:
    """What doctor did can be recorded, and the recording has no secret."""
    online.log_in()
    file = online.path / "doctor.toml"
    assert online.authkit("--record", str(file), "doctor", "dev-admin").returncode == 0
    recorded = file.read_text("utf-8")
    assert "sts GetCallerIdentity unsigned -> MissingAuthenticationToken" in recorded
    assert "canary" not in recorded


def test_many_faults_at_once(online: Home) -> None:
    """Every check works where others fail: nothing hides the clock, the keyring and the keys."""
    online.log_in()
    online.config("[identities.dev-admin\n")
    (online.path / "state").chmod(0o775)
    online.extra = {"AUTHKIT_LOCK_TIMEOUT": "soon", "AWS_PROFILE": "other"}
    found = names(examined(online, named=True))
    assert {"config-wrong", "state-wrong", "lock-timeout-wrong"} <= found
    assert {"clock", "keys-stored", "keys-taken", "reached"} <= found
