"""What the GitHub action configure-aws-credentials sends, sent again.

The file beside this one has the parameters that the action itself sent, with its version and
the date.  With OIDC it sends no session tags; tags then come from the token, and with
role chaining from the action.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sts_simulator.account.assume_role_with_web_identity import TAGS
from tests.support.account_world import DIRECTORIES, World, a_world, trusting
from tests.support.web_identity_world import OPERATION, ROLE, TABLE, token

RECORD = Path(__file__).with_name("configure_aws_credentials.json")
SENT: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
CHAINED: dict[str, str] = SENT["chained"]
NUMBERS = range(1, 14)
SESSION_TAGS = {CHAINED[f"Tags.member.{n}.Key"]: CHAINED[f"Tags.member.{n}.Value"] for n in NUMBERS}
PLAIN = {"AWS": f"{ROLE}plain"}
WORLD = {
    **TABLE,
    "roles": {
        **TABLE["roles"],
        "tagged": trusting(PLAIN, "sts:AssumeRole", "sts:TagSession"),
        "untagged": trusting(PLAIN, "sts:AssumeRole"),
    },
}


@pytest.fixture(params=DIRECTORIES)
def world(request: pytest.FixtureRequest) -> World:
    """The account of the run, with each kind of directory."""
    return a_world(request.param, WORLD)


def by_oidc(world: World, name: str = "plain", **claims: object) -> Any:  # noqa: ANN401 - an answer
    """Return the answer to what the action sends to sign in by OIDC."""
    identity = token(world, claims=claims)
    asked = {"RoleArn": ROLE + name, "WebIdentityToken": identity, **SENT["oidc"]}
    return world.ask_unsigned(OPERATION, **asked)


def test_it_signs_in_by_oidc_and_chains_with_its_tags(world: World) -> None:
    """The second step of a job takes another role with the first one's session, and 13 tags."""
    signed_in = by_oidc(world)
    chained: Any = world.ask(
        "AssumeRole", who=signed_in.session, RoleArn=f"{ROLE}tagged", **CHAINED
    )
    assert chained.arn == "arn:aws:sts::123456789012:assumed-role/tagged/GitHubActions"
    issued = world.account.accounts.sessions.get(chained.session.access_key_id)
    assert issued is not None
    assert issued.passed.tags == SESSION_TAGS
    assert len(SESSION_TAGS) == 13


def test_it_is_refused_where_tags_are_not_trusted(world: World) -> None:
    """Without sts:TagSession in the trust policy the chain ends, as the action reported it."""
    session = by_oidc(world).session
    refused: Any = world.ask("AssumeRole", who=session, RoleArn=f"{ROLE}untagged", **CHAINED)
    assert refused.message == (
        "User: arn:aws:sts::123456789012:assumed-role/plain/GitHubActions is not authorized to "
        f"perform: sts:TagSession on resource: {ROLE}untagged"
    )
    assert refused.reason == "trust policy, statement 1 is not about sts:TagSession"


def test_the_same_tags_from_the_token(world: World) -> None:
    """An issuer that puts these tags into its token needs sts:TagSession at the first role."""
    claims = {TAGS: {"principal_tags": {key: [value] for key, value in SESSION_TAGS.items()}}}
    assert by_oidc(world, "full", **claims).session
    refused = by_oidc(world, "plain", **claims)
    assert refused.message == "Not authorized to perform sts:TagSession"
    assert refused.reason == "trust policy, statement 1 is not about sts:TagSession"
