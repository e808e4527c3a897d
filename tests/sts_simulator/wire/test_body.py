"""The bodies of STS's answers, to the byte."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from sts_simulator.account.answers import Granted, KeyOwner, Session
from sts_simulator.account.faults import Fault
from sts_simulator.wire import body
from tests.support.signed_requests import (
    CALLER,
    SESSION,
    an_account,
    ask,
    code,
    message,
    real_now,
    signed,
)

if TYPE_CHECKING:
    from sts_simulator.account.account import Account


@pytest.fixture
def account() -> Account:
    """An account with one key, at the real time."""
    return an_account()


def test_caller_identity_to_the_byte(account: Account) -> None:
    """Namespace, indent, order and final newline are the real service's."""
    answer = ask(account, signed(CALLER))
    request_id = answer.headers["x-amzn-RequestId"]
    user = account.directory.user("dev-admin")
    assert user is not None
    assert answer.status == 200
    assert answer.body.decode() == (
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\n'
        "  <GetCallerIdentityResult>\n"
        "    <Arn>arn:aws:iam::123456789012:user/dev-admin</Arn>\n"
        f"    <UserId>{user.user_id}</UserId>\n"
        "    <Account>123456789012</Account>\n"
        "  </GetCallerIdentityResult>\n"
        "  <ResponseMetadata>\n"
        f"    <RequestId>{request_id}</RequestId>\n"
        "  </ResponseMetadata>\n"
        "</GetCallerIdentityResponse>\n"
    )


def test_refusal_to_the_byte(account: Account) -> None:
    """RequestId is beside Error; a space at the end of a message is kept."""
    answer = ask(account, signed(CALLER, scope=("sts", "mars-1")))
    assert answer.status == 403
    assert answer.body.decode() == (
        '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\n'
        "  <Error>\n"
        "    <Type>Sender</Type>\n"
        "    <Code>SignatureDoesNotMatch</Code>\n"
        "    <Message>Credential should be scoped to a valid region. </Message>\n"
        "  </Error>\n"
        f"  <RequestId>{answer.headers['x-amzn-RequestId']}</RequestId>\n"
        "</ErrorResponse>\n"
    )


def test_session_instants_are_whole_seconds(account: Account) -> None:
    """Expiration is in whole seconds, with a Z."""
    body = ask(account, signed(SESSION | {"DurationSeconds": "900"})).body.decode()
    written = body.partition("<Expiration>")[2].partition("</Expiration>")[0]
    expiration = datetime.strptime(written, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(seconds=890) < expiration - real_now() <= timedelta(seconds=900)


def test_json_for_who_asks_for_it(account: Account) -> None:
    """`Accept: application/json` gets JSON, with a numeric Expiration; refusals too."""
    accept = {"Accept": "application/json"}
    answer = ask(account, signed(SESSION, headers=accept))
    said = json.loads(answer.body)["GetSessionTokenResponse"]
    assert answer.headers["Content-Type"] == "application/json"
    assert said["ResponseMetadata"] == {"RequestId": answer.headers["x-amzn-RequestId"]}
    assert isinstance(said["GetSessionTokenResult"]["Credentials"]["Expiration"], int)
    refused = json.loads(
        ask(account, signed(SESSION | {"TokenCode": "123456"}, headers=accept)).body
    )
    assert refused["Error"]["Code"] == "AccessDenied"
    assert refused["Error"]["Type"] == "Sender"


def test_whose_fault_it_is(account: Account) -> None:
    """A server error has the type Receiver, and no message."""
    account.faults.add(Fault.parse({"on": "*", "answer": "InternalFailure"}))
    answer = ask(account, signed(CALLER))
    assert (answer.status, code(answer), message(answer)) == (500, "InternalFailure", None)
    assert b"<Type>Receiver</Type>" in answer.body


def test_text_from_outside_stays_text(account: Account) -> None:
    """Markup in an echoed value is escaped."""
    answer = ask(account, signed(SESSION | {"TokenCode": "<b>&", "SerialNumber": "GAHT12345678"}))
    assert "Value '&lt;b&gt;&amp;' at 'tokenCode'" in str(message(answer))


def test_characters_that_xml_cannot_have() -> None:
    """A control character or half of a surrogate pair is replaced, so that clients can read it."""
    said = body.xml(("A", "a\x01\ud800\ufffe\t\U0001f600"))
    assert ET.fromstring(said).text == "a\ufffd\ufffd\ufffd\t\U0001f600"  # noqa: S314 - our own


def test_the_elements_of_a_granted_session() -> None:
    """The identity, the credentials and the optional elements have each operation's names."""
    expiration = datetime(2024, 12, 22, tzinfo=UTC)
    session = Session("ASIAX", "secret", "token", expiration)
    granted = Granted(session, "arn:role/me", "AROA:me", 7, "somebody")
    written = body.of("AssumeRole", granted, "id").decode()
    assert "<AssumedRoleId>AROA:me</AssumedRoleId>\n      <Arn>arn:role/me</Arn>" in written
    assert "<Expiration>2024-12-22T00:00:00Z</Expiration>" in written
    assert "<PackedPolicySize>7</PackedPolicySize>" in written
    assert "<SourceIdentity>somebody</SourceIdentity>" in written
    told = Granted(session, "arn", "id", vouched={"Provider": "p", "Audience": "<a>"})
    written = body.of("AssumeRoleWithWebIdentity", told, "id").decode()
    assert "<Provider>p</Provider>\n    <Audience>&lt;a&gt;</Audience>\n" in written
    # simulator-gaps F13: the service model since 2026-09-15
    for operation, answer in (("AssumeRole", granted), ("GetSessionToken", session)):
        sized = body.of(operation, answer, "id").decode()
        assert "<SessionTokenUtilization>1</SessionTokenUtilization>" in sized
        assert "<SessionTokenSize>5</SessionTokenSize>" in sized
    plain = body.of("GetFederationToken", Granted(session, "arn", "id"), "id").decode()
    assert "<FederatedUserId>id</FederatedUserId>" in plain
    assert "PackedPolicySize" not in plain
    assert b"<Account>1</Account>" in body.of("GetAccessKeyInfo", KeyOwner("1"), "id")
