"""A simulator in a process of its own, and the requests of its control interface as methods.

Imports only the standard library and pyotp.  The code under test may use any
AWS client, in any language.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from datetime import datetime
from typing import Any, Self

from pyotp import TOTP

_ANSWERS_WITHIN = 30  # seconds


class Simulator:
    """A context manager that runs ``sts-simulator serve`` (docs/contract.md, docs/simulator.md).

    `endpoint` is the URL for AWS clients, `account` the account id.  `users` has,
    by name, ``access_key_id`` and ``secret_access_key``, and for a user with an
    MFA device ``mfa_arn`` and ``totp_secret``.
    """

    endpoint: str
    account: str
    users: dict[str, dict[str, str]]

    def __init__(self, *options: str) -> None:
        """`options` are those of ``serve``: ``"--user", "plain", "--mfa", "dev-admin"``."""
        self._options = options

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: S603 - this package's own program
            [sys.executable, "-m", "sts_simulator", "serve", *self._options],
            stdout=subprocess.PIPE,
            text=True,
        )
        if self._process.stdout is None:
            raise RuntimeError("the process has no stdout")
        self._ready: dict[str, Any] = json.loads(self._process.stdout.readline())
        self.endpoint = self._ready["endpoint"]
        self._begin()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.communicate()

    @property
    def pid(self) -> int:
        """The id of the serving process."""
        return self._process.pid

    def reset(self) -> None:
        """Go back to the state at the start: the same users and keys, real time, no faults."""
        self.control("POST", "reset")
        self._begin()

    def world(self, table: dict[str, Any]) -> None:
        """Replace the account by that of a table: keys, devices, roles (docs/simulator.md)."""
        self.account = self.control("POST", "world", table)["account"]
        self.users = {}

    def now(self) -> datetime:
        """Return the simulated time, in whole seconds."""
        return datetime.fromisoformat(self.control("GET", "clock")["now"])

    def advance(self, span: str) -> None:
        """Move the simulated time forwards by a length of time like ``36h``."""
        self.control("POST", "clock", {"advance": span})

    def skew(self, span: str) -> None:
        """Set how much later the server's clock is than the caller's: ``20m``, ``-20m``."""
        self.control("POST", "clock", {"skew": span})

    def fault(self, on: str, answer: str | None = None, **more: object) -> None:
        """Add a fault to the calls of `on`: an operation, or ``*`` for all of them."""
        fault = {"on": on, **more} | ({"answer": answer} if answer else {})
        self.control("POST", "faults", [fault])

    def clear_faults(self) -> None:
        """Remove all faults."""
        self.control("DELETE", "faults")

    def rotate(self, user: str = "dev-admin") -> dict[str, str]:
        """Delete the user's keys and create a new one; return it, and put it in `users`."""
        made: dict[str, str] = self.control("POST", "rotate", {"user": user})
        self.users[user] = self.users.get(user, {}) | made
        return made

    def code(self, user: str = "dev-admin") -> str:
        """Return the code that the user's MFA device shows now.

        A code is valid once; after ``advance("30s")`` the device shows the next.
        """
        return str(TOTP(self.users[user]["totp_secret"]).at(self.now()))

    def calls(self) -> list[dict[str, Any]]:
        """Return the records of the calls of STS, oldest first."""
        found: list[dict[str, Any]] = self.control("GET", "calls")
        return found

    def environ(self, user: str = "dev-admin") -> dict[str, str]:
        """Return the environment variables with which AWS clients are this user of the simulator.

        For the environment of a child process, or for ``monkeypatch.setenv``.
        With them no file of ``~/.aws`` is read.
        """
        keys = self.users[user]
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ENDPOINT_URL_STS": self.endpoint,  # Go's profile roles read this one alone
            "AWS_ACCESS_KEY_ID": keys["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": keys["secret_access_key"],
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1",
        }

    def control(self, method: str, name: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Return the answer of the control interface.  Raises urllib.error.HTTPError."""
        request = urllib.request.Request(  # noqa: S310 - the simulator's endpoint
            f"{self.endpoint}/_sim/{name}",
            None if body is None else json.dumps(body).encode(),
            method=method,
        )
        with _direct.open(request, timeout=_ANSWERS_WITHIN) as answer:
            return json.load(answer)

    def _begin(self) -> None:
        self.account = self._ready["account"]
        self.users = {name: dict(user) for name, user in self._ready["users"].items()}


_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
