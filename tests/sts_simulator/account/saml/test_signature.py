"""XML signatures: what counts is what a provider's key has signed, and nothing else.

The attacks are those of "On Breaking SAML: Be Whoever You Want to Be" (USENIX Security 2012)
and of public advisories about other readers.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from sts_simulator.account.saml import metadata, response, safe_xml, signature
from sts_simulator.account.saml.errors import Rejected
from tests.support import saml
from tests.support.saml import BY_XMLSEC1

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2024, 12, 22, 16, 58, tzinfo=UTC)
ASSERTION = re.compile(r"<saml:Assertion .*</saml:Assertion>", re.DOTALL)
SIGNATURE = re.compile(r"<ds:Signature .*?</ds:Signature>", re.DOTALL)
XSLT = '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/>'
COSTLY = '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>'


def verified(document: str) -> str:
    """Return the subject of a response, or why it is refused."""
    try:
        return response.verified(document, saml.provider(), "id").subject
    except Rejected as no:
        return no.error.reason


def eve(signed: str) -> str:
    """Return a copy of an assertion, unsigned and with another subject and ID."""
    forged = SIGNATURE.sub("", signed).replace(">alice<", ">eve<")
    return re.sub(r' ID="[^"]*"', ' ID="_eve"', forged, count=1)


def the_signed(document: str) -> str:
    """Return the assertion of a response, in XML."""
    found = ASSERTION.search(document)
    assert found
    return found[0]


@pytest.mark.parametrize("how", ["assertion", "response", "both"])
def test_signatures_of_the_response_and_of_its_assertion(how: str) -> None:
    """Either is enough; each covers the subject."""
    good = saml.response(NOW, signature=how)
    assert verified(good) == "alice"
    forged = saml.edited(good, lambda text: text.replace(">alice<", ">eve<"))
    assert verified(forged) == "the content was changed after it was signed"


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("none", "neither the response nor its assertion is signed"),
        ("wrong key", "the signature is of another key than the provider's"),
        ("changed", "the content was changed after it was signed"),
    ],
)
def test_signatures_that_are_wrong(how: str, reason: str) -> None:
    """No signature, another's, or one of other content."""
    assert verified(saml.response(NOW, signature=how)) == reason


# What an attacker makes of a response whose assertion is signed, and why it is refused.
TWO = "Response has 2 elements Assertion"
UNSIGNED = "neither the response nor its assertion is signed"
ELSEWHERE = "a signature refers to another element than its parent"
UNREADABLE = "the signature cannot be read"
CHANGED = "the content was changed after it was signed"
OTHER_KEY = "the signature is of another key than the provider's"
ATTACKS: dict[str, tuple[str, Callable[[str], str]]] = {
    "the forged one first": (TWO, lambda text: ASSERTION.sub(lambda m: eve(m[0]) + m[0], text)),
    "the forged one last": (TWO, lambda text: ASSERTION.sub(lambda m: m[0] + eve(m[0]), text)),
    "the signed one inside the forged one": (
        UNSIGNED,
        lambda text: ASSERTION.sub(
            lambda m: eve(m[0]).replace("</saml:Assertion>", m[0] + "</saml:Assertion>"), text
        ),
    ),
    "the signed one in the forged one's signature": (
        ELSEWHERE,
        lambda text: ASSERTION.sub(
            lambda m: eve(m[0]).replace(
                "<saml:Subject>",
                signature_of(m[0]).replace(
                    "</ds:Signature>", f"<ds:Object>{m[0]}</ds:Object></ds:Signature>"
                )
                + "<saml:Subject>",
            ),
            text,
        ),
    ),
    "the signed one in an extension": (
        UNSIGNED,
        lambda text: ASSERTION.sub(
            lambda m: f"<samlp:Extensions>{m[0]}</samlp:Extensions>" + eve(m[0]), text
        ),
    ),
    "the same ID twice": (
        UNREADABLE,
        lambda text: ASSERTION.sub(
            lambda m: (
                f"<samlp:Extensions>{m[0]}</samlp:Extensions>"
                + eve(m[0])
                .replace('ID="_eve"', f'ID="{id_of(m[0])}"')
                .replace("<saml:Subject>", signature_of(m[0]) + "<saml:Subject>")
            ),
            text,
        ),
    ),
    "no ID, and a signature of None": (
        ELSEWHERE,
        lambda text: re.sub(r'URI="#[^"]*"', 'URI="#None"', text).replace(' ID="', ' Id="'),
    ),
    "the signature moved to the response": (
        ELSEWHERE,
        lambda text: SIGNATURE.sub("", text).replace(
            "<samlp:Status>", signature_of(text) + "<samlp:Status>"
        ),
    ),
    "a second signature": (
        CHANGED,
        lambda text: text.replace("<saml:Subject>", signature_of(text) + "<saml:Subject>"),
    ),
    "a comment in the subject": (
        CHANGED,
        lambda text: text.replace(">alice<", ">ali<!-- -->ce.eve<"),
    ),
    "an HMAC": (UNREADABLE, lambda text: text.replace("rsa-sha256", "hmac-sha256")),
    "no algorithm": (UNREADABLE, lambda text: text.replace("rsa-sha256", "none")),
    "another digest": (OTHER_KEY, lambda text: text.replace("rsa-sha256", "rsa-sha512")),
    "thousands of transforms": (
        "a signature has transforms that SAML does not allow",
        lambda text: text.replace("</ds:Transforms>", COSTLY * 900 + "</ds:Transforms>"),
    ),
    "a style sheet": (
        "a signature has transforms that SAML does not allow",
        lambda text: text.replace("</ds:Transforms>", XSLT + "</ds:Transforms>"),
    ),
    "the whole document": (ELSEWHERE, lambda text: re.sub(r'URI="#[^"]*"', 'URI=""', text)),
    "an address": (
        ELSEWHERE,
        lambda text: re.sub(r'URI="#[^"]*"', 'URI="http://127.0.0.1:9/x"', text),
    ),
    "no reference": (
        "SignedInfo has 0 elements Reference",
        lambda text: re.sub(r"<ds:Reference.*?</ds:Reference>", "", text, flags=re.DOTALL),
    ),
    "two references": (
        "SignedInfo has 2 elements Reference",
        lambda text: re.sub(r"(<ds:Reference.*?</ds:Reference>)", r"\1\1", text, flags=re.DOTALL),
    ),
    "no value": (
        UNREADABLE,
        lambda text: re.sub(r"<ds:SignatureValue>[^<]*", "<ds:SignatureValue>", text),
    ),
    "an empty signature": (
        "Signature has 0 elements SignedInfo",
        lambda text: SIGNATURE.sub(
            '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>', text
        ),
    ),
}


def signature_of(document: str) -> str:
    """Return the signature in a document, in XML."""
    found = SIGNATURE.search(document)
    assert found
    return found[0]


def id_of(assertion: str) -> str:
    """Return the ID of an assertion in XML."""
    found = re.search(r'ID="([^"]*)"', assertion)
    assert found
    return found[1]


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks(attack: str) -> None:
    """None of them lets anybody in, as eve or as alice; each is refused for what it is."""
    reason, edit = ATTACKS[attack]
    good = saml.response(NOW)
    forged = saml.edited(good, edit)
    assert forged != good
    assert verified(forged).startswith(reason)


@pytest.mark.parametrize("how", ["assertion", "response"])
def test_a_comment_that_is_not_signed_cuts_nothing(how: str) -> None:
    """Canonical XML has no comments: the subject is the whole text, as it was signed."""
    good = saml.response(NOW, subject="alice@example.com.eve.example", signature=how)
    cut = saml.edited(good, lambda text: text.replace("com.eve", "com<!-- -->.eve", 1))
    assert cut != good
    assert verified(cut) == "alice@example.com.eve.example"


def test_another_signer() -> None:
    """A response that xmlsec1 1.2.37 signed twice, with inclusive namespaces and xsi:type.

    Its certificate was good in the year 2000 alone.
    """
    provider = metadata.read((BY_XMLSEC1 / "metadata.xml").read_text())
    root = safe_xml.parse((BY_XMLSEC1 / "response.xml").read_bytes())
    assert root.get("ID") != signature.signed_assertion(root, provider.certificates).get("ID")
    with pytest.raises(signature.BadSignature, match="another key"):
        signature.signed_assertion(root, saml.provider().certificates)
    both = (*saml.provider().certificates, *provider.certificates)
    assert signature.signed_assertion(root, both) is not None
    with pytest.raises(signature.BadSignature, match="no certificate"):
        signature.signed_assertion(root, ())


def test_sha_1_is_refused() -> None:
    """The same response, signed by xmlsec1 with rsa-sha1."""
    provider = metadata.read((BY_XMLSEC1 / "metadata.xml").read_text())
    root = safe_xml.parse((BY_XMLSEC1 / "response_sha1.xml").read_bytes())
    with pytest.raises(signature.BadSignature, match="cannot be read"):
        signature.signed_assertion(root, provider.certificates)
