"""XML signatures: what counts is what a provider's key has signed, and nothing else.

The attacks are those of "On Breaking SAML: Be Whoever You Want to Be" (USENIX Security 2012)
and of public advisories about other readers.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sts_simulator.account.saml import metadata, response, safe_xml, signature
from sts_simulator.account.saml.errors import Rejected
from tests.support import saml

if TYPE_CHECKING:
    from collections.abc import Callable

BY_XMLSEC1 = Path(__file__).parents[3] / "support" / "saml_by_xmlsec1"
NOW = datetime(2024, 12, 22, 16, 58, tzinfo=UTC)
ASSERTION = re.compile(r"<saml:Assertion .*</saml:Assertion>", re.DOTALL)
SIGNATURE = re.compile(r"<ds:Signature .*?</ds:Signature>", re.DOTALL)
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


# What an attacker makes of a response whose assertion is signed.
WRAPPINGS: dict[str, Callable[[str], str]] = {
    "the forged one first": lambda text: ASSERTION.sub(lambda m: eve(m[0]) + m[0], text),
    "the forged one last": lambda text: ASSERTION.sub(lambda m: m[0] + eve(m[0]), text),
    "the signed one inside the forged one": lambda text: ASSERTION.sub(
        lambda m: eve(m[0]).replace("</saml:Assertion>", m[0] + "</saml:Assertion>"), text
    ),
    "the signed one in the forged one's signature": lambda text: ASSERTION.sub(
        lambda m: eve(m[0]).replace(
            "<saml:Subject>",
            signature_of(m[0]).replace(
                "</ds:Signature>", f"<ds:Object>{m[0]}</ds:Object></ds:Signature>"
            )
            + "<saml:Subject>",
        ),
        text,
    ),
    "the signed one in an extension": lambda text: ASSERTION.sub(
        lambda m: f"<samlp:Extensions>{m[0]}</samlp:Extensions>" + eve(m[0]), text
    ),
    "the same ID twice": lambda text: ASSERTION.sub(
        lambda m: (
            re.sub('ID="_eve"', f'ID="{id_of(m[0])}"', eve(m[0]))
            + f"<samlp:Extensions>{m[0]}</samlp:Extensions>"
        ),
        text,
    ),
    "the same ID in another attribute": lambda text: ASSERTION.sub(
        lambda m: eve(m[0]).replace(
            "<saml:Subject>", signature_of(m[0]) + f'<saml:Subject Id="{id_of(m[0])}">'
        ),
        text,
    ),
    "the signature moved to the response": lambda text: SIGNATURE.sub("", text).replace(
        "<samlp:Status>", signature_of(text) + "<samlp:Status>"
    ),
    "a second signature": lambda text: text.replace(
        "<saml:Subject>", signature_of(text) + "<saml:Subject>"
    ),
    "a comment in the subject": lambda text: text.replace(">alice<", ">ali<!-- -->ce.eve<"),
    "another algorithm": lambda text: text.replace("rsa-sha256", "hmac-sha256"),
    "no key at all": lambda text: text.replace("rsa-sha256", "none"),
    "SHA-1": lambda text: text.replace("xmldsig-more#rsa-sha256", "xmldsig#rsa-sha1"),
    "thousands of transforms": lambda text: text.replace(
        "</ds:Transforms>", COSTLY * 900 + "</ds:Transforms>"
    ),
    "a style sheet": lambda text: text.replace(
        "</ds:Transforms>",
        '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/></ds:Transforms>',
    ),
    "the whole document": lambda text: re.sub(r'URI="#[^"]*"', 'URI=""', text),
    "an address": lambda text: re.sub(r'URI="#[^"]*"', 'URI="http://127.0.0.1:9/x"', text),
    "no reference": lambda text: re.sub(
        r"<ds:Reference.*?</ds:Reference>", "", text, flags=re.DOTALL
    ),
    "no value": lambda text: re.sub(r"<ds:SignatureValue>[^<]*", "<ds:SignatureValue>", text),
    "no base64": lambda text: re.sub(r"<ds:SignatureValue>[^<]*", "<ds:SignatureValue>!", text),
    "an empty signature": lambda text: SIGNATURE.sub(
        '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>', text
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


@pytest.mark.parametrize("attack", WRAPPINGS)
def test_attacks(attack: str) -> None:
    """None of them lets anybody in, as eve or as alice; each is refused with a reason."""
    good = saml.response(NOW)
    forged = saml.edited(good, WRAPPINGS[attack])
    assert forged != good
    assert verified(forged) not in ("", "alice", "eve")


def test_a_comment_that_is_not_signed_cuts_nothing() -> None:
    """Canonical XML has no comments: the subject is the whole text, as it was signed."""
    good = saml.response(NOW, subject="alice@example.com.eve.example")
    cut = saml.edited(good, lambda text: text.replace("com.eve", "com<!-- -->.eve", 1))
    assert verified(cut) == "alice@example.com.eve.example"


def test_another_signer() -> None:
    """A response that xmlsec1 1.2.37 signed twice, with inclusive namespaces and xsi:type."""
    provider = metadata.read((BY_XMLSEC1 / "metadata.xml").read_text())
    root = safe_xml.parse((BY_XMLSEC1 / "response.xml").read_bytes())
    assert root.get("ID") != signature.signed_assertion(root, provider.certificates).get("ID")
    with pytest.raises(signature.BadSignature, match="another key"):
        signature.signed_assertion(root, saml.provider().certificates)
    both = (*saml.provider().certificates, *provider.certificates)
    assert signature.signed_assertion(root, both) is not None
    with pytest.raises(signature.BadSignature, match="no certificate"):
        signature.signed_assertion(root, ())
