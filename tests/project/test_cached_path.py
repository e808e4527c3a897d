"""The cached path: what a command with a valid session imports, opens and writes.

Each command runs in a process of its own, without ``site``, so that nothing but authkit
imports modules: what the bare interpreter loads does not count.  At the end of the
command the process prints what it has imported.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from authkit.adapters.world import ConfigFile
from fakes.world.cached_session import cached_session, session, write_session

ROOT = Path(__file__).parent.parent.parent
EXPENSIVE = {
    *("typing", "dataclasses", "pathlib", "tomllib", "subprocess", "inspect", "hashlib"),
    *("argparse", "gettext", "locale", "ssl", "socket", "email", "logging", "traceback", "difflib"),
    *("boto3", "botocore", "keyring"),
}
# What each command imports, exactly; a module costs as much as it takes to read the session.
ALL = {
    *("__future__", "gc"),
    *("authkit", "authkit.__main__", "authkit.arguments", "authkit.cli"),
    *("authkit.adapters", "authkit.commands", "authkit.core"),
    *("authkit.core.failures", "authkit.core.model", "authkit.core.names", "authkit.core.render"),
    "authkit.core.sessions",
    *("authkit.adapters.clock", "authkit.adapters.files", "authkit.adapters.state_folder"),
    *("authkit.adapters.terminal", "authkit.adapters.world"),
}
ENV = ALL | {"authkit.commands.env", "authkit.core.environment"}
EXEC = ALL | {
    *("authkit.commands.exec", "authkit.core.environment", "authkit.core.durations"),
    *("authkit.adapters.job", "errno"),
}
WHOAMI = ALL | {"authkit.commands.whoami", "authkit.core.check"}
WHOAMI_AS_TEXT = WHOAMI | {"authkit.core.durations", "authkit.core.status_messages"}
COMMANDS: dict[str, tuple[list[str], set[str]]] = {
    "exec": (["exec", "dev-admin", "--", "true"], EXEC),
    "exec with a lifetime": (["exec", "dev-admin", "--min-ttl", "1h", "--", "true"], EXEC),
    "env": (["env", "dev-admin"], ENV),
    "env as JSON": (["env", "dev-admin", "--format", "json"], ENV),
    "credential-process": (
        ["credential-process", "dev-admin"],
        ALL | {"authkit.commands.credential_process"},
    ),
    "whoami": (["whoami", "dev-admin", "--offline"], WHOAMI_AS_TEXT),
    "whoami as JSON": (["whoami", "-i", "dev-admin", "--offline", "--output", "json"], WHOAMI),
}
# A name whose file has another name costs SHA-256 alone, without OpenSSL (B-S10).
SHA_256 = {"_sha2" if sys.version_info >= (3, 12) else "_sha256"}
NAMES = {
    "dev-admin": set[str](),
    "Dev-Admin": SHA_256,
    "me@acme": SHA_256,
    "entwickler-ü": SHA_256 | {"unicodedata"},
}
PATH = f"import os, site, sys\nsys.path.insert(0, {str(ROOT)!r})\n"  # `site` as without -S: no .pth
PROGRAM = """
before, end = {*sys.modules}, os._exit

def ended(status):
    loaded = sorted({*sys.modules} - before)
    import json
    print(json.dumps([status, loaded]), flush=True)
    end(0)

os._exit = ended
"""
AUTHKIT = "from authkit.__main__ import main\nmain()"  # as a console script does


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
        [sys.executable, "-I", "-S", "-c", PATH + program, *arguments],
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
    return set(seen_by(PROGRAM + AUTHKIT, home, arguments))


@pytest.mark.parametrize("config", [None, '[identities.dev-admin]\nregion = "us-east-1"\n'])
@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_command_imports(home: Path, command: str, config: str | None) -> None:
    """A valid session and an unchanged config file: these modules and no other."""
    if config is not None:
        config_file(home).write_text(config)
    log_in(home)
    arguments, modules = COMMANDS[command]
    assert loaded_by(home, arguments) == modules


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("command", ["exec", "env", "credential-process", "whoami"])
def test_names_that_need_more(home: Path, command: str, name: str) -> None:
    """B-S10: a name with a file of another name costs SHA-256 alone, and no OpenSSL."""
    log_in(home, name)
    arguments, modules = COMMANDS[command]
    given = [name if word == "dev-admin" else word for word in arguments]
    assert loaded_by(home, given) == modules | NAMES[name]


def test_a_file_of_an_older_form(home: Path) -> None:
    """B-S03: it is used as it is, by the JSON decoder, and is not written anew."""
    log_in(home)
    file = home / "state" / "sessions" / "dev-admin.json"
    file.write_text(json.dumps(json.loads(file.read_text())))
    older = file.read_bytes()
    arguments, modules = COMMANDS["env"]
    assert loaded_by(home, arguments) > modules | {"json.decoder"}
    assert file.read_bytes() == older


def test_a_list_asks_nobody(home: Path) -> None:
    """B-I01: `list` reads the config file, and imports neither boto3 nor keyring."""
    config_file(home).write_text("[identities.audit]\n")
    log_in(home)
    loaded = loaded_by(home, ["list"])
    assert loaded & (EXPENSIVE - {"typing", "tomllib", "hashlib"}) == set()


def test_a_changed_config_is_parsed(home: Path) -> None:
    """With a changed config file its parser is imported."""
    log_in(home)
    config_file(home).write_text("[identities.dev-admin]\n")
    assert {"tomllib", "authkit.core.config"} <= loaded_by(home, COMMANDS["exec"][0])


def test_a_list_needs_no_command_to_run_next(home: Path) -> None:
    """What words the command that goes on is imported only where there is trouble, or nothing."""
    log_in(home)
    config_file(home).write_text("[identities.dev-admin]\n")
    assert "authkit.again" not in loaded_by(home, ["list"])


# What it asks the system for.


def system_calls(home: Path, *arguments: str) -> list[str]:
    """Return the system calls of authkit's own process."""
    command = [sys.executable, "-I", "-S", "-c", PATH + AUTHKIT, *arguments]
    calls = traced(command, environ_of(home), home / "trace")
    return [call for call in calls if not call.startswith(("---", "+++"))]


def traced(
    command: list[str], environ: dict[str, str], trace: Path, options: tuple[str, ...] = ()
) -> list[str]:
    """Run a command, which has to succeed; return what strace, with options, writes of it."""
    strace = ["strace", *options, "-o", str(trace)]
    done = subprocess.run(  # noqa: S603 - our own
        [*strace, *command],
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    if "ptrace" in done.stderr:
        pytest.skip(f"strace may not attach here: {done.stderr}")
    assert (done.returncode, done.stderr) == (0, "")
    return trace.read_text(encoding="utf-8").splitlines()


def names_of(calls: list[str]) -> list[str]:
    """Return the names of system calls."""
    return [call.partition("(")[0] for call in calls]


needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")


@needs_strace
@pytest.mark.parametrize("command", ["env", "credential-process", "whoami"])
def test_what_is_read_and_written(home: Path, command: str) -> None:
    """The session file is opened once, nothing else of the person's is, and one call writes all."""
    config_file(home).write_text('[identities.dev-admin]\nregion = "us-east-1"\n')
    log_in(home)
    calls = system_calls(home, *COMMANDS[command][0])
    session_read = next(n for n, call in enumerate(calls) if '"dev-admin.json"' in call)
    after = [call for call in calls[session_read + 1 :] if call.startswith("openat")]
    assert [call for call in after if ".json" in call or "config.toml" in call] == []
    opened = [call for call in calls if call.startswith("openat")]
    assert [call for call in opened if "config.toml" in call] == []
    assert len([call for call in calls if call.startswith(("write(1,", "writev(1,"))]) == 1


@needs_strace
def test_from_the_session_to_the_child(home: Path) -> None:
    """Once `exec` has read the session it opens nothing before it starts the command."""
    log_in(home)
    calls = system_calls(home, "exec", "dev-admin", "--", "true")
    session_read = next(n for n, call in enumerate(calls) if '"dev-admin.json"' in call)
    started = next(n for n, call in enumerate(calls) if re.match(r"(clone3?|vfork)\(", call))
    assert session_read < started
    assert "openat" not in names_of(calls[session_read + 1 : started])


@needs_strace
def test_while_the_child_runs(home: Path) -> None:
    """Until a signal comes authkit wakes once a second, and looks whether the child has ended."""
    log_in(home)
    calls = system_calls(home, "exec", "dev-admin", "--", "sleep", "1.2")
    waits = [n for n, call in enumerate(calls) if call.startswith("rt_sigtimedwait")]
    assert len(waits) >= 2
    waiting = calls[waits[0] : waits[-1] + 2]
    assert names_of(waiting) == ["rt_sigtimedwait", "wait4"] * len(waits)
    assert all("{tv_sec=1, tv_nsec=0}" in calls[wait] for wait in waits)
