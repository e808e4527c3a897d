"""The cached path: which modules a command with a valid session may import.

Each command runs in a process of its own, which prints at its end what it has
imported.  Modules that the interpreter had loaded before authkit do not count.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from authkit.adapters.world import ConfigFile
from fakes.world.cached_session import cached_session, session, write_session

if TYPE_CHECKING:
    from pathlib import Path

EXPENSIVE = {
    *("typing", "dataclasses", "pathlib", "tomllib", "subprocess", "inspect", "hashlib"),
    *("argparse", "gettext", "locale", "ssl", "socket", "email", "logging", "traceback", "difflib"),
    *("boto3", "botocore", "keyring"),
}
OFF_THE_PATH = {
    "authkit.login.obtain",
    "authkit.core.config",
    "authkit.core.rules",
    "authkit.core.entries",
    "authkit.adapters.sts",
    "authkit.core.effects",
    "authkit.debug",
    "authkit.commands.record",
    "authkit.recording.watch",
    "authkit.commands.doctor",
    "authkit.doctor.checks",
}
# The adapters that a command with a session imports: each costs as much as reading the session.
# The clock tells whether the session still holds; besides authkit's own it imports only
# `time` and `datetime`, which are there already.
ADAPTERS = {"clock", "files", "state_folder", "terminal", "world"}
ADAPTERS_OF = {"exec": ADAPTERS | {"job"}}
COMMANDS = {
    "exec": ["exec", "dev-admin", "--", "true"],
    "exec with a lifetime": ["exec", "dev-admin", "--min-ttl", "1h", "--", "true"],
    "env": ["env", "dev-admin"],
    "env as JSON": ["env", "dev-admin", "--format", "json"],
    "credential-process": ["credential-process", "dev-admin"],
    "whoami": ["whoami", "dev-admin", "--offline"],
    "whoami as JSON": ["whoami", "--identity", "dev-admin", "--offline", "--output", "json"],
}
NAMES = ["dev-admin", "Dev-Admin", "me@acme", "entwickler-ü"]
PROGRAM = """
import sys
before = set(sys.modules)
from authkit.cli import main
status = main(sys.argv[1:])
loaded = sorted(set(sys.modules) - before)
import json
print(json.dumps([status, loaded]))
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home with a folder for the config file."""
    config_file(tmp_path).parent.mkdir()
    return tmp_path


def config_file(home: Path) -> Path:
    """Return the path of a home's config file, which may not exist."""
    return home / "authkit" / "config.toml"


def log_in(home: Path, name: str = "dev-admin") -> None:
    """Write a cached session with the present config file's stamp."""
    stamp = ConfigFile(str(config_file(home))).stamp()
    made = session(datetime.now(UTC).replace(microsecond=0))
    write_session(home / "state", cached_session(made, config_stamp=stamp), name)


def environ_of(home: Path) -> dict[str, str]:
    """Return the environment variables of a process that uses a home."""
    kept_out = ("AWS_", "AUTHKIT_", "COVERAGE_")
    environ = {k: v for k, v in os.environ.items() if not k.startswith(kept_out)}
    return environ | {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "AUTHKIT_STATE_DIR": str(home / "state"),
    }


def seen_by(program: str, home: Path, arguments: list[str]) -> list[str]:
    """Run a command, which has to succeed; return what the program around it saw.

    The program prints at its end the command's exit status and a list, as JSON.
    """
    done = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", program, *arguments],
        env=environ_of(home),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        start_new_session=True,
    )
    status, seen = json.loads(done.stdout.splitlines()[-1])
    assert (status, done.stderr) == (0, "")
    return list(seen)


def loaded_by(home: Path, arguments: list[str]) -> set[str]:
    """Return the modules that a command imports."""
    return set(seen_by(PROGRAM, home, arguments))


@pytest.mark.parametrize("config", [None, '[identities.dev-admin]\nregion = "us-east-1"\n'])
@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS.keys())
def test_expensive_modules_are_not_imported(
    home: Path, arguments: list[str], config: str | None
) -> None:
    """A valid session and an unchanged config file: no expensive import (docs/architecture.md)."""
    if config is not None:
        config_file(home).write_text(config)
    log_in(home)
    loaded = loaded_by(home, arguments)
    assert loaded & (EXPENSIVE | OFF_THE_PATH) == set()
    assert "authkit.cli" in loaded
    adapters = {name.rpartition(".")[2] for name in loaded if name.startswith("authkit.adapters.")}
    assert adapters == ADAPTERS_OF.get(arguments[0], ADAPTERS)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("command", ["exec", "env", "whoami"])
def test_names_that_need_more(home: Path, command: str, name: str) -> None:
    """B-S10: a name with a file of another name costs SHA-256 alone, and no OpenSSL."""
    log_in(home, name)
    arguments = [name if word == "dev-admin" else word for word in COMMANDS[command]]
    loaded = loaded_by(home, arguments)
    assert loaded & (EXPENSIVE | OFF_THE_PATH) == set()
    assert bool(loaded & {"_sha2", "_sha256"}) == (name != "dev-admin")
    assert ("unicodedata" in loaded) == (not name.isascii())


def test_a_list_asks_nobody(home: Path) -> None:
    """B-I01: `list` reads the config file, and imports neither boto3 nor keyring."""
    config_file(home).write_text("[identities.audit]\n")
    log_in(home)
    loaded = loaded_by(home, ["list"])
    assert loaded & (EXPENSIVE - {"typing", "tomllib", "hashlib"}) == set()


def test_a_changed_config_is_parsed(home: Path) -> None:
    """With a changed config file its parser is imported, so the test above can fail."""
    log_in(home)
    config_file(home).write_text("[identities.dev-admin]\n")
    assert {"tomllib", "authkit.core.config"} <= loaded_by(home, COMMANDS["exec"])


def test_a_list_needs_no_command_to_run_next(home: Path) -> None:
    """What words the command that goes on is imported only where there is trouble, or nothing."""
    log_in(home)
    config_file(home).write_text("[identities.dev-admin]\n")
    assert "authkit.again" not in loaded_by(home, ["list"])
