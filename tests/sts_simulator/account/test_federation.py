"""What the operations without a signature have in common."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from sts_simulator.account import answering, federation
from sts_simulator.account.answers import Granted
from sts_simulator.account.calls import Request
from sts_simulator.account.directory import OidcProvider, SamlProvider
from sts_simulator.account.errors import AwsError
from sts_simulator.account.role_session import Asker
from tests.support.account_world import DIRECTORIES, World, a_world, lasts, trusting

if TYPE_CHECKING:
    from sts_simulator.account.account import Account
    from sts_simulator.account.answers import Answer
    from sts_simulator.account.context import Context

OPERATION = "AssumeRoleWithWebIdentity"
PROVIDER = "arn:aws:iam::123456789012:oidc-provider/token.example.com"
ROLE = "arn:aws:iam::123456789012:role/"
ASSUME, VOUCHED = f"sts:{OPERATION}", {"Federated": PROVIDER}
TABLE: dict[str, Any] = {
    "roles": {
        "plain": trusting(VOUCHED, ASSUME),
        "full": trusting(VOUCHED, ASSUME, "sts:TagSession", "sts:SetSourceIdentity"),
        "by-claim": trusting(VOUCHED, ASSUME, StringEquals={"token.example.com:sub": "somebody"}),
    },
    "regions": {"disabled": ["eu-west-3"]},
}


@pytest.fixture(params=DIRECTORIES)
def world(request: pytest.FixtureRequest) -> World:
    """The table's account, with each kind of directory."""
    return a_world(request.param, TABLE)


def context_of(account: Account, region: str = "us-east-1") -> Context:
    """Return what an operation is given in this region."""
    return answering.context_of(account, Request(OPERATION, {}, None, endpoint_region=region))


def grant(
    world: World,
    name: str = "plain",
    told: dict[str, str] | None = None,
    longest: timedelta | None = None,
) -> Answer:
    """Return the answer to somebody whom the provider vouches for."""
    who = Asker(
        OPERATION,
        {"Federated": {PROVIDER}},
        {"token.example.com:sub": "somebody"},
        lambda action: AwsError("AccessDenied", f"Not authorized to perform {action}", 403),
        {"Provider": PROVIDER},
        longest=longest or timedelta.max,
    )
    asked = {"RoleArn": ROLE + name, "RoleSessionName": "me"}
    return federation.grant(context_of(world.account), who, asked, told or {})


def test_a_trusted_provider(world: World) -> None:
    """The role's session is the caller's; it lasts an hour, or as long as the proof says."""
    for longest, minutes in ((None, 60), (timedelta(minutes=20), 20)):
        answer = grant(world, longest=longest)
        assert isinstance(answer, Granted)
        assert answer.arn == "arn:aws:sts::123456789012:assumed-role/plain/me"
        assert answer.vouched == {"Provider": PROVIDER}
        assert lasts(world, answer.session) == timedelta(minutes=minutes)
        assert world.ask(who=answer.session).arn == answer.arn  # type: ignore[union-attr]  # a caller


@pytest.mark.parametrize(
    ("name", "told", "action"),
    [
        ("nobody", {}, OPERATION),
        ("plain", federation.tags_told({"a": "1"}, ["a"]), "TagSession"),
        ("plain", {"SourceIdentity": "bob"}, "SetSourceIdentity"),
    ],
)
def test_what_the_trust_policy_lacks(
    world: World, name: str, told: dict[str, str], action: str
) -> None:
    """Tags and a source identity need actions of their own; a role must be there."""
    answer = grant(world, name, told)
    assert isinstance(answer, AwsError)
    assert answer.message == f"Not authorized to perform sts:{action}"
    assert answer.reason
    assert isinstance(grant(world, "full" if told else "by-claim", told), Granted)


def test_what_is_told_keeps_the_rules_of_parameters(world: World) -> None:
    """Tags are checked as AssumeRole's are: their form, and keys that differ in case alone."""
    for tags, code in (({"k" * 129: "1"}, "ValidationError"), ({"a": "1", "A": "1"}, "Invalid")):
        answer = grant(world, "full", federation.tags_told(tags, []))
        assert isinstance(answer, AwsError)
        assert answer.code.startswith(code)


def test_before_the_proof(world: World) -> None:
    """A region that is switched off, a RoleArn that is none and a policy come first."""
    right = {"RoleArn": ROLE + "plain", "RoleSessionName": "me"}
    here, there = context_of(world.account), context_of(world.account, "eu-west-3")
    assert federation.refusal(here, right) is None
    for where, asked, code in (
        (there, right, "RegionDisabledException"),
        (here, right | {"RoleArn": "arn:a:a::aaaaaaaaaa:"}, "ValidationError"),
        (here, right | {"Policy": "x"}, "MalformedPolicyDocument"),
    ):
        refused = federation.refusal(where, asked)
        assert refused is not None
        assert refused.code == code


def test_providers_of_the_directory(world: World) -> None:
    """Both kinds of directory have the providers that the administrator makes."""
    administrator, directory = world.account.administrator, world.account.directory
    made = administrator.add_oidc_provider("https://token.example.com", ["sts.amazonaws.com"])
    assert made == OidcProvider(PROVIDER, "token.example.com", ["sts.amazonaws.com"])
    assert directory.oidc_provider("token.example.com") == made
    assert directory.oidc_provider("token.example.com/other") is None
    arn = "arn:aws:iam::123456789012:saml-provider/company"
    saml = administrator.add_saml_provider("company", "<EntityDescriptor/>")
    assert saml == SamlProvider(arn, "company", "<EntityDescriptor/>")
    assert directory.saml_provider(arn) == saml
    assert directory.saml_provider(arn + "x") is None
