"""The simulator as a process, and a home in which authkit processes use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from keyrings.alt.file import PlaintextKeyring

from tests.support import forked
from tests.support.pty_tools import LONGEST

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent  # where pip put authkit and aws
MFA = "arn:aws:iam::123456789012:mfa/user"
OLD_KEYS = {"access_key_id": "AKIAOLDOLDOLDOLDOLDO", "secret_access_key": "old-secret-canary"}
KEYS = {"access_key_id": "AKIAXXXXXXXXXXXXXXXX", "secret_access_key": "new-secret-canary"}
_BACKEND = "keyrings.alt.file.PlaintextKeyring"
ROLE_CONFIG = """\
[identities.dev-admin]
[identities.deploy]
kind = "aws/assume-role"
source = "dev-admin"
role_arn = "arn:aws:iam::123456789012:role/deploy"
"""
WORLD = {
    "keys": {
        "old": {
            "id": OLD_KEYS["access_key_id"],
            "secret": OLD_KEYS["secret_access_key"],
            "state": "deleted",
        },
        "new": {"id": KEYS["access_key_id"], "secret": KEYS["secret_access_key"]},
    },
    "mfa": {"arn": MFA, "codes": ["123456", "222222", "333333"]},
}


_left_by_login: dict[str, tuple[int, str | None]] = {}  # a state folder, as `files` tells it


def files(folder: Path) -> dict[str, tuple[int, str | None]]:
    """Return mode and text of a folder and all that is in it; a folder has no text."""
    return {
        str(path.relative_to(folder)): (
            path.stat().st_mode & 0o777,
            path.read_text("utf-8") if path.is_file() else None,
        )
        for path in [folder, *sorted(folder.rglob("*"))]
    }


@cache
def _sts(endpoint: str) -> Any:  # noqa: ANN401 - boto3's
    import boto3  # noqa: PLC0415 - slow to import, and not always needed

    return boto3.client(
        "sts",
        region_name="us-east-1",
        endpoint_url=endpoint,
        aws_access_key_id=KEYS["access_key_id"],
        aws_secret_access_key=KEYS["secret_access_key"],
    )


class Simulator:
    """``python -m fakes serve``, used through its control interface."""

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "fakes", "serve"]
        self._process = subprocess.Popen(  # noqa: S603 - our own
            command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        assert self._process.stdout is not None
        self.endpoint: str = json.loads(self._process.stdout.readline())["endpoint"]
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.communicate()
        assert self._process.returncode == 0, "SIGTERM ends the simulator with exit 0"

    def control(self, what: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Return the answer of the control interface: GET, or POST when there is a body."""
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(f"{self.endpoint}/_sim/{what}", data) as answer:  # noqa: S310
            return json.loads(answer.read() or "null")

    def calls(self) -> list[tuple[str, str | None]]:
        """Return the STS calls so far: operation, and error code or None."""
        return [(call["operation"], call["code"]) for call in self.control("calls")]


@dataclass
class Home:
    """A home folder with a real keyring backend, in which authkit processes run."""

    path: Path
    endpoint: str = "http://127.0.0.1:1"
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def environ(self) -> dict[str, str]:
        """The environment of every process started here."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        kept.pop("CI", None)
        return kept | {
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "HOME": str(self.path),
            "XDG_CONFIG_HOME": str(self.path / "config"),
            "XDG_DATA_HOME": str(self.path / "data"),
            "AUTHKIT_STATE_DIR": str(self.path / "state"),
            "AWS_ENDPOINT_URL_STS": self.endpoint,
            "PYTHON_KEYRING_BACKEND": _BACKEND,
            "TZ": "America/Phoenix",
            "TERM": "xterm",
            "NO_COLOR": "1",
            **self.extra,
        }

    def run(
        self, *command: str, stdin: str | None = None, environ: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command without a terminal, in the home's environment or in another."""
        environ = environ or self.environ
        if forked.is_forked(command, environ):
            return forked.finished(command, environ, stdin, LONGEST)
        given: dict[str, Any] = {"stdin": subprocess.DEVNULL} if stdin is None else {"input": stdin}
        return subprocess.run(  # noqa: S603 - our own
            command,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
            **given,
            timeout=LONGEST,
            start_new_session=True,
        )

    def authkit(
        self, *arguments: str, stdin: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run authkit without a terminal."""
        return self.run(forked.AUTHKIT, *arguments, stdin=stdin)

    def keyring(self, name: str = "dev-admin") -> dict[str, Any] | None:
        """Return the entry in the keyring."""
        if backend := self._backend():
            found = backend.get_password("authkit", name)
            return None if found is None else json.loads(found)
        done = self.run(sys.executable, "-m", "keyring", "get", "authkit", name)
        return json.loads(done.stdout) if done.returncode == 0 else None

    def put_in_keyring(self, entry: object, name: str = "dev-admin") -> None:
        """Put an entry into the keyring: a text as it is, anything else as JSON."""
        written = entry if isinstance(entry, str) else json.dumps(entry)
        if backend := self._backend():
            backend.set_password("authkit", name, written)
        else:
            self.run(sys.executable, "-m", "keyring", "set", "authkit", name, stdin=written)

    def _backend(self) -> PlaintextKeyring | None:
        """Return the backend of the processes started here, None where it is another one.

        With it an entry costs no process.
        """
        if self.environ["PYTHON_KEYRING_BACKEND"] != _BACKEND:
            return None
        backend = PlaintextKeyring()
        backend.file_path = str(self.path / "data" / "python_keyring" / backend.filename)
        return backend

    def log_in(self) -> None:
        """Store keys without an MFA device, and make a session from them: no question is asked.

        authkit logs in to the first home without settings; others get the same files, with a
        session of their own.
        """
        self.put_in_keyring({"version": 1, **KEYS, "session_duration": "36h"})
        usual = not self.extra and not (self.path / "config").exists()
        if usual and _left_by_login and not (self.path / "state").exists():
            self._put_session(_left_by_login)
            return
        assert self.authkit("login", "dev-admin").returncode == 0
        if usual:
            _left_by_login.update(files(self.path / "state"))

    def _put_session(self, files: Mapping[str, tuple[int, str | None]]) -> None:
        """Write the state folder that a login left, with a new session of this home's STS."""
        for name, (mode, text) in files.items():
            path = self.path / "state" / name
            if text is None:
                path.mkdir()
            else:
                path.write_text(text, encoding="utf-8")
            path.chmod(mode)
        path = self.path / "state" / "sessions" / "dev-admin.json"
        session = json.loads(path.read_text("utf-8"))
        sts = _sts(self.endpoint)
        sts.get_caller_identity()
        found = sts.get_session_token(DurationSeconds=session["duration"])["Credentials"]
        session["access_key_id"] = found["AccessKeyId"]
        session["secret_access_key"] = found["SecretAccessKey"]
        session["session_token"] = found["SessionToken"]
        session["expires"] = f"{found['Expiration']:%Y-%m-%dT%H:%M:%SZ}"
        session["expiration"] = int(found["Expiration"].timestamp())
        session["granted"] = session["expiration"] - session["duration"]
        session["config_stamp"] = str(self.path / "config" / "authkit" / "config.toml")
        path.write_text(f"{json.dumps(session, indent=0)}\n", encoding="utf-8")

    def config(self, text: str) -> Path:
        """Write the config file."""
        path = self.path / "config" / "authkit" / "config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)  # whatever the umask is: `mfa_process` is not run from any other
        return path
