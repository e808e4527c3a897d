"""The contract of the three skins for the refusals that the other contracts do not reach."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from sts_simulator.account import errors
from sts_simulator.account.session_tags import LARGEST
from tests.contracts.test_operations_contract import (
    ACCOUNT,
    AS_KEY,
    AS_LAST,
    KEY,
    MFA,
    SERIAL,
    TABLE,
    Tampered,
    assume,
    by_botocore,
    in_process,
    over_http,
    played,
    pytestmark,  # noqa: F401 - the same botocore is needed
)

if TYPE_CHECKING:
    from sts_simulator.account.authentication import Signature
    from tests.contracts.test_operations_contract import Call

ROOT = {"AccessKeyId": "AKIAROOTROOTROOTROOT", "SecretAccessKey": "root-secret"}
WORLD: dict[str, Any] = TABLE | {
    "keys": TABLE["keys"]
    | {"root": {"id": ROOT["AccessKeyId"], "secret": "root-secret", "root": True}},
    "regions": {"disabled": ["eu-west-3"]},
}
IDENTITY: Call = ("GetCallerIdentity", {})
POLICY = json.dumps({"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}})
TAGS = [{"Key": f"k{n}", "Value": "v" * 256} for n in range(50)]


def federation(**asked: Any) -> Call:  # noqa: ANN401 - as boto3
    """Return a call of GetFederationToken."""
    return "GetFederationToken", {"Name": "guest", **asked}


def edited(pattern: str, text: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - of a signature
    """Return the key, with a signature whose header is edited; `fields` is the same in process."""

    def signature(right: Signature) -> Signature:
        return replace(right, **fields)

    return KEY | {"Tampered": Tampered(lambda header: re.sub(pattern, text, header), signature)}


def unreadable(pattern: str, text: str, error: errors.AwsError) -> dict[str, Any]:
    """Return the key, with a header from which the wire format reads this error."""
    return KEY | {
        "Tampered": Tampered(lambda header: re.sub(pattern, text, header), lambda _: error)
    }


NO_SIGNATURE = KEY | {"Tampered": Tampered(lambda _: "", lambda _: None)}
STORIES: dict[str, tuple[dict[str, Any], list[tuple[Any, Call]]]] = {
    "signatures": (
        WORLD,
        [
            (NO_SIGNATURE, IDENTITY),
            (edited("aws4_request", "aws5", terminator="aws5"), IDENTITY),
            (edited(r"/\d{8}/", "/20010101/", day="20010101"), IDENTITY),
            (edited("/sts/", "/iam/", service="iam"), IDENTITY),
            (edited("/us-east-1/", "/mars/", region="mars"), IDENTITY),
            (unreadable("host;", "", errors.HOST_UNSIGNED), IDENTITY),
            (
                unreadable(
                    "AWS4-HMAC-SHA256",
                    "AWS4-HMAC-SHA512",
                    errors.INCOMPLETE.fill(
                        problem="Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512'."
                    ),
                ),
                IDENTITY,
            ),
        ],
    ),
    "operations and numbers": (
        WORLD,
        [
            (AS_KEY, ("GetSessionToken", {"DurationSeconds": "12.5"})),
            (AS_KEY, ("GetSessionToken", {"DurationSeconds": ""})),
            (AS_KEY, ("AssumeRoleWithSAML", {"RoleArn": "r" * 20, "PrincipalArn": "p" * 20})),
            (AS_KEY, ("AssumeRoleWithWebIdentity", {"RoleArn": "r" * 20})),
            (AS_KEY, ("GetAccessKeyInfo", {"AccessKeyId": KEY["AccessKeyId"]})),
        ],
    ),
    "a suspended account": (WORLD | {"suspended": True}, [(AS_KEY, IDENTITY)]),
    "sessions may not": (
        WORLD,
        [
            (AS_KEY, ("GetSessionToken", {})),
            (AS_LAST, ("GetSessionToken", {})),
            (AS_LAST, federation()),
            (AS_LAST, ("GetAccessKeyInfo", {"AccessKeyId": KEY["AccessKeyId"]})),
            (AS_KEY, federation()),
            (AS_LAST, assume("plain")),
        ],
    ),
    "codes": (
        WORLD,
        [
            call
            for operation, asked in (("GetSessionToken", {}), assume("plain"))
            for call in (
                (AS_KEY, (operation, asked | {"SerialNumber": SERIAL})),
                (AS_KEY, (operation, asked | {"TokenCode": "123456"})),
                (AS_KEY, (operation, asked | MFA | {"SerialNumber": SERIAL + "s"})),
                (AS_KEY, (operation, asked | MFA | {"TokenCode": "000000"})),
            )
        ],
    ),
    "session policies": (
        WORLD,
        [
            (AS_KEY, (operation, asked | {"Policy": policy}))
            for operation, asked in (federation(), assume("plain"))
            for policy in ("{", "{}", POLICY, POLICY + " " * 2048)
        ],
    ),
    "sizes": (
        WORLD,
        [
            (AS_KEY, federation(Tags=TAGS)),
            (AS_KEY, federation(Tags=TAGS[: LARGEST // 260])),
            (AS_KEY, assume("full", Tags=TAGS[: LARGEST // 260])),
            (AS_KEY, federation(Tags=[{"Key": key, "Value": "1"} for key in "aA"])),
        ],
    ),
    "a region that is switched off": (
        WORLD,
        [
            (KEY | {"Region": "eu-west-3"}, call)
            for call in (
                IDENTITY,
                federation(),
                (
                    "AssumeRoot",
                    {"TargetPrincipal": ACCOUNT, "TaskPolicyArn": {"arn": "a" * 20}},
                ),
            )
        ],
    ),
    "root": (WORLD, [(ROOT, IDENTITY), (ROOT, assume("plain"))]),
    "by fault": (
        WORLD | {"faults": [*errors.DEFAULTS]},
        [(AS_KEY, IDENTITY)] * (len(errors.DEFAULTS) + 1),
    ),
}


def play_in_process() -> None:
    """Play every story on an account in process."""
    for table, calls in STORIES.values():
        played(calls, in_process(table))


@pytest.mark.parametrize("story", STORIES)
def test_skins_agree(story: str) -> None:
    """An account in process, botocore's hook and HTTP refuse alike."""
    table, calls = STORIES[story]
    told = _without_times(played(calls, in_process(table)))
    assert _without_times(played(calls, by_botocore(table))) == told
    with over_http(table) as call:
        assert _without_times(played(calls, call)) == told


def _without_times(answers: list[dict[str, Any]]) -> str:
    """Return the answers without the time of a request, which a refusal of its day has."""
    return re.sub(r"\d{8}T\d{6}Z", "…", json.dumps(answers, indent=1, sort_keys=True))
