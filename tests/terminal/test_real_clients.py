"""The simulator used by boto3, the AWS CLI and the AWS SDK for JavaScript, over HTTP."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

import pyotp
import pytest

from tests.support.aws_client import USERS, Client, fresh_client

if TYPE_CHECKING:
    from tests.support.real_clients import Keys, RealClient, Reply

USER = "arn:aws:iam::123456789012:user/dev-admin"


@pytest.fixture
def client() -> Client:
    """Return a client of the server in its starting state."""
    return fresh_client()


class Caller:
    """A real client at one endpoint."""

    def __init__(self, real: RealClient, client: Client) -> None:
        self._real = real
        self._client = client

    def identity(self, keys: Keys) -> Reply:
        """Call GetCallerIdentity."""
        return self._real.call(self._client.endpoint, "GetCallerIdentity", keys)

    def session(self, keys: Keys, code: str, seconds: int = 129600) -> Reply:
        """Call GetSessionToken with this code of dev-admin's device."""
        mfa = {"SerialNumber": USERS["dev-admin"]["mfa_arn"], "TokenCode": code}
        return self._real.call(
            self._client.endpoint, "GetSessionToken", keys, DurationSeconds=seconds, **mfa
        )

    def role(self, keys: Keys, name: str) -> Reply:
        """Call AssumeRole."""
        return self._real.call(
            self._client.endpoint,
            "AssumeRole",
            keys,
            RoleArn=f"arn:aws:iam::123456789012:role/{name}",
            RoleSessionName="deploy-1",
        )

    def code(self) -> str:
        """Return the current code of dev-admin's device."""
        now = datetime.fromisoformat(self._client.control("GET", "clock")["now"])
        return str(pyotp.TOTP(USERS["dev-admin"]["totp_secret"]).at(now))

    def seen(self) -> list[str | None]:
        """Return the error codes of all calls that STS has seen, None for success."""
        return [call["code"] for call in self._client.control("GET", "calls")]


@pytest.fixture
def caller(real: RealClient, client: Client) -> Caller:
    """Return the real client with the server's endpoint."""
    return Caller(real, client)


def written(user: dict[str, str]) -> Keys:
    """Return the keys of a user of the simulator in the form of STS's credentials."""
    return {"AccessKeyId": user["access_key_id"], "SecretAccessKey": user["secret_access_key"]}


def credentials(reply: Reply) -> Keys:
    """Return the credentials that were granted."""
    made = reply.data["Credentials"]
    return {name: made[name] for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")}


KEYS = written(USERS["dev-admin"])


def test_rotation(caller: Caller, client: Client) -> None:
    """Rotated keys are refused, the new ones work, and so does the session of the old ones."""
    session = credentials(caller.session(KEYS, caller.code()))
    assert caller.identity(session).data["Arn"] == USER
    new = written(client.control("POST", "rotate", {"user": "dev-admin"}))
    assert caller.identity(KEYS).code == "InvalidClientTokenId"
    assert caller.identity(new).data["Arn"] == caller.identity(session).data["Arn"] == USER


def test_wrong_and_reused_codes(caller: Caller) -> None:
    """A code works once; a wrong one does not work."""
    code = caller.code()
    wrong = f"{(int(code) + 500_000) % 1_000_000:06}"
    replies = [caller.session(KEYS, given) for given in (wrong, code, code)]
    assert [reply.code for reply in replies] == ["AccessDenied", "", "AccessDenied"]
    assert "invalid MFA one time pass code" in replies[0].message
    assert replies[0].message == replies[2].message


def test_expiry_by_the_clock(caller: Caller, client: Client) -> None:
    """A session of 36 hours expires on the simulator's clock; the clients run at real time."""
    session = credentials(caller.session(KEYS, caller.code()))
    client.control("POST", "clock", {"advance": "35h59m"})
    assert caller.identity(session).data["Arn"] == USER
    client.control("POST", "clock", {"advance": "2m"})
    assert caller.identity(session).code == "ExpiredToken"
    assert caller.identity(KEYS).data["Arn"] == USER


@pytest.mark.parametrize(("skew", "words"), [("20m", "expired"), ("-20m", "not yet current")])
def test_skew(caller: Caller, client: Client, real: RealClient, skew: str, words: str) -> None:
    """A wrong clock has its own message; a client that corrects its clock succeeds."""
    client.control("POST", "clock", {"skew": skew})
    reply = caller.identity(KEYS)
    if real.corrects_skew:
        assert reply.data["Arn"] == USER
        assert caller.seen() == ["SignatureDoesNotMatch", None]
    else:
        assert (reply.code, f"Signature {words}: " in reply.message) == (
            "SignatureDoesNotMatch",
            True,
        )


@pytest.mark.parametrize("answer", ["Throttling", "reset", "InternalFailure"])
def test_the_clients_own_retries(caller: Caller, client: Client, answer: str) -> None:
    """The clients retry after throttling, a reset connection and an internal failure."""
    client.control("POST", "faults", {"on": "*", "answer": answer})
    assert caller.identity(KEYS).data["Arn"] == USER
    assert caller.seen() == [answer, None]


def test_a_role_made_through_iam(caller: Caller, client: Client) -> None:
    """A role that trusts the caller can be assumed, and its session has its own ARN."""
    client.aws("iam").create_user(UserName="dev-admin2")
    for name, principal in (("mine", USER), ("theirs", f"{USER}2")):
        statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        client.aws("iam").create_role(RoleName=name, AssumeRolePolicyDocument=policy)
    assert caller.role(KEYS, "theirs").code == "AccessDenied"
    role = caller.role(KEYS, "mine")
    arn = "arn:aws:sts::123456789012:assumed-role/mine/deploy-1"
    assert role.data["AssumedRoleUser"]["Arn"] == arn
    assert caller.identity(credentials(role)).data["Arn"] == arn
