"""The simulators that are compared: how each is installed and started, and its first user.

The others are installed from a package index into build/simulators/, each into a virtual
environment of its own.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.environments import ROOT, with_packages
from benchmarks.raw_client import Credentials
from benchmarks.simulators.account import Account, CannotSetUp
from sts_simulator import __version__
from sts_simulator.client import Simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

FOLDER = ROOT / "build" / "simulators"  # build/ is ignored by git
READY_WITHIN = 60  # seconds
VERSIONS = {"moto": "5.2.5", "ministack": "1.5.33", "localstack": "2026.8.2"}
PACKAGES = {
    "moto": (f"moto[iam,sts]=={VERSIONS['moto']}", "flask", "flask-cors"),
    "ministack": (f"ministack=={VERSIONS['ministack']}",),
    "localstack": (f"localstack=={VERSIONS['localstack']}",),
}


def _administered_by(who: Credentials) -> dict[str, Any]:
    key = {"id": who.access_key_id, "secret": who.secret_access_key, "user": "administrator"}
    return {"keys": {"administrator": key}}


# moto authenticates once this many calls were made: those that make its first user.
FIRST_CALLS = 3
OTHER_ACCOUNT = "210987654321"
# This simulator's two accounts, and the keys of their administrators.
FIRST = Credentials("AKIAFIRSTFIRSTFIRST0", "the-secret")
SECOND = Credentials("AKIASECONDSECONDSECO", "another-secret")
WORLD = _administered_by(FIRST) | {"accounts": {OTHER_ACCOUNT: _administered_by(SECOND)}}


class Compared(NamedTuple):
    """A simulator: its name in the table, its version, and an account of it while it runs."""

    name: str
    version: str
    running: Callable[[], AbstractContextManager[Account]]


@contextmanager
def _ours() -> Iterator[Account]:
    with Simulator() as simulator:
        simulator.world(WORLD)

        def token(asked: Mapping[str, Any], url: str) -> str:
            made = simulator.control("POST", "oidc/token", {**asked, "issuer": url})
            return str(made["token"])

        yield Account(simulator.endpoint, FIRST, lambda _: SECOND, token)


@contextmanager
def _moto(environ: Mapping[str, str]) -> Iterator[Account]:
    """Run moto's server; its first user is made by calls that it does not authenticate yet."""
    port = _free_port()
    command = [_python("moto"), "-m", "moto.server", "-p", str(port)]
    with _server(command, port, environ) as endpoint:
        account = Account(endpoint, FIRST)
        user = account.user()
        yield Account(endpoint, user.keys, _in_other_account)


def _in_other_account(account: Account) -> Credentials:
    """Return moto's credentials for another account: it lets anybody assume any role there."""
    role = f"arn:aws:iam::{OTHER_ACCOUNT}:role/administrator"
    return account.assumed(account.administrator, role)


@contextmanager
def _ministack(environ: Mapping[str, str]) -> Iterator[Account]:
    """Run ministack; its root user's access key is `test`, or the id of an account."""
    port = _free_port()
    command = [_python("ministack"), "-m", "ministack"]
    settings = {"GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1", **environ}
    with _server(command, port, settings) as endpoint:
        other = Credentials(OTHER_ACCOUNT, "test")
        yield Account(endpoint, Credentials("test", "test"), lambda _: other)


COMPARED = (
    Compared("sts-simulator", __version__, _ours),
    Compared("moto", VERSIONS["moto"], lambda: _moto({})),
    Compared(
        "moto, authenticating",
        VERSIONS["moto"],
        lambda: _moto({"INITIAL_NO_AUTH_ACTION_COUNT": str(FIRST_CALLS)}),
    ),
    Compared("ministack", VERSIONS["ministack"], lambda: _ministack({})),
    Compared("ministack, AUTH=true", VERSIONS["ministack"], lambda: _ministack({"AUTH": "true"})),
)


def install() -> None:
    """Install the other simulators where they are missing."""
    for name, packages in PACKAGES.items():
        with_packages(FOLDER / name, packages)


def localstack() -> str:
    """Return what LocalStack's own program says when it is started without Docker."""
    with tempfile.TemporaryDirectory(prefix="localstack-") as home:
        done = subprocess.run(  # noqa: S603 - pinned above
            [str(FOLDER / "localstack" / "bin" / "localstack"), "start", "--no-banner"],
            env=_environ(home, {"DISABLE_EVENTS": "1"}),
            capture_output=True,
            text=True,
            check=False,
            timeout=READY_WITHIN,
        )
    said = [line.strip() for line in (done.stdout + done.stderr).splitlines()]
    told = [line.rstrip(".") for line in said if re.search("not available|requires", line)]
    return f"exit status {done.returncode}: {'; '.join(told)}"


@contextmanager
def _server(command: Sequence[str], port: int, environ: Mapping[str, str]) -> Iterator[str]:
    """Run a server on this port of the loopback interface; yield its endpoint."""
    with tempfile.TemporaryDirectory(prefix="simulator-") as home:
        process = subprocess.Popen(  # noqa: S603 - pinned above
            command,
            cwd=home,
            env=_environ(home, environ),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(process, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(READY_WITHIN * 10):
        if process.poll() is not None:
            raise CannotSetUp(f"the server ended with exit status {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise CannotSetUp("the server is not ready")


def _environ(home: str, more: Mapping[str, str]) -> dict[str, str]:
    return {"HOME": home, "TMPDIR": home, "LANG": "C.UTF-8", "PATH": os.defpath, **more}


def _python(name: str) -> str:
    return str(FOLDER / name / "bin" / "python")


def _free_port() -> int:
    with socket.socket() as waiting:
        waiting.bind(("127.0.0.1", 0))
        return int(waiting.getsockname()[1])
