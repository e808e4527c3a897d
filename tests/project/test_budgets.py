"""How often each command may use each port: a budget of effects, checked without timing.

Scenarios show the effects of whole stories too, but `--update` rewrites them there.
The budgets here are changed only by hand.
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from benchmarks.environments import with_sessions
from benchmarks.start_up import CACHED as ON_THE_PATH
from tests.project.test_cached_path import (
    AUTHKIT,
    config_file,
    environ_of,
    log_in,
    needs_strace,
    seen_by,
    traced,
)
from tests.support.story_tools import KEYS, LOGIN, observe

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DEVICE = """
[account]
keys.only = { id = "AKIAXXXXXXXXXXXXXXXX", secret = "the-secret" }
mfa = { arn = "arn:aws:iam::123456789012:mfa/user", codes = ["123456"] }
[keyring.dev-admin]
access_key_id = "AKIAXXXXXXXXXXXXXXXX"
secret_access_key = "the-secret"
mfa_arn = "arn:aws:iam::123456789012:mfa/user"
"""
CODE = 'shows = """\nEnter MFA Token: 123456\n"""\n'
FIELDS = """stdin = '{"session_duration": "36h"}'\n"""

CACHED = {"session read": 1}
# The config is read for which identity is meant, and for the roles that it is the source of:
# no session of theirs outlives its keys (B-S03).  The second time the bytes are there already.
LOCK = {"config read": 2, "lock acquire": 1, "lock release": 1}
ONCE = LOCK | {"config read": 1}
STS = {"sts GetCallerIdentity": 1, "sts GetSessionToken": 1}
NEW = LOCK | STS | {"keyring get": 1, "session read": 1, "mark": 1, "session replace": 1}
# A command that is run while there is a valid session, and its budget.
WITH_SESSION = {
    "whoami dev-admin --offline": CACHED,
    "whoami dev-admin": CACHED | {"sts GetCallerIdentity": 1},
    "env dev-admin": CACHED,
    "credential-process dev-admin": CACHED,
    "exec dev-admin -- true": CACHED | {"child": 1},
    "list": {"config read": 1, "mark list": 1, "mark": 1, "session read": 1},
    "list --check": {"config read": 1, "mark list": 1, "session read": 1, "keyring get": 1},
    "login dev-admin": LOCK | {"keyring get": 1, "session read": 1, "sts GetCallerIdentity": 1},
    "login dev-admin --force": NEW  # the session is read before the lock, and twice under it
    | {"session read": 3, "mark": 2},
    "logout dev-admin": ONCE | {"session read": 1, "session drop": 1},
    "logout --all": ONCE
    | {"mark list": 1, "session list": 1, "session read": 1, "session drop": 1},
    "logout dev-admin --keys": ONCE
    | {"session read": 1, "session drop": 1}
    | {"keyring get": 1, "keyring delete": 1, "unmark": 1},
    "user configure dev-admin --stdin": LOCK
    | {
        "keyring get": 3,  # first, before it is replaced (another process's keys?), and read back
        "keyring set": 1,
        "mark": 1,
        "session read": 2,  # before the entry is written and after it (B-S03)
        "session drop": 1,
    }
    | {"sts GetCallerIdentity": 1},
}
MORE = {"exec": "child = { exit = 0 }\n", "user": FIELDS}


def counted(does: tuple[str, ...]) -> dict[str, int]:
    """Return how often each kind of effect is in a journal, without the effect's object."""
    two = ("keyring", "session", "sts", "lock", "config", "codes")
    words = (effect.split() for effect in does)
    names = (" ".join(w[:2] if w[0] in two or w[:2] == ["mark", "list"] else w[:1]) for w in words)
    return dict(Counter(names))


@pytest.mark.parametrize(("command", "budget"), WITH_SESSION.items())
def test_with_a_session(command: str, budget: Mapping[str, int]) -> None:
    """B-W01, B-W03, B-I01, B-L01: a command makes only the reads, locks and calls it needs."""
    step = f'[[step]]\nrun = "authkit {command}"\n{MORE.get(command.split(maxsplit=1)[0], "")}'
    assert counted(observe(KEYS + LOGIN + step)[-1].does) == budget


@pytest.mark.parametrize(
    ("story", "budget"),
    [
        (KEYS + LOGIN, NEW | {"mark": 2}),
        (DEVICE + LOGIN + CODE, NEW | {"codes read": 2, "codes replace": 1}),
    ],
    ids=["no device", "MFA"],
)
def test_a_new_session(story: str, budget: Mapping[str, int]) -> None:
    """B-L03: two calls of STS make a session, whether a code is asked for or not."""
    observed = observe(story)[-1]
    assert (observed.exit, counted(observed.does)) == (0, budget)


CALLS = ("open", "fstat", "read", "close", "stat", "lstat", "listdir", "scandir")
CALLED = f"""
import os, sys
called = []
from authkit.adapters import world
from authkit import cli
for name in {CALLS}:
    def counted(*args, real=getattr(os, name), name=name, **more):
        called.append(name)
        return real(*args, **more)
    setattr(os, name, counted)
sys.dont_write_bytecode = True
status = cli.main(sys.argv[1:])
import json
print(json.dumps([status, called]))
"""


@pytest.mark.parametrize("command", [["env", "dev-admin"], ["credential-process", "dev-admin"]])
def test_what_a_session_costs(tmp_path: Path, command: list[str]) -> None:
    """B-S06: the checks of owner and mode cost one fstat each, of two folders and the file."""
    config_file(tmp_path).parent.mkdir()
    log_in(tmp_path)
    called = Counter(seen_by(CALLED, tmp_path, command))
    called.subtract({"stat": 1, "fstat": 1})  # the config file's stamp, and which screen stdout is
    assert +called == {"open": 3, "fstat": 3, "close": 3, "read": 2}


OPENED = """
import sys
opened = []
sys.addaudithook(lambda event, args: event == "open" and opened.append(str(args[0])))
from authkit.cli import main
status = main(sys.argv[1:])
import json
print(json.dumps([status, opened]))
"""


@pytest.mark.parametrize(
    "command",
    [
        ["env", "dev-admin"],
        ["credential-process", "dev-admin"],
        ["whoami", "dev-admin", "--offline"],
        ["exec", "dev-admin", "--", "true"],
    ],
    ids=lambda command: command[0],
)
def test_one_file_is_opened(tmp_path: Path, command: list[str]) -> None:
    """B-S03, B-S06: with an unchanged config, only the session file and its folders are opened."""
    config = config_file(tmp_path)
    config.parent.mkdir()
    config.write_text('[identities.dev-admin]\nregion = "us-east-1"\n')
    log_in(tmp_path)
    opened = seen_by(OPENED, tmp_path, command)
    ours = [os.path.relpath(path, tmp_path) for path in opened if path.startswith(str(tmp_path))]
    assert ours == ["state"]
    inside = [path for path in opened if "/" not in path and not path.isdigit()]
    assert inside == ["sessions", "dev-admin.json"]  # opened in the folder before


def opened_by(home: Path, identities: int, command: list[str]) -> list[str]:
    """Return the files that a process opens, in order, among so many identities; by strace."""
    home = with_sessions(home / f"{identities}", identities)
    more = {"XDG_CONFIG_HOME": str(home / ".config"), "PYTHONHASHSEED": "0"}
    authkit = [sys.executable, "-c", AUTHKIT, *command]
    options = ("-f", "-qq", "-e", "trace=open,openat,openat2")
    for _ in range(2):  # the first run may compile modules
        calls = traced(authkit, environ_of(home) | more, home / "strace", options)
    return [re.sub(r"^\d+ +", "", call).replace(str(home), "HOME") for call in calls]


@needs_strace
@pytest.mark.parametrize("name", ON_THE_PATH)
def test_a_thousand_identities_open_no_more_files(tmp_path: Path, name: str) -> None:
    """Among a thousand identities the same files are opened, in the same order, as with one."""
    one, thousand = (opened_by(tmp_path, number, ON_THE_PATH[name]) for number in (1, 1000))
    assert one == thousand
    assert any("dev-admin.json" in call for call in one)
    assert not any("config.toml" in call for call in one)


@needs_strace
def test_what_is_opened_is_seen(tmp_path: Path) -> None:
    """A list reads the config file and every session, so the test above can fail."""
    one, ten = (opened_by(tmp_path, number, ["list"]) for number in (1, 10))
    assert any("config.toml" in call for call in one)
    assert sum(".json" in call for call in ten) > sum(".json" in call for call in one)
