"""SAML responses as values."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sts_simulator.account.errors import AwsError
from sts_simulator.account.saml import errors, response
from sts_simulator.account.saml.errors import Rejected
from sts_simulator.server import saml_identity_provider
from tests.support import saml

if TYPE_CHECKING:
    from sts_simulator.account.saml.response import Assertion

NOW = datetime(2024, 12, 22, 16, 58, tzinfo=UTC)
GOOD = saml.response(NOW, signature="none")


def read(encoded: str) -> Assertion | AwsError:
    """Return the assertion of a response, or the error."""
    try:
        return response.verified(encoded, saml.provider(), "the-id")
    except Rejected as no:
        return no.error


def test_what_an_assertion_says() -> None:
    """Everything that STS looks at, with the format's prefix removed."""
    said = read(
        saml.response(
            NOW,
            session_ends="2h",
            valid_until="3m",
            attributes={"urn:x": ["é<&>", ""]},
            subject_format="transient",
        )
    )
    assert isinstance(said, response.Assertion)
    assert (said.issued_at, said.ends) == (NOW, NOW + timedelta(hours=2))
    assert (said.valid_from, said.valid_until) == (
        NOW - timedelta(minutes=5),
        NOW + timedelta(minutes=3),
    )
    assert (said.subject, said.subject_type) == ("alice", "transient")
    assert said.audiences == [said.recipient] == ["https://signin.aws.amazon.com/saml"]
    assert said.attributes["urn:x"] == ["é<&>", ""]
    assert "alice" not in repr(said)


@pytest.mark.parametrize("early", ["<saml:SubjectConfirmationData", "<saml:Conditions"])
def test_the_earliest_end_counts(monkeypatch: pytest.MonkeyPatch, early: str) -> None:
    """Of the confirmation's and the conditions' ends, and of several sessions'."""
    sooner = f"{NOW + timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"
    template = saml_identity_provider._ASSERTION  # noqa: SLF001 - no response is asked for like it
    head, element, tail = template.partition(early)
    tail = tail.replace("{valid_until}", sooner, 1)
    session = f'<saml:AuthnStatement AuthnInstant="{{issued}}" SessionNotOnOrAfter="{sooner}"/>'
    tail = tail.replace("<saml:AttributeStatement>", f"{session}<saml:AttributeStatement>")
    monkeypatch.setattr(saml_identity_provider, "_ASSERTION", head + element + tail)
    said = read(saml.response(NOW, session_ends="2h", valid_until="3m"))
    assert isinstance(said, response.Assertion)
    assert said.valid_until == said.ends == NOW + timedelta(minutes=1)


def test_base64_may_have_lines() -> None:
    """White space does not count; other characters and missing ones do."""
    good = saml.response(NOW)
    lines = base64.encodebytes(base64.b64decode(good)).decode()
    assert isinstance(read(f" {lines}\r\n"), response.Assertion)
    for wrong in ("base64SAML", good[:-1] + "!", good + "A", "é" * 4, good.replace("=", "") + "=="):
        refused = read(wrong)
        assert isinstance(refused, AwsError)
        assert refused.message
        assert refused.message.startswith("Invalid base64 SAMLResponse (")
        assert "Request ID: the-id;" in refused.message


@pytest.mark.parametrize(
    ("before", "after", "error"),
    [
        ("2.0:status:Success", "2.0:status:Responder", errors.NOT_AUTHENTICATED),
        ("samlp:Status", "samlp:Other", errors.NOT_AUTHENTICATED),
        ("samlp:Response", "samlp:LogoutResponse", errors.NO_SAML),
        ("SAML:2.0:protocol", "SAML:1.0:protocol", errors.NO_SAML),
        ("saml:Assertion", "saml:Other", errors.NO_SAML),
        ("<samlp:Status>", "<!DOCTYPE x><samlp:Status>", errors.NO_SAML),
        ("</samlp:Response>", "", errors.NO_SAML),
    ],
)
def test_forms_that_are_refused_before_the_signature(
    before: str, after: str, error: AwsError
) -> None:
    """What is no response with one assertion, and what reports a failure."""
    refused = read(saml.edited(GOOD, lambda text: text.replace(before, after)))
    assert refused == error
    assert isinstance(refused, AwsError)
    assert refused.reason


def test_an_encrypted_assertion() -> None:
    """It is refused as something that is not simulated."""
    edit = saml.edited(GOOD, lambda text: text.replace(":Assertion", ":EncryptedAssertion"))
    refused = read(edit)
    assert isinstance(refused, AwsError)
    assert refused.reason == "encrypted assertions are not simulated"


@pytest.mark.parametrize("how", ["none", "wrong key", "assertion"])
def test_the_issuer_comes_before_the_signature(how: str) -> None:
    """I: another provider's response is told as that, whether its signature is right or wrong."""
    refused = read(saml.response(NOW, issuer="https://else.example.com", signature=how))
    assert refused == errors.OTHER_ISSUER.fill(request_id="the-id")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (' Recipient="https://signin.aws.amazon.com/saml"', ""),
        ("cm:bearer", "cm:holder-of-key"),
        ("saml:SubjectConfirmationData", "saml:Other"),
        ("<saml:SubjectConfirmation ", "<saml:SubjectConfirmation/><saml:SubjectConfirmation "),
        ("saml:Conditions", "saml:Other"),
        ("saml:Subject>", "saml:Other>"),
        ('NotBefore="2024', 'NotBefore="soon'),
    ],
)
def test_signed_assertions_without_their_form(
    monkeypatch: pytest.MonkeyPatch, before: str, after: str
) -> None:
    """Exactly one confirmation of a bearer, with Recipient and NotOnOrAfter; times are times."""
    template = saml_identity_provider._ASSERTION  # noqa: SLF001 - to sign another form
    made = template.replace(
        " Recipient={recipient}/>", ' Recipient="https://signin.aws.amazon.com/saml"/>'
    )
    made = made.replace('NotBefore="{valid_from}"', 'NotBefore="2024-12-22T00:00:00Z"')
    changed = made.replace(before, after)
    assert changed != made
    monkeypatch.setattr(saml_identity_provider, "_ASSERTION", made)
    assert isinstance(read(saml.response(NOW)), response.Assertion)
    monkeypatch.setattr(saml_identity_provider, "_ASSERTION", changed)
    refused = read(saml.response(NOW))
    assert refused == errors.NO_SAML
    assert isinstance(refused, AwsError)
    assert refused.reason


@settings(max_examples=150)
@given(st.data())
def test_odd_input_is_refused_and_never_a_bug(data: st.DataObject) -> None:
    """Bytes, and responses with bytes changed, cut or doubled, are an AwsError each."""
    good = base64.b64decode(GOOD)
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, len(good)))
    put = data.draw(st.binary(max_size=20) | st.sampled_from([good[start:end] * 2, b"<", b"&x;"]))
    odd = data.draw(st.binary(max_size=200) | st.just(good[:start] + put + good[end:]))
    assert isinstance(read(base64.b64encode(odd).decode()), AwsError)
    assert isinstance(read(data.draw(st.text(max_size=50))), AwsError)
