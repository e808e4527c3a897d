"""A simulator in a process of its own, and everything a test does with it.

Needs nothing but the standard library and pyotp: what is tested may use any AWS
client, in any language.
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
    """``python -m fakes serve`` and its control interface (docs/contract.md, docs/simulator.md).

    `endpoint` is the URL to point AWS clients at; `account` the account's id;
    `users` by name: ``access_key_id``, ``secret_access_key`` and, of those with
    a device, ``mfa_arn`` and ``totp_secret``.  As a context manager: it runs
    from beginning to end of the block.
    """

    endpoint: str
    account: str
    users: dict[str, dict[str, str]]

    def __init__(self, *options: str) -> None:
        """`options` are those of ``serve``: ``"--user", "plain", "--mfa", "dev-admin"``."""
        self._options = options

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "sts_simulator", "serve", *self._options],
            stdout=subprocess.PIPE,
            text=True,
        )
        if self._process.stdout is None:
            raise RuntimeError("there is always a pipe")
        self._ready: dict[str, Any] = json.loads(self._process.stdout.readline())
        self.endpoint = self._ready["endpoint"]
        self._begin()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.communicate()

    @property
    def pid(self) -> int:
        """The id of the process that serves."""
        return self._process.pid

    def reset(self) -> None:
        """Go back to the start: same users and keys, real time, no faults."""
        self.control("POST", "reset")
        self._begin()

    def world(self, table: dict[str, Any]) -> None:
        """Replace everything by the account of this table: keys, devices, roles."""
        self.account = self.control("POST", "world", table)["account"]
        self.users = {}

    def now(self) -> datetime:
        """Return the simulated instant."""
        return datetime.fromisoformat(self.control("GET", "clock")["now"])

    def advance(self, span: str) -> None:
        """Move the simulated clock on by a length of time like ``36h``."""
        self.control("POST", "clock", {"advance": span})

    def skew(self, span: str) -> None:
        """Make the server's idea of time this much later: ``20m`` and the caller looks behind."""
        self.control("POST", "clock", {"skew": span})

    def fault(self, on: str, answer: str | None = None, **more: object) -> None:
        """Have something go wrong with calls of `on`, an operation or ``*`` for all."""
        fault = {"on": on, **more} | ({"answer": answer} if answer else {})
        self.control("POST", "faults", [fault])

    def clear_faults(self) -> None:
        """Have nothing go wrong any more."""
        self.control("DELETE", "faults")

    def rotate(self, user: str = "dev-admin") -> dict[str, str]:
        """Give the user a new key and delete the old ones; `users` has the new one."""
        made: dict[str, str] = self.control("POST", "rotate", {"user": user})
        self.users[user] = self.users.get(user, {}) | made
        return made

    def code(self, user: str = "dev-admin") -> str:
        """Return what the user's MFA device shows now.

        Each code is good once: `advance` by 30 s for the next one.
        """
        return str(TOTP(self.users[user]["totp_secret"]).at(self.now()))

    def calls(self) -> list[dict[str, Any]]:
        """Return the calls of STS so far, oldest first."""
        found: list[dict[str, Any]] = self.control("GET", "calls")
        return found

    def environ(self, user: str = "dev-admin") -> dict[str, str]:
        """Return the environment variables that make AWS clients this user, here and nowhere else.

        For a child process on top of its environment, or for
        ``monkeypatch.setenv``.  No file of the person's is read.
        """
        keys = self.users[user]
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
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
        """Return the control interface's answer.  Raises urllib.error.HTTPError."""
        request = urllib.request.Request(  # noqa: S310 - our own endpoint
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
