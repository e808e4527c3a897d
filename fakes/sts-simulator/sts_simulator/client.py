"""A simulator in a process of its own, and the requests of its control interface as methods.

Imports only the standard library and pyotp.  The code under test may use any
AWS client, in any language.
"""

from __future__ import annotations

import io
import json
import os
import ssl
import subprocess
import sys
import urllib.request
import warnings
from datetime import datetime
from typing import TYPE_CHECKING, Any, NotRequired, Self, TypedDict
from urllib.error import HTTPError

from pyotp import TOTP

if TYPE_CHECKING:
    from collections.abc import Mapping

_ANSWERS_WITHIN = 30  # seconds


class Key(TypedDict):
    """An access key."""

    access_key_id: str
    secret_access_key: str


class User(Key):
    """A user's key, and its MFA device where it has one."""

    mfa_arn: NotRequired[str]
    totp_secret: NotRequired[str]


class Call(TypedDict):
    """The record of a call of STS.

    `account` is the id of the caller's account, None for a caller who is not known.
    `code` is None when it succeeded, `status` when no answer was sent; `reason` is why
    it was refused, which AWS does not tell; `at` is RFC 3339.
    """

    operation: str
    access_key_id: str | None
    account: str | None
    parameters: dict[str, str]
    status: int | None
    code: str | None
    reason: str | None
    at: str


class NotThere(LookupError):
    """There is no such user, or it has no device that shows codes."""


class Simulator:
    """A context manager that runs ``sts-simulator serve`` (docs/contract.md, docs/simulator.md).

    `endpoint` is the URL for AWS clients, `account` the id of the first account.  `users` has
    its users by name, and `accounts` those of the other accounts, by account id and name.
    Where a method takes an `account`, None is the first.
    """

    endpoint: str
    account: str
    users: dict[str, User]
    accounts: dict[str, dict[str, User]]

    def __init__(self, *options: str) -> None:
        """`options` are those of ``serve``: ``"--user", "plain", "--mfa", "dev-admin"``."""
        self._options = options

    @classmethod
    def running(cls, ready: Mapping[str, Any]) -> Self:
        """Return one that runs already, by its ready line.  It is not ended by this object."""
        simulator = cls()
        simulator._begin(ready)
        return simulator

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: S603 - this package's own program
            [sys.executable, "-m", "sts_simulator", "serve", *self._options],
            stdout=subprocess.PIPE,
            text=True,
        )
        if self._process.stdout is None:
            raise RuntimeError("the process has no stdout")
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the simulator did not start: stderr says why")
        self._begin(json.loads(line))
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
        self._begin(self._ready)

    def world(self, table: Mapping[str, Any]) -> None:
        """Replace the accounts by those of a table: keys, devices, roles (docs/simulator.md).

        `users` and `accounts` then have those of the table that have a key.
        """
        self.control("POST", "world", table)
        self._have(self.control("GET", "users"))

    def now(self) -> datetime:
        """Return the simulated time, in whole seconds."""
        return datetime.fromisoformat(self.control("GET", "clock")["now"])

    def advance(self, span: str) -> None:
        """Move the simulated time forwards by a length of time like ``36h``."""
        self.control("POST", "clock", {"advance": span})

    def skew(self, span: str) -> None:
        """Set how much later the server's clock is than the caller's: ``20m``, ``-20m``."""
        self.control("POST", "clock", {"skew": span})

    def fault(  # noqa: PLR0913 - the fields of a fault
        self,
        on: str,
        answer: str | None = None,
        *,
        times: int = 1,
        after: int = 0,
        latency: str | None = None,
        message: str | None = None,
        status: int | None = None,
        request_id: str | None = None,
        user: str | None = None,
        account: str | None = None,
    ) -> None:
        """Add a fault to the calls of `on`: an operation, or ``*`` for all of them.

        `answer` is an AWS error code or a word of docs/simulator.md.  The first `after`
        calls pass, then `times` calls fail, 0: until cleared.
        """
        given = {
            "answer": answer,
            "latency": latency,
            "message": message,
            "status": status,
            "request_id": request_id,
            "user": user,
            "account": account,
        }
        given = {name: value for name, value in given.items() if value is not None}
        fault = {"on": on, "times": times, "after": after, **given}
        added: list[dict[str, Any]] = self.control("POST", "faults", [fault])
        if warning := added[-1].get("warning"):
            warnings.warn(warning, stacklevel=2)

    def clear_faults(self) -> None:
        """Remove all faults."""
        self.control("DELETE", "faults")

    def users_in(self, account: str | None = None) -> dict[str, User]:
        """Return the users of an account by name."""
        if account is None or account == self.account:
            return self.users
        return self.accounts.setdefault(account, {})

    def user(self, name: str = "dev-admin", account: str | None = None) -> User:
        """Return a user.  Raises NotThere, with the names that there are."""
        users = self.users_in(account)
        if name not in users:
            raise NotThere(f"there is no user {name}; there are: {', '.join(users) or 'none'}")
        return users[name]

    def rotate(self, user: str = "dev-admin", account: str | None = None) -> Key:
        """Delete the user's keys and create a new one; return it, and put it in `users`."""
        there = {} if account is None else {"account": account}
        made: Key = self.control("POST", "rotate", {"user": user, **there})
        users = self.users_in(account)
        users[user] = User(**{**users.get(user, {}), **made})  # type: ignore[typeddict-item]  # has both
        return made

    def oidc_token(self, subject: str, **wanted: object) -> str:
        """Return an OpenID Connect token for AssumeRoleWithWebIdentity.

        `wanted` are the other fields of ``POST /_sim/oidc/token`` (docs/simulator.md), such as
        ``issuer="https://token.actions.githubusercontent.com"`` or ``expires_in="-10m"``.
        """
        made = self.control("POST", "oidc/token", {"subject": subject, **wanted})
        return str(made["token"])

    def saml_response(self, role: str, provider: str, **wanted: object) -> str:
        """Return a SAML response of the simulator's identity provider, in base64.

        `role` and `provider` are ARNs; `wanted` are the other fields of
        ``POST /_sim/saml/response`` (docs/simulator.md), such as ``subject="bob"`` or
        ``signature="wrong key"``.  Needs the extra ``saml`` of the distribution.
        """
        asked = {"role": role, "provider": provider, **wanted}
        return str(self.control("POST", "saml/response", asked)["saml_response"])

    def saml_metadata(self) -> str:
        """Return the metadata of that identity provider, in XML, for CreateSAMLProvider."""
        return str(self.control("GET", "saml/metadata")["metadata"])

    def code(self, user: str = "dev-admin", account: str | None = None) -> str:
        """Return the code that the user's MFA device shows now.

        A code is valid once; after ``advance("30s")`` the device shows the next.  Raises NotThere.
        """
        secret = self.user(user, account).get("totp_secret")
        if secret is None:
            raise NotThere(f"user {user} has no device with a secret")
        return str(TOTP(secret).at(self.now()))

    def calls(self) -> list[Call]:
        """Return the records of the calls of STS, oldest first."""
        found: list[Call] = self.control("GET", "calls")
        return found

    def environ(self, user: str = "dev-admin", account: str | None = None) -> dict[str, str]:
        """Return the environment variables with which AWS clients are this user of the simulator.

        For the environment of a child process, or for ``monkeypatch.setenv``.
        With them no file of ``~/.aws`` is read.
        """
        keys = self.user(user, account)
        bundle = self._ready.get("ca_bundle")
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ENDPOINT_URL_STS": self.endpoint,  # Go's role and web identity read this alone
            "AWS_ACCESS_KEY_ID": keys["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": keys["secret_access_key"],
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1",
        } | ({"AWS_CA_BUNDLE": bundle} if bundle else {})

    def control(self, method: str, name: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Return the answer of the control interface.

        Raises urllib.error.HTTPError, whose message has the reason.
        """
        token = self._ready.get("control_token")
        request = urllib.request.Request(  # noqa: S310 - the simulator's endpoint
            f"{self.endpoint}/_sim/{name}",
            None if body is None else json.dumps(body).encode(),
            {"Authorization": f"Bearer {token}"} if token else {},
            method=method,
        )
        try:
            with self._direct.open(request, timeout=_ANSWERS_WITHIN) as answer:
                return json.load(answer)
        except HTTPError as error:
            said = error.read()
            reason = json.loads(said)["error"]
            told = io.BytesIO(said)
            raise HTTPError(error.url, error.code, reason, error.headers, told) from None

    def _have(self, told: Mapping[str, Any]) -> None:
        """Have the accounts and users that the simulator tells of."""
        self.account = told["account"]
        self.users = {name: user.copy() for name, user in told["users"].items()}
        self.accounts = {
            account: {name: user.copy() for name, user in other["users"].items()}
            for account, other in told.get("accounts", {}).items()
        }

    def _begin(self, ready: Mapping[str, Any]) -> None:
        self._ready = ready
        self.endpoint = ready["endpoint"]
        self._have(ready)
        bundle = ready.get("ca_bundle")
        trust = ssl.create_default_context(cafile=bundle) if bundle else None
        self._direct = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trust)
        )
