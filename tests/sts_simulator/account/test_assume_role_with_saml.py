"""AssumeRoleWithSAML (simulator-gaps F27): who gets a role, for how long, and every refusal.

Sources: ``account/saml/errors.py`` has those of the messages; [C] STS's API reference and the
IAM user guide for the rest.
"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest

from sts_simulator.account.answers import Answer, CallerIdentity, Granted
from sts_simulator.account.calls import Request
from sts_simulator.account.errors import AwsError
from sts_simulator.server import saml_identity_provider
from tests.support import account_world
from tests.support.account_world import DIRECTORIES, ID, SECRET, World, a_world, lasts
from tests.support.saml import PROVIDER, ROLE, edited, response, trusting

OPERATION = "AssumeRoleWithSAML"
SIGN_IN = "https://signin.aws.amazon.com/saml"
EVERYTHING = ("sts:TagSession", "sts:SetSourceIdentity")
STAFF = {"urn:oid:1.3.6.1.4.1.5923.1.1.1.1": ["staff", "member"]}
TABLE: dict[str, Any] = {
    "keys": {"new": {"id": ID, "secret": SECRET}},
    "saml_providers": {
        "company": saml_identity_provider.metadata(),
        "other": saml_identity_provider.metadata(),
        "broken": "<EntityDescriptor/>",
    },
    "roles": {
        "plain": trusting(),
        "full": trusting(*EVERYTHING),
        "tags-alone": trusting("sts:TagSession"),
        "long": trusting() | {"max_session_duration": "4h"},
        "next": account_world.trusting({"AWS": "123456789012"}, "sts:AssumeRole", *EVERYTHING),
        "of-the-user": {},
        "by-audience": trusting(StringEquals={"SAML:aud": SIGN_IN}),
        "at-home": trusting(StringEquals={"saml:aud": "http://localhost:8443/acs"}),
        "by-issuer": trusting(StringEquals={"saml:iss": saml_identity_provider.ENTITY_ID}),
        "by-name": trusting(StringEquals={"saml:sub": "alice", "saml:sub_type": "persistent"}),
        "by-document": trusting(StringEquals={"saml:doc": "123456789012/company"}),
        "by-provider": trusting(StringEquals={"aws:FederatedProvider": PROVIDER}),
        "by-session": trusting(StringEquals={"sts:RoleSessionName": "${saml:sub}"}),
        "by-staff": trusting(
            **{"ForAnyValue:StringEquals": {"saml:edupersonaffiliation": "staff"}}
        ),
        "by-staff-alone": trusting(StringEquals={"saml:edupersonaffiliation": "staff"}),
        "by-tag": trusting(*EVERYTHING, StringEquals={"aws:RequestTag/team": "blue"}),
        "by-mail": trusting(StringEquals={"saml:mail": "alice@example.com"}),
        "by-invention": trusting(StringEquals={"saml:shoe_size": "39"}),
    },
    "regions": {"disabled": ["eu-west-3"]},
}
TAIL = (
    "(Service: AWSOpenIdDiscoveryService; Status Code: 400; Error Code: "
    "AuthSamlManifestNotFoundException; Request ID: "
)


@pytest.fixture(params=DIRECTORIES)
def world(request: pytest.FixtureRequest) -> World:
    """The table's account, with each kind of directory."""
    return a_world(request.param, TABLE)


def ask(world: World, role: str = "plain", encoded: str = "", **asked: Any) -> Answer:  # noqa: ANN401 - JSON
    """Return the answer for a response; capitalised words are parameters, others the response's."""
    given = {name: value for name, value in asked.items() if name[0].islower()}
    parameters = {
        "RoleArn": ROLE + role,
        "PrincipalArn": PROVIDER,
        "SAMLAssertion": encoded or response(world.clock.now(), role, **given),
        **{name: str(value) for name, value in asked.items() if name not in given},
    }
    return world.ask_unsigned(OPERATION, **parameters)


def refused(world: World, role: str = "plain", encoded: str = "", **asked: Any) -> AwsError:  # noqa: ANN401 - JSON
    """Return the error, whose reason is in the record of the call and whose assertion is not."""
    answer = ask(world, role, encoded, **asked)
    assert isinstance(answer, AwsError)
    call = world.account.calls[-1]
    assert (call.code, call.status) == (answer.code, answer.status)
    assert call.reason
    assert "SAMLAssertion" not in call.parameters
    return answer


def test_a_role_is_had(world: World) -> None:
    """C: the answer has what the assertion said; the session is the role's."""
    answer = ask(world, "by-audience")
    assert isinstance(answer, Granted)
    assert answer.arn == "arn:aws:sts::123456789012:assumed-role/by-audience/alice"
    assert answer.user_id.endswith(":alice")
    hashed = hashlib.sha1(b"https://idp.example.com/saml123456789012/company")  # noqa: S324 - STS's
    assert answer.vouched == {
        "Subject": "alice",
        "SubjectType": "persistent",
        "Issuer": saml_identity_provider.ENTITY_ID,
        "Audience": SIGN_IN,
        "NameQualifier": base64.b64encode(hashed.digest()).decode(),
    }
    assert (answer.packed_policy_size, answer.source_identity) == (None, None)
    who = world.ask(who=answer.session)
    assert isinstance(who, CallerIdentity)
    assert (who.arn, who.user_id) == (answer.arn, answer.user_id)
    assert world.account.calls[0].access_key_id is None


@pytest.mark.parametrize(
    ("role", "asked", "minutes"),
    [
        ("plain", {}, 60),
        ("long", {}, 60),
        ("long", {"DurationSeconds": 900}, 15),
        ("long", {"DurationSeconds": 14400}, 240),
        ("long", {"DurationSeconds": 14400, "session_ends": "2h"}, 120),
        ("long", {"DurationSeconds": 14400, "session_duration": 7200}, 120),
        ("long", {"session_duration": 7200, "session_ends": "30m"}, 30),
        ("plain", {"session_ends": "36h"}, 60),
    ],
)
def test_how_long_it_lasts(world: World, role: str, asked: dict[str, Any], minutes: int) -> None:
    """C: DurationSeconds, SessionNotOnOrAfter or SessionDuration, whichever is the shortest."""
    answer = ask(world, role, **asked)
    assert isinstance(answer, Granted)
    assert lasts(world, answer.session) == timedelta(minutes=minutes)


def test_what_the_session_is_given(world: World) -> None:
    """Tags, transitive ones and the source identity hold along a chain, which lasts an hour."""
    given: dict[str, Any] = {"tags": {"team": "blue", "a": "1"}, "transitive_tags": ["team"]}
    answer = ask(world, "full", source_identity="bob", **given)
    assert isinstance(answer, Granted)
    assert answer.source_identity == "bob"
    assert answer.packed_policy_size == answer.session.utilization
    asked = {"RoleArn": ROLE + "next", "RoleSessionName": "me"}
    more = {"Tags.member.1.Key": "team", "Tags.member.1.Value": "red"}
    for changed, code in (
        ({"SourceIdentity": "eve"}, "ValidationError"),
        (more, "InvalidParameterValue"),
        ({"DurationSeconds": "3601"}, "ValidationError"),
    ):
        no = world.ask("AssumeRole", who=answer.session, **asked, **changed)
        assert isinstance(no, AwsError)
        assert no.code == code
    chained = world.ask("AssumeRole", who=answer.session, **asked)
    assert isinstance(chained, Granted)
    assert chained.source_identity == "bob"


def test_keys_of_the_sessions_own_requests(world: World) -> None:
    """C: a session's requests have saml:sub and the provider, but not what only trust sees."""
    answer = ask(world)
    assert isinstance(answer, Granted)
    issued = world.account.accounts.sessions.get(answer.session.access_key_id)
    assert issued
    assert issued.keys == {
        "aws:federatedprovider": PROVIDER,
        "saml:namequalifier": answer.vouched["NameQualifier"],
        "saml:sub": "alice",
        "saml:sub_type": "persistent",
    }


def test_policies_narrow_the_session(world: World) -> None:
    """Policy and PolicyArns are taken as AssumeRole takes them."""
    statement = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    answer = ask(world, Policy=policy)
    assert isinstance(answer, Granted)
    assert answer.packed_policy_size == answer.session.utilization
    assert refused(world, Policy="{").code == "MalformedPolicyDocument"
    assert refused(world, **{"PolicyArns.member.1.arn": "short"}).code == "ValidationError"
    assert len(answer.session.session_token) < 4000
    large = ask(world, MinimumSessionTokenSize=4000)
    assert isinstance(large, Granted)
    assert len(large.session.session_token) >= 4000


@pytest.mark.parametrize(
    ("asked", "code", "message"),
    [
        ({"signature": "none"}, "InvalidIdentityToken", "Response signature invalid"),
        ({"signature": "wrong key"}, "InvalidIdentityToken", "Response signature invalid"),
        ({"signature": "changed"}, "InvalidIdentityToken", "Response signature invalid"),
        ({"issuer": "urn:x"}, "InvalidIdentityToken", "Issuer not present in specified provider ("),
        ({"status": "AuthnFailed"}, "IDPRejectedClaim", ""),
        ({"encoded": "base64SAML"}, "InvalidIdentityToken", "Invalid base64 SAMLResponse ("),
        ({"encoded": "PHg+PC94Pg=="}, "InvalidIdentityToken", "Invalid SAML response"),
        (
            {"PrincipalArn": PROVIDER + "x", "encoded": "base64SAML"},
            "InvalidIdentityToken",
            "Specified provider doesn't exist " + TAIL,
        ),
        ({"PrincipalArn": PROVIDER.replace("company", "broken")}, "InvalidIdentityToken", "Issuer"),
        (
            {"issued": "-5m1s"},
            "ExpiredTokenException",
            "Token must be redeemed within 5 minutes of issuance",
        ),
        (
            {"issued": "-6m", "valid_until": "-1m"},
            "ExpiredTokenException",
            "Token must be redeemed",
        ),
        ({"valid_until": "0s"}, "ExpiredTokenException", "Response has expired"),
        ({"session_ends": "-1s"}, "ExpiredTokenException", "Response has expired"),
        (
            {"issued": "6m", "valid_until": "1h"},
            "InvalidIdentityToken",
            "Response is not yet valid",
        ),
        ({"valid_from": "6m"}, "InvalidIdentityToken", "Response is not yet valid"),
        (
            {"audience": "urn:amazon:else"},
            "InvalidIdentityToken",
            "Response does not contain the required audience.",
        ),
        ({"audience": None}, "InvalidIdentityToken", "Response does not contain the required"),
        ({"session_name": None}, "InvalidIdentityToken", "RoleSessionName is required in Authn"),
        (
            {"session_name": "John Doe"},
            "InvalidIdentityToken",
            "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}",
        ),
        (
            {"source_identity": "aws:bob"},
            "InvalidIdentityToken",
            'Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"',
        ),
        ({"session_duration": 60}, "InvalidIdentityToken", "Invalid SAML response"),
        ({"tags": {"k" * 129: "1"}}, "ValidationError", "1 validation error detected"),
        ({"tags": {"a": "1", "A": "1"}}, "InvalidParameterValue", "Duplicate tag keys found."),
        ({"transitive_tags": ["a"]}, "InvalidParameterValue", "The specified transitive tag key"),
        ({"DurationSeconds": 3601}, "ValidationError", "The requested DurationSeconds exceeds"),
        ({"DurationSeconds": 899}, "ValidationError", "1 validation error detected"),
        ({"RoleArn": "arn:aws:a::aaaaaaaaaaaa:"}, "ValidationError", "arn:aws:a::aaaaaaaaaaaa: is"),
        ({"encoded": "A" * 100_004}, "ValidationError", "1 validation error detected"),
    ],
)
def test_what_is_refused(world: World, asked: dict[str, Any], code: str, message: str) -> None:
    """Each refusal in AWS's words, as far as they are known, with its reason."""
    role = "full" if {"tags", "transitive_tags"} & set(asked) else "plain"
    error = refused(world, role, **asked)
    assert error.code == code
    assert error.message
    assert error.message.startswith(message)


NOT_AUTHORIZED = AwsError("AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML", 403)


@pytest.mark.parametrize(
    ("role", "asked", "reason"),
    [
        ("plain", {"subject": None}, "NameID"),
        ("plain", {"roles": [ROLE + "long," + PROVIDER]}, "does not pair"),
        ("plain", {"PrincipalArn": PROVIDER.replace("company", "other")}, "does not pair"),
        ("missing", {}, "no such role"),
        ("of-the-user", {}, "not about sts:AssumeRoleWithSAML"),
        ("plain", {"recipient": "http://localhost:8443/acs"}, "Recipient"),
        ("by-audience", {"recipient": "http://localhost:8443/acs"}, "SAML:aud"),
        ("plain", {"tags": {"a": "1"}}, "sts:TagSession"),
        ("tags-alone", {"source_identity": "bob"}, "sts:SetSourceIdentity"),
        ("by-issuer", {"PrincipalArn": PROVIDER.replace("company", "other")}, "pair"),
        ("by-name", {"subject": "bob"}, "saml:sub"),
        ("by-name", {"subject_format": "transient"}, "saml:sub_type"),
        ("by-session", {"subject": "bob"}, "sts:RoleSessionName"),
        ("by-staff", {}, "saml:edupersonaffiliation is not in the request"),
        ("by-staff-alone", {"attributes": STAFF}, "several values"),
        ("by-tag", {"tags": {"team": "red"}}, "aws:RequestTag/team"),
        ("by-mail", {}, "saml:mail is not in the request"),
        ("by-invention", {}, "saml:shoe_size is not known here"),
    ],
)
def test_who_is_not_authorized(world: World, role: str, asked: dict[str, Any], reason: str) -> None:
    """A: one message for all of it; the reason tells them apart."""
    error = refused(world, role, **asked)
    assert error == NOT_AUTHORIZED
    assert reason in error.reason


@pytest.mark.parametrize(
    ("role", "asked"),
    [
        ("at-home", {"recipient": "http://localhost:8443/acs"}),
        ("plain", {"recipient": "https://us-west-2.signin.aws.amazon.com/saml"}),
        ("plain", {"recipient": "https://signin.amazonaws.cn/saml"}),
        ("plain", {"audience": "urn:amazon:webservices"}),
        ("plain", {"audience": "urn:amazon:webservices:govcloud"}),
        ("plain", {"roles": [f"{PROVIDER},{ROLE}plain"]}),
        ("plain", {"issued": "-4m59s", "valid_until": "1s"}),
        ("plain", {"signature": "both"}),
        ("by-issuer", {}),
        ("by-name", {}),
        ("by-document", {}),
        ("by-provider", {}),
        ("by-session", {}),
        ("by-staff", {"attributes": STAFF}),
        ("by-tag", {"tags": {"team": "blue"}}),
        (
            "by-mail",
            {
                "attributes": {
                    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress": [
                        "alice@example.com"
                    ]
                }
            },
        ),
    ],
)
def test_who_is_authorized(world: World, role: str, asked: dict[str, Any]) -> None:
    """D for the first: another Recipient is good where the trust policy allows it."""
    assert isinstance(ask(world, role, **asked), Granted)


def test_the_caller_has_no_tags_to_give(world: World) -> None:
    """What the operation has no parameter for is ignored, as STS ignores unknown parameters."""
    injected = {
        "Tags.member.1.Key": "team",
        "Tags.member.1.Value": "blue",
        "SourceIdentity": "eve",
        "RoleSessionName": "eve",
    }
    assert refused(world, "by-tag", **injected) == NOT_AUTHORIZED
    answer = ask(world, "full", **injected)
    assert isinstance(answer, Granted)
    assert answer.source_identity is None
    assert answer.arn.endswith("/alice")


def test_the_metadata_may_change(world: World) -> None:
    """A provider with another certificate, and one that is gone, refuse what was good before."""
    good = response(world.clock.now())
    assert isinstance(ask(world, encoded=good), Granted)
    directory = world.account.directory
    provider = directory.saml_provider(PROVIDER)
    assert provider
    other = provider.metadata.replace("idp.example.com/saml", "else.example.com")
    directory.put_saml_provider(provider._replace(metadata=other))
    assert "Issuer not present" in str(refused(world, encoded=good).message)


def test_without_the_libraries(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operation says which extra is missing, with the status of a service that needs more."""
    good = response(world.clock.now())
    for missing in ("lxml", "signxml"):
        with monkeypatch.context() as patch:
            patch.setitem(__import__("sys").modules, missing, None)
            error = refused(world, encoded=good)
        assert error.status == 501
        assert error.message
        assert "pip install 'sts-simulator[saml]'" in error.message


def test_regions_and_signatures(world: World) -> None:
    """A region that is switched off refuses; a signature is not looked at (I)."""
    parameters = {
        "RoleArn": ROLE + "plain",
        "PrincipalArn": PROVIDER,
        "SAMLAssertion": response(world.clock.now()),
    }
    there = Request(OPERATION, parameters, None, endpoint_region="eu-west-3")
    answer = world.account.call(there).answer
    assert isinstance(answer, AwsError)
    assert answer.code == "RegionDisabledException"
    wrong = world.signature(made_with=lambda _secret: False)
    assert isinstance(world.account.call(Request(OPERATION, parameters, wrong)).answer, Granted)


def test_the_same_response_twice(world: World) -> None:
    """STS does not remember responses: one may be redeemed again, for another role too (B)."""
    roles = [f"{ROLE}{name},{PROVIDER}" for name in ("plain", "long")]
    good = response(world.clock.now(), roles=roles)
    for role in ("plain", "long", "plain"):
        assert isinstance(ask(world, role, good), Granted)
    changed = edited(good, lambda text: text.replace("plain", "full"))
    assert refused(world, "full", changed).message == "Response signature invalid"
