"""The contract of the three skins for what authkit's own port does not ask.

The same calls, with any parameters, go to an account in process, to botocore's hook and
over HTTP.  Answers are compared but for ids, secrets and tokens; tokens by their length.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from authkit.adapters.sts import isolated_session
from sts_simulator.account.account import Account
from sts_simulator.account.authentication import Signature
from sts_simulator.account.calls import Request
from sts_simulator.account.clock import Clock, real_time
from sts_simulator.account.errors import AwsError
from sts_simulator.account.faults import Fault
from sts_simulator.account.ids import SEED
from sts_simulator.account.moto_directory import MotoDirectory
from sts_simulator.server.server import Server
from sts_simulator.server.simulation import Simulation
from sts_simulator.wire import body
from sts_simulator.wire.botocore_hook import Hook
from tests.support.account_world import trusting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MODEL = isolated_session().get_service_model("sts")
pytestmark = pytest.mark.skipif(
    "SessionTokenSize" not in MODEL.operation_model("GetSessionToken").output_shape.members,
    reason="this botocore does not know STS of 2026-09-15",
)

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/"
KEY = {"AccessKeyId": "AKIAXXXXXXXXXXXXXXXX", "SecretAccessKey": "new-secret"}
SERIAL = f"arn:aws:iam::{ACCOUNT}:mfa/user"


def role(*actions: str, **condition: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return a role of the table that trusts the account."""
    return trusting({"AWS": ACCOUNT}, *actions, **condition)


TABLE: dict[str, Any] = {
    "keys": {"new": {"id": KEY["AccessKeyId"], "secret": KEY["SecretAccessKey"]}},
    "mfa": {"arn": SERIAL, "codes": ["123456", "234567"]},
    "roles": {
        "plain": role("sts:AssumeRole"),
        "full": role("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"),
        "next": role("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"),
        "by-place": role("sts:AssumeRole", IpAddress={"aws:SourceIp": "127.0.0.0/8"}),
        "by-name": role("sts:AssumeRole", StringEquals={"sts:RoleSessionName": "${aws:username}"}),
        "by-nothing": role("sts:AssumeRole", BinaryEquals={"aws:username": "eA=="}),
    },
    "policies": {
        "dev-admin": {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Deny",
                "Action": ["sts:GetFederationToken", "sts:AssumeRole"],
                "Resource": [f"arn:aws:sts::{ACCOUNT}:federated-user/guest", ROLE + "next"],
                "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
            },
        }
    },
}
ENFORCED = TABLE | {"enforce": True}
OTHER = "210987654321"
OTHERS_KEY = "AKIAOTHEROTHEROTHERO"
ACCOUNTS = TABLE | {
    "accounts": {
        OTHER: {
            "keys": {"k": {"id": OTHERS_KEY, "user": "ann"}},
            "mfa": {"arn": f"arn:aws:iam::{OTHER}:mfa/ann", "codes": ["345678"], "user": "ann"},
            "roles": {
                "open": role("sts:AssumeRole", StringEquals={"aws:ResourceAccount": OTHER}),
                "ticket": role("sts:AssumeRole", StringEquals={"sts:ExternalId": "t-42"}),
                "with-mfa": role("sts:AssumeRole", Bool={"aws:MultiFactorAuthPresent": "true"}),
                "own": {},
            },
        }
    }
}

Call = tuple[str, dict[str, Any]]
Caller = Callable[[str, dict[str, Any], dict[str, Any]], dict[str, Any]]


class Tampered(NamedTuple):
    """What is changed of a signature that is right: the header, and the same in process.

    `header` returns the Authorization header to send, "" for none.  `signature` returns
    what the wire format reads in it.
    """

    header: Callable[[str], str]
    signature: Callable[[Signature], Signature | AwsError | None]


def assume(name: str, *tags: str, **more: Any) -> Call:  # noqa: ANN401 - as boto3
    """Return a call of AssumeRole, with these tags of the value 1."""
    asked = {"RoleArn": ROLE + name, "RoleSessionName": "me", **more}
    if tags:
        asked["Tags"] = [{"Key": tag, "Value": "1"} for tag in tags]
    return "AssumeRole", asked


# Who calls: the key, or the last session; or else credentials as `KEY`, which may have a
# `Region` and how they are `Tampered` with.
AS_KEY, AS_LAST = "key", "last"
MFA = {"SerialNumber": SERIAL, "TokenCode": "123456"}

# Calls by turns: who makes it (the key, or the last session), the operation, its parameters.
STORIES: dict[str, tuple[dict[str, Any], list[tuple[str, Call]]]] = {
    "tags": (
        TABLE,
        [
            (AS_KEY, assume("plain", "a")),
            (AS_KEY, assume("full", "a", "A")),
            (AS_KEY, assume("full", "a", TransitiveTagKeys=["b"])),
            (AS_KEY, assume("full", *map(str, range(51)))),
            (AS_KEY, assume("full", "k" * 129)),
            (AS_KEY, assume("full", "a", TransitiveTagKeys=["a"])),
            (AS_LAST, assume("next", "A")),
            (AS_LAST, assume("plain")),
            (AS_LAST, assume("next", "b")),
            (
                AS_KEY,
                assume("full", Tags=[{"Key": f"k{n}", "Value": "v" * 256} for n in range(50)]),
            ),
        ],
    ),
    "source identity": (
        TABLE,
        [
            (AS_KEY, assume("plain", SourceIdentity="bob")),
            (AS_KEY, assume("full", SourceIdentity="bob")),
            (AS_LAST, assume("next", SourceIdentity="eve")),
            (AS_LAST, assume("plain")),
            (AS_LAST, assume("next", DurationSeconds=3601)),
            (AS_LAST, assume("next")),
        ],
    ),
    "conditions and ARNs": (
        TABLE,
        [
            (AS_KEY, assume("by-place")),
            (AS_KEY, assume("by-name")),
            (AS_KEY, assume("by-name", RoleSessionName="dev-admin")),
            (AS_KEY, assume("by-nothing")),
            *(
                (AS_KEY, assume("plain", RoleArn=arn))
                for arn in ("arn::b:::something/test-role", "arn:a:a::aaaaaaaaaa:")
            ),
        ],
    ),
    "sizes": (
        TABLE,
        [
            (AS_KEY, ("GetFederationToken", {"Name": "guest"})),
            (AS_KEY, ("GetSessionToken", {})),
            (AS_KEY, ("GetSessionToken", {"MinimumSessionTokenSize": 4000})),
            (AS_KEY, ("GetSessionToken", {"MinimumSessionTokenSize": 4097})),
            (AS_KEY, assume("full", "a", MinimumSessionTokenSize=1000)),
            (AS_KEY, ("GetFederationToken", {"Name": "guest", "Policy": "x" * 2049})),
        ],
    ),
    "operations that refuse": (
        TABLE,
        [
            (AS_KEY, ("DecodeAuthorizationMessage", {"EncodedMessage": "x"})),
            (
                AS_KEY,
                ("AssumeRoot", {"TargetPrincipal": ACCOUNT, "TaskPolicyArn": {"arn": "a" * 20}}),
            ),
            (AS_KEY, ("GetWebIdentityToken", {"Audience": ["a"], "SigningAlgorithm": "RS256"})),
            (AS_KEY, ("GetDelegatedAccessToken", {"TradeInToken": "x"})),
            (AS_KEY, ("GetScopedCredentials", {})),
            (AS_KEY, ("DecodeAuthorizationMessage", {})),
        ],
    ),
    "denials": (
        ENFORCED,
        [
            (AS_KEY, ("GetCallerIdentity", {})),
            (AS_KEY, ("GetFederationToken", {"Name": "guest"})),
            (AS_KEY, ("GetFederationToken", {"Name": "other"})),
            (AS_KEY, assume("next")),
            (AS_KEY, assume("plain")),
            (AS_KEY, ("GetSessionToken", {})),
            (AS_LAST, assume("next")),
            (AS_KEY, ("GetSessionToken", MFA)),
            (AS_LAST, assume("next")),
        ],
    ),
    "accounts": (
        ACCOUNTS,
        [
            (AS_KEY, ("GetAccessKeyInfo", {"AccessKeyId": OTHERS_KEY})),
            (AS_KEY, assume("open", RoleArn=f"arn:aws:iam::{OTHER}:role/open")),
            (AS_LAST, ("GetCallerIdentity", {})),
            (AS_LAST, assume("own", RoleArn=f"arn:aws:iam::{OTHER}:role/own")),
            (AS_LAST, assume("ticket", RoleArn=f"arn:aws:iam::{OTHER}:role/ticket")),
            (AS_KEY, assume("own", RoleArn=f"arn:aws:iam::{OTHER}:role/own")),
            (AS_KEY, assume("nobody", RoleArn=f"arn:aws:iam::{OTHER}:role/nobody")),
            (AS_KEY, assume("ticket", RoleArn=f"arn:aws:iam::{OTHER}:role/ticket")),
            (
                AS_KEY,
                assume("", RoleArn=f"arn:aws:iam::{OTHER}:role/ticket", ExternalId="t-42"),
            ),
            (AS_KEY, assume("", RoleArn=f"arn:aws:iam::{OTHER}:role/with-mfa", **MFA)),
            (
                AS_KEY,
                (
                    "GetSessionToken",
                    {"SerialNumber": f"arn:aws:iam::{OTHER}:mfa/ann", "TokenCode": "345678"},
                ),
            ),
        ],
    ),
    "no denials": (
        TABLE,
        [(AS_KEY, ("GetFederationToken", {"Name": "guest"})), (AS_KEY, assume("next"))],
    ),
    "faults": (
        TABLE | {"faults": ["ExpiredTokenException", "ValidationError", "IDPCommunicationError"]},
        [(AS_KEY, ("GetCallerIdentity", {}))] * 4,
    ),
}


def flattened(asked: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield parameters as the Query API writes them."""
    if isinstance(asked, dict):
        for key, value in asked.items():
            yield from flattened(value, f"{name}.{key}" if name else key)
    elif isinstance(asked, list):
        for number, value in enumerate(asked, 1):
            yield from flattened(value, f"{name}.member.{number}")
    else:
        yield name, str(asked)


def in_process(table: dict[str, Any]) -> Caller:
    """Return a caller of an account, whose answers are taken from their JSON."""
    account = Account.from_table(_world(table), real_time)
    _prepare(account, table)

    def call(operation: str, asked: dict[str, Any], who: dict[str, Any]) -> dict[str, Any]:
        signature = Signature(
            who["AccessKeyId"],
            lambda secret: secret == who["SecretAccessKey"],
            datetime.now(UTC),
            who.get("Region", "us-east-1"),
            session_token=who.get("SessionToken"),
        )
        tampered: Tampered | None = who.get("Tampered")
        shown = tampered.signature(signature) if tampered else signature
        outcome = account.call(Request(operation, dict(flattened(asked)), shown))
        answer = outcome.answer
        assert answer is not None
        if isinstance(answer, AwsError):
            return {"refused": (answer.code, answer.message or "", answer.status)}
        written = json.loads(body.of(operation, answer, "id", as_json=True))
        result: dict[str, Any] = written[f"{operation}Response"][f"{operation}Result"]
        return result

    return call


def by_botocore(table: dict[str, Any]) -> Caller:
    """Return a caller whose requests botocore's hook answers."""
    directory = MotoDirectory()
    directory.clear()
    account = Account.from_table(_world(table), real_time, directory=directory)
    _prepare(account, table)
    session = isolated_session()
    Hook(account, Clock(real_time(), ticks=True)).register(session)
    return _client(boto3.Session(botocore_session=session), None)


@contextmanager
def over_http(table: dict[str, Any]) -> Iterator[Caller]:
    """Serve an account, and return a caller of it."""
    with Server(Simulation(_world(table))) as server:
        server.simulation.load(_world(table), SEED)  # the ids of an account in process
        _prepare(server.simulation.account, table)
        yield _client(boto3.Session(botocore_session=isolated_session()), server.endpoint)


def _world(table: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in table.items() if name not in ("faults", "suspended")}


def _prepare(account: Account, table: dict[str, Any]) -> None:
    account.suspended = table.get("suspended", False)
    for answer in table.get("faults", ()):
        account.faults.add(Fault(on="*", answer=answer))


def _client(session: boto3.Session, endpoint: str | None) -> Caller:
    config = Config(retries={"total_max_attempts": 1}, proxies={}, parameter_validation=False)

    def call(operation: str, asked: dict[str, Any], who: dict[str, Any]) -> dict[str, Any]:
        client = session.client(
            "sts",
            region_name=who.get("Region", "us-east-1"),
            endpoint_url=endpoint,
            aws_access_key_id=who["AccessKeyId"],
            aws_secret_access_key=who["SecretAccessKey"],
            aws_session_token=who.get("SessionToken"),
            config=config,
        )
        if tampered := who.get("Tampered"):
            client.meta.events.register_first("before-send.sts", _tampering(tampered))
        try:
            answer: dict[str, Any] = client._make_api_call(operation, asked)  # noqa: SLF001 - by name
        except ClientError as refused:
            said = refused.response
            error = said["Error"]
            status = said["ResponseMetadata"]["HTTPStatusCode"]
            return {"refused": (error["Code"], error.get("Message", ""), status)}
        del answer["ResponseMetadata"]
        return answer

    return call


def _tampering(tampered: Tampered) -> Callable[..., None]:
    """Return a handler of botocore's event that changes the Authorization header of a request."""

    def change(request: Any, **_event: object) -> None:  # noqa: ANN401 - botocore is not typed
        header = request.headers["Authorization"]
        header = header.decode() if isinstance(header, bytes) else header
        del request.headers["Authorization"]
        if changed := tampered.header(header):
            request.headers["Authorization"] = changed

    return change


def played(calls: Sequence[tuple[Any, Call]], call: Caller) -> list[dict[str, Any]]:
    """Return what the caller gets, without what differs from account to account."""
    seen, last = [], KEY
    for who, (operation, asked) in calls:
        named = {AS_KEY: KEY, AS_LAST: last}
        answer = call(operation, asked, named[who] if isinstance(who, str) else who)
        if credentials := answer.pop("Credentials", None):
            last = credentials
            answer["token"] = len(credentials["SessionToken"])
        seen.append(answer)
    return seen


def play_in_process() -> None:
    """Play every story on an account in process."""
    for table, calls in STORIES.values():
        played(calls, in_process(table))


@pytest.mark.parametrize("story", STORIES)
def test_skins_agree(story: str) -> None:
    """An account in process, botocore's hook and HTTP answer every operation alike."""
    table, calls = STORIES[story]
    told = played(calls, in_process(table))
    assert played(calls, by_botocore(table)) == told
    with over_http(table) as call:
        assert played(calls, call) == told
    if story != "operations that refuse":
        assert any("refused" not in answer for answer in told)
    if story != "no denials":
        assert any("refused" in answer for answer in told)
