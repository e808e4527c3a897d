"""AssumeRoleWithSAML is the same in process, under botocore and over HTTP: answers and refusals."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from sts_simulator.account.errors import AwsError
from sts_simulator.account.saml import errors
from sts_simulator.server import saml_identity_provider
from tests.contracts.test_operations_contract import (
    AS_KEY,
    AS_LAST,
    KEY,
    OTHER,
    by_botocore,
    in_process,
    over_http,
    played,
    pytestmark,  # noqa: F401 - the same botocore is needed
)
from tests.support.saml import PROVIDER, ROLE, response, trusting

OPERATION = "AssumeRoleWithSAML"
THEIRS = f"arn:aws:iam::{OTHER}:"
WITHOUT_STS = "333333333333"  # in us-east-1, which the skins call
TABLE: dict[str, Any] = {
    "keys": {"new": {"id": KEY["AccessKeyId"], "secret": KEY["SecretAccessKey"]}},
    "saml_providers": {"company": saml_identity_provider.metadata()},
    "roles": {
        "plain": trusting(),
        "full": trusting("sts:TagSession", "sts:SetSourceIdentity"),
        "by-name": trusting(StringEquals={"saml:sub": "bob"}),
    },
    "accounts": {
        OTHER: {
            "saml_providers": {"company": saml_identity_provider.metadata()},
            "roles": {
                "plain": json.loads(json.dumps(trusting()).replace("123456789012", OTHER)),
                "of-ours": trusting(),
            },
        },
        WITHOUT_STS: {"regions": {"disabled": ["us-east-1"]}},
    },
}


def theirs(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a case: a role of the other account, which the response pairs with its provider."""
    role, provider = f"{THEIRS}role/{name}", f"{THEIRS}saml-provider/company"
    return {"roles": [f"{role},{provider}"]}, {"RoleArn": role, "PrincipalArn": provider}


LARGE = {f"k{n}": "v" * 256 for n in range(17)}
# By what they show: the fields of a response, and the parameters beside it.
GRANTED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a role": ({}, {}),
    "tags": ({"role": ROLE + "full", "tags": {"a": "1"}, "transitive_tags": ["a"]}, {}),
    "a source identity": ({"role": ROLE + "full", "source_identity": "bob"}, {}),
    "a condition": ({"role": ROLE + "by-name", "subject": "bob"}, {}),
    "a duration": ({"signature": "both"}, {"DurationSeconds": 900}),
    "another account": theirs("plain"),
}
REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "the provider": ({}, {"PrincipalArn": PROVIDER + "x"}),
    "base64": ({}, {"SAMLAssertion": "base64SAML"}),
    "XML": ({}, {"SAMLAssertion": base64.b64encode(b"<x/>").decode()}),
    "the size": ({}, {"SAMLAssertion": "A" * 100_001}),
    "no assertion": ({}, {"SAMLAssertion": ""}),
    "a list": ({}, {"PolicyArns": [{"arn": "x"}]}),
    "status": ({"status": "AuthnFailed"}, {}),
    "issuer": ({"issuer": "urn:else"}, {}),
    "no signature": ({"signature": "none"}, {}),
    "another key": ({"signature": "wrong key"}, {}),
    "changed": ({"signature": "changed"}, {}),
    "age": ({"issued": "-6m"}, {}),
    "expired": ({"valid_until": "-1s"}, {}),
    "not yet": ({"valid_from": "1h", "valid_until": "2h"}, {}),
    "audience": ({"audience": "urn:else"}, {}),
    "recipient": ({"recipient": "https://else.example.com"}, {}),
    "no subject": ({"subject": None}, {}),
    "no session name": ({"session_name": None}, {}),
    "a session name": ({"session_name": "John Doe"}, {}),
    "a source identity": ({"source_identity": "b"}, {}),
    "the pair": ({"roles": ["x,y"]}, {}),
    "no such role": ({"role": ROLE + "none"}, {}),
    "tags": ({"tags": {"a": "1"}}, {}),
    "a condition": ({"role": ROLE + "by-name"}, {}),
    "too long": ({}, {"DurationSeconds": 7200}),
    "no integer": ({}, {"DurationSeconds": "12.5"}),
    "no number": ({}, {"DurationSeconds": ""}),
    "no ARN": ({}, {"RoleArn": "arn::b:::something/test-role"}),
    "no JSON": ({}, {"Policy": "{"}),
    "no policy": ({}, {"Policy": "{}"}),
    "tag twice": ({"role": ROLE + "full", "tags": {"a": "1", "A": "2"}}, {}),
    "no such tag": ({"role": ROLE + "full", "transitive_tags": ["b"]}, {}),
    "large tags": ({"role": ROLE + "full", "tags": LARGE}, {}),
    "a large token": (
        {"role": ROLE + "full", "tags": {key: LARGE[key] for key in [*LARGE][:15]}},
        {},
    ),
    "the provider of another account": ({}, {"RoleArn": f"{THEIRS}role/plain"}),
    "a role that trusts another account's provider": theirs("of-ours"),
    "no such role there": theirs("nobody"),
    "a region that is switched off": (
        {},
        {"RoleArn": f"arn:aws:iam::{WITHOUT_STS}:role/plain"},
    ),
}


def calls(cases: dict[str, tuple[dict[str, Any], dict[str, Any]]]) -> list[tuple[str, Any]]:
    """Return the calls of the cases, with responses of now."""
    made = []
    for asked, more in cases.values():
        role = str(asked.get("role", ROLE + "plain"))
        assertion = response(datetime.now(UTC), **{"role": role.removeprefix(ROLE), **named(asked)})
        given = {"RoleArn": role, "PrincipalArn": PROVIDER, "SAMLAssertion": assertion, **more}
        made.append((AS_KEY, (OPERATION, given)))
    return made


def named(asked: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a response but for the role."""
    return {name: value for name, value in asked.items() if name != "role"}


def play_in_process() -> None:
    """Play every case on an account in process."""
    for cases in (GRANTED, REFUSED):
        played(calls(cases), in_process(TABLE))


@pytest.mark.parametrize("cases", [GRANTED, REFUSED], ids=["granted", "refused"])
def test_skins_agree(cases: dict[str, tuple[dict[str, Any], dict[str, Any]]]) -> None:
    """Each case is answered alike, and is what its table says."""
    asked = calls(cases)
    asked.append((AS_LAST, ("GetCallerIdentity", {})))
    told = played(asked, in_process(TABLE))
    assert played(asked, by_botocore(TABLE)) == told
    with over_http(TABLE) as call:
        assert played(asked, call) == told
    for name, answer in zip(cases, told, strict=False):
        assert ("refused" in answer) is (cases is REFUSED), name
    assert "assumed-role" in told[-1]["Arn"] if cases is GRANTED else "user/" in told[-1]["Arn"]


def test_every_refusal_is_among_them() -> None:
    """Each error of SAML's own is answered by some case, but for the one without libraries."""
    told = {refused["refused"][1] for refused in played(calls(REFUSED), in_process(TABLE))}
    for name, error in vars(errors).items():
        if isinstance(error, AwsError) and name not in ("NOT_INSTALLED", "NO_METADATA"):
            assert error.message
            start = error.message.partition("{request_id}")[0]
            assert any(message.startswith(start) for message in told), name
