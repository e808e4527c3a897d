"""A shell with an AWS account of its own: ``python -m fakes shell``.

In it ``authkit``, ``aws`` and ``sim`` (``sts_simulator.play.sim``) see the simulator and
nothing else.  Everything they keep lies in one temporary folder, the shell's
HOME, and is gone when the shell is left, however it is left.  Time stands still
there until `sim` moves it or a program waits, so that an MFA code stays good
for as long as a person needs to type it.
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from fakes.world import file_keyring
from sts_simulator.play import sim
from sts_simulator.server.server import Server
from sts_simulator.server.simulation import Simulation, starting_world, users_of

if TYPE_CHECKING:
    from types import FrameType

CHECKOUT = Path(__file__).parents[1]
TRY = """\
An AWS account of your own, gone when you leave ('exit').  Time stands still.
  authkit login     'sim keys' says what to type;  'sim code' an MFA code
  sim rotate        your key is replaced;  then  authkit login --force
  sim advance 37h   then  authkit whoami,  or  authkit exec -- aws s3 ls
  sim fault Throttling --on GetSessionToken --times 2   and more:  sim --help
"""

_CONFIG = """\
default = "dev-admin"

[identities.dev-admin]

[identities.deploy]
kind = "aws/assume-role"
source = "dev-admin"
role_arn = "arn:aws:iam::123456789012:role/deploy"
"""
_PROMPT = "PS1='sim $ '\n"
_ENDING = (signal.SIGTERM, signal.SIGHUP)
_NOT_OURS = ("AWS_", "AUTHKIT_", "XDG_")  # what begins so speaks of another world


def run() -> int:
    """Open the shell in this terminal, and clean up behind it; return its exit status."""
    for signum in _ENDING:
        signal.signal(signum, lambda signum, _frame: sys.exit(128 + signum))
    world = starting_world([], []) | {"roles": {"deploy": {}}}
    with (
        tempfile.TemporaryDirectory(prefix="authkit-shell-", ignore_cleanup_errors=True) as folder,
        Server(Simulation(world)) as server,
    ):
        server.simulation.clock.tick(ticks=False)
        home = Path(folder)
        environ = _environ(home, server.endpoint)
        ready = {"endpoint": server.endpoint, "users": users_of(world)}
        Path(environ[sim.FILE]).write_text(json.dumps(ready), encoding="utf-8")
        _furnish(home, server.endpoint)
        sys.stderr.write(TRY)
        return _opened([os.environ.get("SHELL") or "/bin/sh"], environ, home)


def _environ(home: Path, endpoint: str) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith(_NOT_OURS)}
    kept.pop("CI", None)  # it forbids questions
    return kept | {
        "AUTHKIT_CONFIG": str(home / "config.toml"),
        "AUTHKIT_STATE_DIR": str(home / "state"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "HOME": str(home),
        "NO_PROXY": "127.0.0.1",
        "PATH": f"{home / 'bin'}:{Path(sys.executable).parent}:{os.environ.get('PATH', '')}",
        "PS1": "sim $ ",
        "PYTHONPATH": str(CHECKOUT),
        "PYTHON_KEYRING_BACKEND": file_keyring.BACKEND,
        file_keyring.FILE: str(home / "keyring.json"),
        sim.FILE: str(home / "simulator.json"),
    }


def _furnish(home: Path, endpoint: str) -> None:
    """Put the shells' prompt, authkit's config file and the two commands there."""
    for name in (".bashrc", ".zshrc"):
        (home / name).write_text(_PROMPT, encoding="utf-8")
    (home / "config.toml").write_text(_CONFIG, encoding="utf-8")
    commands = {
        "authkit": ["fakes.world.launcher", "--clock", endpoint, "authkit"],
        "sim": ["sts_simulator.play.sim"],
    }
    (home / "bin").mkdir()
    for name, module in commands.items():
        path = home / "bin" / name
        command = shlex.join([sys.executable, "-P", "-m", *module])
        path.write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
        path.chmod(0o700)


def _opened(command: list[str], environ: dict[str, str], home: Path) -> int:
    """Run the shell; what would end this process ends the shell first, and then comes the rest."""
    shell = subprocess.Popen(command, env=environ, cwd=home)  # noqa: S603 - the person's own

    def hang_up(_signum: int, _frame: FrameType | None) -> None:
        shell.send_signal(signal.SIGHUP)  # interactive shells ignore TERM, and pass this on

    for signum in _ENDING:
        signal.signal(signum, hang_up)
    signal.signal(signal.SIGINT, lambda *_: None)  # it is meant for what runs in the shell
    status = shell.wait()
    return status if status >= 0 else 128 - status
