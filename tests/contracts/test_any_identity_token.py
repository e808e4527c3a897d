"""Arbitrary tokens: STS answers each with XML that can be read, and never with its own fault."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sts_simulator.account.account import Account
from sts_simulator.account.assume_role_with_web_identity import SOURCE_IDENTITY, TAGS
from sts_simulator.account.calls import VERSION
from sts_simulator.account.oidc import issuer as oidc_issuer
from sts_simulator.wire import query_api
from sts_simulator.wire.http import FORM, HttpRequest
from tests.support.anything import ODD, QUICK, anything
from tests.support.web_identity_world import GITHUB, OPERATION, ROLE, SUBJECT, TABLE

NOW = datetime(2024, 12, 22, 23, 58, tzinfo=UTC)
ACCOUNT = Account.from_table(TABLE, lambda: NOW)
CLAIMS = ["iss", "sub", "aud", "exp", "iat", "nbf", "azp", "amr", TAGS, SOURCE_IDENTITY]
FLAT = f"{TAGS}/principal_tags/"
NESTED = st.fixed_dictionaries(
    {}, optional={"principal_tags": anything, "transitive_tag_keys": anything}
)
TOLD = st.dictionaries(st.sampled_from([*CLAIMS, FLAT, f"{FLAT}a"]), anything | NESTED, max_size=3)


def answer(token: str, role: str = "full") -> ET.Element:
    """Return STS's answer to a token over the wire, whose status is not that of a fault."""
    asked = {"Action": OPERATION, "Version": VERSION, "RoleArn": ROLE + role}
    form = urlencode(asked | {"RoleSessionName": "me", "WebIdentityToken": token}, errors="replace")
    host = {"host": "sts.amazonaws.com", "content-type": FORM}
    said = query_api.reply(ACCOUNT, HttpRequest("POST", "/", host, form.encode())).answer
    assert said.status in {200, 400, 403}
    call = ACCOUNT.calls[-1]
    assert (call.reason is None) is (said.status == 200)
    assert "WebIdentityToken" not in call.parameters
    return ET.fromstring(said.body)  # noqa: S314 - the simulator's own answer


@pytest.mark.parametrize("text", ODD)
def test_odd_texts(text: str) -> None:
    """Odd texts, alone and as the parts of a token."""
    for token in (text, f"{text}.{text}.{text}"):
        assert answer(token).find(".//{*}Code") is not None


@QUICK
@given(st.text())
def test_any_text(token: str) -> None:
    """A text that is no token is refused."""
    assert answer(token).find(".//{*}Code") is not None


@QUICK
@given(TOLD)
@example({TAGS: {"principal_tags": {"a": "\x01"}}})
@example({SOURCE_IDENTITY: "\x00\ufffe"})
@example({TAGS: {"principal_tags": {"\ud800": "1"}}})
@example({"amr": [1.5, None, {"a": 1}, True]})
def test_any_claims(claims: dict[str, Any]) -> None:
    """Claims of any type, well signed."""
    token = oidc_issuer.token(
        {"subject": SUBJECT, "algorithm": "ES256", "claims": claims}, f"https://{GITHUB}", NOW
    )
    for role in ("full", "by-amr"):
        answer(token, role)
