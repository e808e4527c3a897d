"""The contract of the three skins for AssumeRoleWithWebIdentity and each of its refusals."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from sts_simulator.account.assume_role_with_web_identity import SOURCE_IDENTITY, TAGS
from sts_simulator.account.oidc import issuer as oidc_issuer
from tests.contracts.test_operations_contract import (
    AS_KEY,
    AS_LAST,
    OTHER,
    Call,
    assume,
    by_botocore,
    in_process,
    over_http,
    played,
    pytestmark,  # noqa: F401 - the same botocore is needed
)
from tests.support.web_identity_world import GITHUB, OPERATION, ROLE, TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

THEIRS = f"arn:aws:iam::{OTHER}:role/"
WITHOUT_STS = "333333333333"  # in us-east-1, which the skins call


def trusting(account_id: str) -> dict[str, Any]:
    """Return a role that trusts GitHub's provider of an account."""
    written = json.dumps(TABLE["roles"]["plain"])
    role: dict[str, Any] = json.loads(written.replace("123456789012", account_id))
    return role


WORLD = TABLE | {
    "keys": {"new": {"id": "AKIAXXXXXXXXXXXXXXXX", "secret": "new-secret"}},
    "accounts": {
        OTHER: {
            "oidc_providers": {f"https://{GITHUB}": ["theirs"]},
            "roles": {"plain": trusting(OTHER), "of-ours": trusting("123456789012")},
        },
        WITHOUT_STS: {"regions": {"disabled": ["us-east-1"]}},
    },
}
LARGE = {f"k{n}": ["v" * 256] for n in range(17)}


def tagged(tags: dict[str, list[str]], *transitive: str) -> dict[str, Any]:
    """Return the claim of session tags."""
    return {TAGS: {"principal_tags": tags, "transitive_tag_keys": [*transitive]}}


TAGGED = tagged({"a": ["1"]}, "a")


def exchange(name: str = "plain", **asked: Any) -> Call:  # noqa: ANN401 - JSON
    """Return a call with a token; capitalised names are parameters, the others the token's."""
    parameters = {key: value for key, value in asked.items() if key[0].isupper()}
    of_token = {key: value for key, value in asked.items() if key not in parameters}
    issuer = of_token.pop("from_issuer", f"https://{GITHUB}")
    of_token = {"subject": "repo:octo-org/octo-repo:ref:refs/heads/main", **of_token}
    token = oidc_issuer.token(of_token, issuer, datetime.now(UTC))
    basics = {"RoleArn": ROLE + name, "RoleSessionName": "me", "WebIdentityToken": token}
    return OPERATION, {**basics, **parameters}


# By title: the arguments of `exchange`, or a call of another operation with the last session.
STORIES: dict[str, list[dict[str, Any] | Call]] = {
    "granted": [
        {},
        ("GetCallerIdentity", {}),
        ("GetSessionToken", {}),
        {"algorithm": "ES256", "DurationSeconds": 7200},
        {"name": "full", "claims": TAGGED | {SOURCE_IDENTITY: "bob"}},
        assume("next", "b"),
        {"name": "full", "claims": TAGGED},
        assume("next", "a"),
        {"MinimumSessionTokenSize": 1000},
        {"name": "by-sub", "PolicyArns": [{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}]},
    ],
    "refused by trust": [
        {"name": "nobody"},
        {"name": "by-sub", "subject": "repo:else/else"},
        {"name": "by-run", "claims": {"run_id": "1"}},
        {"claims": TAGGED},
        {"claims": {SOURCE_IDENTITY: "bob"}},
        {},
    ],
    "bad tokens": [
        {"WebIdentityToken": "a.b.c"},
        {"from_issuer": "https://other.example.com/é<&>"},
        {"from_issuer": "https://accounts.google.com"},
        {"ProviderId": "www.amazon.com"},
        {"audience": "elsewhere"},
        {"key": "wrong"},
        {"kid": "unknown"},
        {"expires_in": "-6m"},
        {"claims": {"iat": 1}},
        {"valid_in": "10m"},
        {"claims": {"sub": None}},
        {"claims": {TAGS: []}},
        {"name": "full", "claims": {SOURCE_IDENTITY: "é"}},
        {},
    ],
    "parameters": [
        {"DurationSeconds": 899},
        {"DurationSeconds": 43201},
        {"DurationSeconds": 7201},
        {"RoleSessionName": "é"},
        {"WebIdentityToken": "x" * 20_001},
        {"Policy": "{}"},
        {"RoleArn": "arn::b:::something/test-role"},
        {"DurationSeconds": "12.5"},
        {"DurationSeconds": ""},
        {"Policy": "{"},
        {"Policy": "x" * 2049},
        {},
    ],
    "tags of the token": [
        {"name": "full", "claims": tagged({"a": ["1"], "A": ["2"]})},
        {"name": "full", "claims": tagged({"a": ["1"]}, "b")},
        {"name": "full", "claims": tagged(LARGE)},
        {"name": "full", "claims": tagged({key: LARGE[key] for key in [*LARGE][:15]})},
        {"name": "full", "claims": tagged({"a": ["1"]}, "a")},
    ],
    "accounts": [
        {"RoleArn": f"{THEIRS}plain"},
        {"RoleArn": f"{THEIRS}of-ours", "audience": "theirs"},
        {"RoleArn": f"{THEIRS}nobody", "audience": "theirs"},
        {"RoleArn": f"arn:aws:iam::{WITHOUT_STS}:role/plain"},
        {"RoleArn": "arn:aws:iam::444444444444:role/plain"},
        {"RoleArn": f"{THEIRS}plain", "audience": "theirs"},
        ("GetCallerIdentity", {}),
        assume("next"),
        {"audience": "theirs"},
        {},
    ],
}


def without_times(answers: list[dict[str, Any]]) -> Iterator[object]:
    """Yield the answers without the present time, which a refusal of an expired token has."""
    for answer in answers:
        if "refused" in answer:
            code, message, status = answer["refused"]
            yield code, re.sub(r"(date/time|too old:) [0-9]+( must|$)", r"\1 N\2", message), status
        else:
            yield answer


def calls_of(story: str) -> list[tuple[str, Call]]:
    """Return the calls of a story, with tokens of now."""
    return [
        (AS_LAST, step) if isinstance(step, tuple) else (AS_KEY, exchange(**step))
        for step in STORIES[story]
    ]


def play_in_process() -> None:
    """Play every story on an account in process."""
    for story in STORIES:
        played(calls_of(story), in_process(WORLD))


@pytest.mark.parametrize("story", STORIES)
def test_skins_agree(story: str) -> None:
    """An account in process, botocore's hook and HTTP answer alike; boto3 signs nothing."""
    calls = calls_of(story)
    told = list(without_times(played(calls, in_process(WORLD))))
    assert list(without_times(played(calls, by_botocore(WORLD)))) == told
    with over_http(WORLD) as call:
        assert list(without_times(played(calls, call))) == told
    assert any(isinstance(answer, dict) for answer in told)
    assert any(isinstance(answer, tuple) for answer in told)
    assert isinstance(told[-1], dict)


def test_the_roles_account_decides() -> None:
    """Its providers and its regions count, not the first account's; the session is of it."""
    told = played(calls_of("accounts"), in_process(WORLD))
    said = [answer["refused"][0] if "refused" in answer else "granted" for answer in told]
    assert said == [
        "InvalidIdentityToken",  # its provider has another audience
        *["AccessDenied"] * 2,
        "RegionDisabledException",
        "AccessDenied",  # there is no such account
        *["granted"] * 2,
        "AccessDenied",
        "InvalidIdentityToken",  # theirs is no audience of ours
        "granted",
    ]
    assert told[5]["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{OTHER}:assumed-role/plain/me"
    assert told[6]["Account"] == OTHER
