"""An account of a simulator, made by calls of IAM that AWS would accept too.

Every check makes its users, devices and roles anew, so that none depends on another.
The requests are signed and sent here, so that every simulator gets the same ones.
"""

from __future__ import annotations

import base64
import itertools
import json
import re
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from pyotp import TOTP

from benchmarks.raw_client import VERSIONS, Credentials, RawClient
from sts_simulator.account.oidc import issuer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NAMES = itertools.count(1)


def policy(*statements: Mapping[str, Any]) -> str:
    """Return a policy document of these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


EVERYTHING = policy({"Effect": "Allow", "Action": "*", "Resource": "*"})


class CannotSetUp(Exception):
    """Raised when a call that prepares a check is refused; the text names it and the refusal."""


@dataclass(frozen=True)
class Answer:
    """An answer: its HTTP status and its body."""

    status: int
    body: str

    @property
    def code(self) -> str:
        """The error code, "" for none."""
        return "" if self.status == 200 else self.value("Code")

    @property
    def message(self) -> str:
        """The error message, "" for none."""
        return self.value("Message")

    def value(self, name: str) -> str:
        """Return the text of the first XML element of this name, "" if there is none."""
        found = re.search(rf"<{name}>(.*?)</{name}>", self.body, re.DOTALL)
        return found[1].strip() if found else ""

    @property
    def minutes(self) -> int | None:
        """The minutes from now to the session's Expiration, to the next whole one.

        None for a refusal.
        """
        if self.status != 200:
            return None
        left = datetime.fromisoformat(self.value("Expiration")) - datetime.now(UTC)
        return round(left / timedelta(minutes=1))

    @property
    def credentials(self) -> Credentials:
        """The credentials that were issued."""
        return Credentials(
            self.value("AccessKeyId"), self.value("SecretAccessKey"), self.value("SessionToken")
        )


@dataclass(frozen=True)
class User:
    """An IAM user with an access key."""

    name: str
    arn: str
    keys: Credentials


@dataclass(frozen=True)
class Device:
    """A virtual MFA device."""

    serial: str
    totp: TOTP

    def code(self) -> dict[str, str]:
        """Return the parameters of a call with a code that was not used yet.

        It is the next code, which is accepted already: the last two enabled the device.
        """
        at = datetime.now(UTC) + timedelta(seconds=self.totp.interval)
        return {"SerialNumber": self.serial, "TokenCode": self.totp.at(at)}

    def wrong_code(self) -> dict[str, str]:
        """Return the parameters of a call with a code that the device does not show now."""
        now, step = datetime.now(UTC), timedelta(seconds=self.totp.interval)
        near = {self.totp.at(now + step * steps) for steps in range(-4, 5)}
        wrong = next(f"{number:06}" for number in range(10) if f"{number:06}" not in near)
        return {"SerialNumber": self.serial, "TokenCode": wrong}


def unused(start: str) -> str:
    """Return a name that begins like this, and was not used before."""
    return f"{start}-{next(_NAMES)}"


def _token(asked: Mapping[str, Any], url: str) -> str:
    return issuer.token(asked, url, datetime.now(UTC))


class Account:
    """An account at an endpoint, and its administrator's keys.

    `other` returns the administrator's keys of another account there.  `token` returns a token
    of OpenID Connect as ``issuer.TOKEN_SCHEMA`` describes it, in the name of the issuer of a URL.
    """

    def __init__(
        self,
        endpoint: str,
        administrator: Credentials,
        other: Callable[[Account], Credentials] | None = None,
        token: Callable[[Mapping[str, Any], str], str] = _token,
    ) -> None:
        self.client = RawClient(endpoint)
        self.administrator = administrator
        self.token = token
        self._other = other

    def other(self) -> Account:
        """Return another account of the same simulator.  Raises CannotSetUp."""
        if self._other is None:
            raise CannotSetUp("there is one account")
        there = copy(self)  # it calls over the same connection
        there.administrator = self._other(self)
        return there

    def oidc_provider(self, url: str, audience: str) -> str:
        """Create an OpenID Connect provider; return its ARN.  Raises CannotSetUp."""
        lists = {"ClientIDList__member__1": audience, "ThumbprintList__member__1": "0" * 40}
        made = self.iam("CreateOpenIDConnectProvider", Url=url, **lists)
        return made.value("OpenIDConnectProviderArn")

    def with_web_identity(self, role: str, token: str) -> Answer:
        """Call AssumeRoleWithWebIdentity for a session `work`, without a signature."""
        asked = {
            "Action": "AssumeRoleWithWebIdentity",
            "Version": VERSIONS["sts"],
            "RoleArn": role,
            "RoleSessionName": "work",
            "WebIdentityToken": token,
        }
        return self.posted(urlencode(asked), {})

    def call(self, who: Credentials, operation: str, **parameters: object) -> Answer:
        """Call STS.  In the names of parameters ``__`` stands for a full stop."""
        return self._call(who, operation, parameters, "sts")

    def iam(self, operation: str, **parameters: object) -> Answer:
        """Call IAM as the administrator.  Raises CannotSetUp."""
        return _good(operation, self._call(self.administrator, operation, parameters, "iam"))

    def iam_as(self, who: Credentials, operation: str, **parameters: object) -> Answer:
        """Call IAM with these credentials."""
        return self._call(who, operation, parameters, "iam")

    def _call(
        self, who: Credentials, operation: str, parameters: Mapping[str, object], service: str
    ) -> Answer:
        asked = {name.replace("__", "."): value for name, value in parameters.items()}
        return _answer(self.client.call(who, operation, asked, service))

    def signed_at(self, who: Credentials, later: timedelta) -> Answer:
        """Call GetCallerIdentity with a clock that is so much later than the real one."""
        at = datetime.now(UTC) + later
        return _answer(self.client.call(who, "GetCallerIdentity", at=at))

    def scoped(self, who: Credentials, region: str) -> Answer:
        """Call GetCallerIdentity with a signature for this region."""
        return _answer(self.client.call(who, "GetCallerIdentity", region=region))

    def posted(self, form: str, headers: Mapping[str, str]) -> Answer:
        """Send a form with these headers, and without a signature of the account's."""
        return _answer(self.client.post(form, headers))

    def user(self, *, policy: str | None = EVERYTHING) -> User:
        """Create a user with an access key, and this policy; None for none."""
        name = unused("user")
        arn = self.iam("CreateUser", UserName=name).value("Arn")
        if policy:
            self.iam("PutUserPolicy", UserName=name, PolicyName="p", PolicyDocument=policy)
        made = self.iam("CreateAccessKey", UserName=name).credentials
        return User(name, arn, made)

    def device(self, user: User) -> Device:
        """Create a virtual MFA device and enable it for the user."""
        made = self.iam("CreateVirtualMFADevice", VirtualMFADeviceName=f"mfa-{user.name}")
        seed = _base32(base64.b64decode(made.value("Base32StringSeed")))
        device = Device(made.value("SerialNumber"), TOTP(seed))
        now, step = datetime.now(UTC), timedelta(seconds=30)
        self.iam(
            "EnableMFADevice",
            UserName=user.name,
            SerialNumber=device.serial,
            AuthenticationCode1=device.totp.at(now - step),
            AuthenticationCode2=device.totp.at(now),
        )
        return device

    def role(
        self,
        *trusted: str,
        actions: tuple[str, ...] = ("sts:AssumeRole",),
        condition: Mapping[str, Any] | None = None,
        **parameters: object,
    ) -> str:
        """Create a role that trusts these principals; return its ARN."""
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": [*trusted]},
            "Action": [*actions],
            **({"Condition": condition} if condition else {}),
        }
        return self.role_with([statement], **parameters)

    def role_with(self, statements: list[dict[str, Any]], **parameters: object) -> str:
        """Create a role with a trust policy of these statements; return its ARN."""
        name = unused("role")
        trust = policy(*statements)
        arn = self.iam(
            "CreateRole", RoleName=name, AssumeRolePolicyDocument=trust, **parameters
        ).value("Arn")
        self.iam("PutRolePolicy", RoleName=name, PolicyName="p", PolicyDocument=EVERYTHING)
        return arn

    def session(self, who: Credentials, **parameters: object) -> Credentials:
        """Return the credentials of GetSessionToken.  Raises CannotSetUp."""
        answer = self.call(who, "GetSessionToken", **parameters)
        return _good("GetSessionToken", answer).credentials

    def assume(self, who: Credentials, role: str, **parameters: object) -> Answer:
        """Call AssumeRole for a session `work`."""
        asked = {"RoleArn": role, "RoleSessionName": "work", **parameters}
        return self.call(who, "AssumeRole", **asked)

    def assumed(self, who: Credentials, role: str, **parameters: object) -> Credentials:
        """Return the credentials of AssumeRole.  Raises CannotSetUp."""
        return _good("AssumeRole", self.assume(who, role, **parameters)).credentials


def another_secret(keys: Credentials) -> Credentials:
    """Return the same access key id with a secret that is not its own."""
    return replace(keys, secret_access_key="a-wrong-secret")  # noqa: S106 - that it is wrong is the point


def _base32(seed: bytes) -> str:
    """Return a device's seed; ministack's is not Base32, and it takes the codes of any."""
    text = seed.decode()
    return text if re.fullmatch("[A-Z2-7=]+", text) else base64.b32encode(seed).decode()


def _good(operation: str, answer: Answer) -> Answer:
    if answer.status != 200:
        raise CannotSetUp(f"{operation}: {answer.status} {answer.code}".rstrip())
    return answer


def _answer(received: tuple[int, bytes]) -> Answer:
    status, body = received
    return Answer(status, body.decode(errors="replace"))
