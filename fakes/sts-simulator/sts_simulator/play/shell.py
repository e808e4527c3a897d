"""A shell with a simulated AWS account: ``sts-simulator shell``.

In it ``aws`` and ``sim`` (the module `sim`) reach the simulator and nothing
else.  HOME is a temporary folder, which is deleted when the shell ends, by a
signal too.  The simulated time stands still until `sim` moves it or a program
sleeps on it, so an MFA code stays valid while a person types it.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sts_simulator.account.account_table import DEFAULT_USER
from sts_simulator.play import sim
from sts_simulator.server.server import Server
from sts_simulator.server.simulation import Simulation
from sts_simulator.server.starting_world import random_seed, starting_world, users_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import FrameType

    Users = Mapping[str, Mapping[str, str]]
    Environ = dict[str, str]
    Furnish = Callable[[Path, str, Users, Environ], Environ]

TRY = """\
An AWS account of your own, gone when you leave ('exit').  Time stands still.
  aws sts get-caller-identity     you are dev-admin;  'sim calls' lists the calls of STS
  sim rotate        your key is replaced;  then  aws configure  with the new one
  sim code          an MFA code, for  aws sts get-session-token --serial-number …
  sim fault html --on GetCallerIdentity --times 9   and more:  sim --help
"""
_CREDENTIALS = """\
[default]
aws_access_key_id = {access_key_id}
aws_secret_access_key = {secret_access_key}
"""
_PROMPT = "PS1='sim $ '\n"
_SIGNALS = (signal.SIGTERM, signal.SIGHUP)
_NOT_PASSED_ON = ("AWS_", "XDG_")  # prefixes of variables that lead out of the temporary HOME


def run_aws() -> int:
    """Run the shell with ``aws`` alone, logged in with dev-admin's key."""
    return run("sts-simulator-shell-", TRY, _log_in)


def run(prefix: str, greeting: str, furnish: Furnish) -> int:
    """Run a shell in this terminal; return its exit status.

    `prefix` begins the name of the temporary folder.  `furnish` is called with
    that folder, the endpoint, the users and the environment; it writes files
    and returns the environment of the shell.
    """
    for signum in _SIGNALS:
        signal.signal(signum, lambda signum, _frame: sys.exit(128 + signum))
    world = starting_world([], [], random_seed()) | {"roles": {"deploy": {}}}
    with (
        tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as folder,
        Server(Simulation(world)) as server,
    ):
        server.simulation.clock.tick(ticks=False)
        home, users = Path(folder), users_of(world)
        ready = {"endpoint": server.endpoint, "account": world["id"], "users": users}
        (home / "simulator.json").write_text(json.dumps(ready), encoding="utf-8")
        for name in (".bashrc", ".zshrc"):
            (home / name).write_text(_PROMPT, encoding="utf-8")
        add_command(home, "sim", ["sts_simulator.play.sim"])
        environ = furnish(home, server.endpoint, users, _environ(home, server.endpoint))
        _add_terminal(home, environ)
        sys.stderr.write(greeting)
        return _wait_for([_shell()], environ, home)


def _shell() -> str:
    """Return the shell to run: bash where there is one, which edits lines and shows the prompt."""
    return shutil.which("bash") or os.environ.get("SHELL") or "/bin/sh"


def add_command(home: Path, name: str, module: Sequence[str]) -> None:
    """Add a command to the shell: a Python module with its first arguments."""
    folder = home / "bin"
    folder.mkdir(exist_ok=True)
    command = shlex.join([sys.executable, "-P", "-m", *module])
    _write_program(folder / name, f'exec {command} "$@"\n')


def _add_terminal(home: Path, environ: Environ) -> None:
    """Write the program that opens the same shell in another terminal (``sim terminal``)."""
    gone = [name for name in os.environ if name.startswith(_NOT_PASSED_ON) and name not in environ]
    ours = {name: text for name, text in environ.items() if os.environ.get(name) != text}
    setting = shlex.join(["env", *(f"{name}={text}" for name, text in ours.items()), _shell()])
    unset = f"unset {' '.join(gone)}\n" if gone else ""
    _write_program(home / sim.TERMINAL, f"{unset}cd {shlex.quote(str(home))}\nexec {setting}\n")


def _write_program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}", encoding="utf-8")
    path.chmod(0o700)


def _environ(home: Path, endpoint: str) -> Environ:
    kept = {name: text for name, text in os.environ.items() if not name.startswith(_NOT_PASSED_ON)}
    return kept | {
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "HOME": str(home),
        "NO_PROXY": "127.0.0.1",
        "PATH": f"{home / 'bin'}:{Path(sys.executable).parent}:{os.environ.get('PATH', '')}",
        "PS1": "sim $ ",
        sim.FILE: str(home / "simulator.json"),
    }


def _log_in(home: Path, _endpoint: str, users: Users, environ: Environ) -> Environ:
    """Write dev-admin's key where ``aws configure`` writes one."""
    (home / ".aws").mkdir()
    credentials = _CREDENTIALS.format(**users[DEFAULT_USER])
    (home / ".aws" / "credentials").write_text(credentials, encoding="utf-8")
    return environ


def _wait_for(command: list[str], environ: Environ, home: Path) -> int:
    """Run the shell; return its exit status.  A signal ends the shell first."""
    shell = subprocess.Popen(command, env=environ, cwd=home)  # noqa: S603 - the person's own shell

    def hang_up(_signum: int, _frame: FrameType | None) -> None:
        shell.send_signal(signal.SIGHUP)  # interactive shells ignore SIGTERM, and pass SIGHUP on

    for signum in _SIGNALS:
        signal.signal(signum, hang_up)
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is for the command in the shell
    status = shell.wait()
    return status if status >= 0 else 128 - status
