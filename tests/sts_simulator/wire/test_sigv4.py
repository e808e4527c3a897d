"""Signatures as botocore makes them, in the header and in the query string."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from botocore.auth import SigV4Auth, SigV4QueryAuth

from sts_simulator.account.authentication import Signature
from sts_simulator.wire import sigv4
from sts_simulator.wire.http import HttpRequest
from tests.support.signed_requests import (
    CALLER,
    ID,
    SESSION,
    an_account,
    ask,
    code,
    message,
    signed,
)

if TYPE_CHECKING:
    from sts_simulator.account.account import Account


@pytest.fixture
def account() -> Account:
    """An account with one key, at the real time."""
    return an_account()


@pytest.mark.parametrize(
    ("method", "signer"), [("POST", SigV4Auth), ("GET", SigV4Auth), ("GET", SigV4QueryAuth)]
)
def test_both_methods_and_both_places_of_a_signature(
    account: Account, method: str, signer: type[SigV4Auth]
) -> None:
    """GET and POST work, signed in the header or in the query; a wrong secret does not."""
    request = signed(SESSION | {"DurationSeconds": "900"}, method=method, signer=signer)
    assert code(ask(account, request)) == ""
    assert account.calls[-1].parameters == {"DurationSeconds": "900"}
    account.administrator.rotate("dev-admin", ID, "another")
    assert code(ask(account, request)) == "SignatureDoesNotMatch"


def test_everything_that_is_signed_counts(account: Account) -> None:
    """A body, query or header that was changed after signing makes the signature wrong."""
    request = signed(SESSION | {"DurationSeconds": "900"})
    changed = HttpRequest(
        request.method, request.target, request.headers, request.body.replace(b"900", b"901")
    )
    assert code(ask(account, changed)) == "SignatureDoesNotMatch"
    get = signed(SESSION | {"DurationSeconds": "900"}, method="GET")
    changed = HttpRequest(get.method, get.target.replace("900", "901"), get.headers)
    assert code(ask(account, changed)) == "SignatureDoesNotMatch"
    elsewhere = HttpRequest(
        request.method, request.target, {**request.headers, "host": "evil"}, request.body
    )
    assert code(ask(account, elsewhere)) == "SignatureDoesNotMatch"


MANGLED = {
    "Bearer abc": (
        "'abc' not a valid key=value pair (missing equal-sign) "
        "in Authorization header: 'Bearer abc'."
    ),
    # B boto3#2280: a blank before the access key id; jenkinsci/aws-credentials-plugin#72.
    "AWS4-HMAC-SHA256 Credential= AKIA/d/r/sts/aws4_request, SignedHeaders=host, Signature=a": (
        "'AKIA/d/r/sts/aws4_request' not a valid key=value pair (missing equal-sign) in "
        "Authorization header: 'AWS4-HMAC-SHA256 Credential= AKIA/d/r/sts/aws4_request, "
        "SignedHeaders=host, Signature=a'."
    ),
    # B awslabs/fhir-works-on-aws-deployment#379: a blank behind it.
    "AWS4-HMAC-SHA256 Credential=AKIA /d/r/sts/aws4_request, SignedHeaders=host, Signature=a": (
        "'/d/r/sts/aws4_request' not a valid key=value pair (missing equal-sign) in "
        "Authorization header: 'AWS4-HMAC-SHA256 Credential=AKIA /d/r/sts/aws4_request, "
        "SignedHeaders=host, Signature=a'."
    ),
    "AWS4-HMAC-SHA256 Credential=x/y": (
        "Authorization header requires 'Signature' parameter. "
        "Authorization header requires 'SignedHeaders' parameter. "
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
        "Authorization=AWS4-HMAC-SHA256 Credential=x/y"
    ),
}


@pytest.mark.parametrize("header", MANGLED)
def test_a_mangled_authorization_header(account: Account, header: str) -> None:
    """A malformed signature is IncompleteSignature, 400."""
    request = HttpRequest("GET", "/?" + urlencode(CALLER), {"authorization": header})
    answer = ask(account, request)
    assert (answer.status, code(answer), message(answer)) == (
        *(400, "IncompleteSignature", MANGLED[header]),
    )


def test_fields_may_be_separated_by_blanks_or_by_commas(account: Account) -> None:
    """Clients write a comma, a comma and a blank, or more blanks, and one before the first."""
    request = signed(CALLER)
    algorithm, _, fields = request.headers["authorization"].partition(" ")
    for separator in (",", ", ", " ,  ", " "):
        written = f"{algorithm}  {fields.replace(', ', separator)}"
        headers = {**request.headers, "authorization": written}
        assert code(ask(account, replace(request, headers=headers))) == ""


@pytest.mark.parametrize("algorithm", ["Bearer", "AWS4-HMAC-SHA512", "AWS4-ECDSA-P256-SHA256"])
def test_another_algorithm(account: Account, algorithm: str) -> None:
    """F15: a good HMAC-SHA256 under another name is not accepted (scratchstack)."""
    request = signed(CALLER)
    header = request.headers["authorization"].replace(sigv4.ALGORITHM, algorithm)
    changed = replace(request, headers={**request.headers, "authorization": header})
    answer = ask(account, changed)
    assert (answer.status, code(answer), message(answer)) == (
        *(400, "IncompleteSignature", f"Unsupported AWS 'algorithm': '{algorithm}'."),
    )


def test_the_host_must_be_signed(account: Account) -> None:
    """F16: a signature over other headers is refused (scratchstack; NetSPI/AWSSigner#3)."""
    request = signed(CALLER)
    header = request.headers["authorization"].replace("host;", "")
    answer = ask(account, replace(request, headers={**request.headers, "authorization": header}))
    assert (answer.status, code(answer), message(answer)) == (
        403,
        "SignatureDoesNotMatch",
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    )


def test_what_was_signed_has_no_secret() -> None:
    """The canonical request is given for explanations, without session token and MFA code."""
    asked = SESSION | {"SerialNumber": "GAHT12345678", "TokenCode": "654321"}
    for method, signer in (("POST", SigV4Auth), ("GET", SigV4Auth), ("GET", SigV4QueryAuth)):
        request = signed(asked, method=method, signer=signer, token="a-session-token")
        signature = sigv4.read(request)
        assert isinstance(signature, Signature)
        texts = signature.signed()
        assert texts.canonical_request.startswith(method)
        assert texts.string_to_sign.startswith("AWS4-HMAC-SHA256\n")
        assert "654321" not in texts.canonical_request
        assert "a-session-token" not in texts.canonical_request
        assert "***" in texts.canonical_request
    for name in ("TradeInToken", "WebIdentityToken", "SAMLAssertion"):
        signature = sigv4.read(signed(CALLER | {name: "a-secret", "Other": "x"}, method="GET"))
        assert isinstance(signature, Signature)
        assert f"{name}=***" in signature.signed().canonical_request


def test_a_session_token_is_read_from_header_and_query(account: Account) -> None:
    """The token is read wherever the signature is; the signature's repr does not show it."""
    for method, signer in (("POST", SigV4Auth), ("GET", SigV4QueryAuth)):
        request = signed(CALLER, method=method, signer=signer, token="a-session-token")
        signature = sigv4.read(request)
        assert isinstance(signature, Signature)
        assert (signature.session_token, signature.access_key_id) == ("a-session-token", ID)
        assert "a-session-token" not in repr(signature)
    assert account.calls == []


def test_an_unsigned_request_has_no_signature() -> None:
    """Without Authorization and X-Amz-Signature there is no signature."""
    assert sigv4.read(HttpRequest("GET", "/?" + urlencode(CALLER), {})) is None
