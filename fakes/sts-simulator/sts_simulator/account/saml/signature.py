"""XML signatures of a SAML response: only what a provider's key has signed is handed on.

Signature wrapping puts an unsigned assertion where a reader looks and the signed one where
it does not.  So the element that signxml has verified is returned, in its canonical form, and
the rest of the document is not used.  signxml refuses a reference to an ID that comes twice.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sts_simulator.account.saml import safe_xml
from sts_simulator.account.saml.safe_xml import ASSERTION, SIGNATURE, BadXml, Element

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.x509 import Certificate
    from signxml.verifier import SignatureConfiguration

# SAML core, 5.4.4: the enveloped signature, and exclusive canonicalization.  Not the one that
# keeps comments: without them no comment can cut a text in two.
_TRANSFORMS = {
    "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
    "http://www.w3.org/2001/10/xml-exc-c14n#",
}


class BadSignature(ValueError):
    """Raised for a response that no certificate of the provider has signed as it must be."""


def signed_assertion(root: Element, certificates: Sequence[Certificate]) -> Element:
    """Return the assertion of a response as it was signed: alone, or with its response.

    Every signature must be valid, and there must be one.  Raises BadSignature, and BadXml
    for a signed response without exactly one assertion.
    """
    whole = _verified(root, "./", certificates)
    alone = _verified(root, f"./{ASSERTION}Assertion/", certificates)
    if whole is not None:
        return safe_xml.only_child(whole, f"{ASSERTION}Assertion")
    if alone is None:
        raise BadSignature("neither the response nor its assertion is signed")
    return alone


def _verified(root: Element, place: str, certificates: Sequence[Certificate]) -> Element | None:
    """Return what the signature at this place has signed, None where there is none."""
    found = root.find(f"{place}{SIGNATURE}Signature")
    if found is None:
        return None
    _check_form(found)
    reasons: list[str] = []
    for certificate in certificates:
        signed = _refused(root, place, certificate)
        if not isinstance(signed, str):
            return signed
        reasons.append(signed)
    raise BadSignature("; ".join(dict.fromkeys(reasons)) or "the provider has no certificate")


def _check_form(signature: Element) -> None:
    """Refuse a signature of other than its parent, or with costly transforms."""
    try:
        reference = safe_xml.only_child(
            safe_xml.only_child(signature, f"{SIGNATURE}SignedInfo"), f"{SIGNATURE}Reference"
        )
    except BadXml as trouble:
        raise BadSignature(str(trouble)) from None
    id_ = signature.getparent().get("ID")
    if not id_ or reference.get("URI") != f"#{id_}":
        raise BadSignature("a signature refers to another element than its parent")
    transforms = reference.findall(f"{SIGNATURE}Transforms/{SIGNATURE}Transform")
    named = [transform.get("Algorithm") for transform in transforms]
    if len(named) > len(set(named)) or not set(named) <= _TRANSFORMS:
        raise BadSignature("a signature has transforms that SAML does not allow")


def _refused(root: Element, place: str, certificate: Certificate) -> Element | str:
    """Return what a certificate's key has signed at this place, or why it has not."""
    from signxml import exceptions  # noqa: PLC0415 - of the extra
    from signxml.verifier import XMLVerifier  # noqa: PLC0415 - the same

    try:
        found = XMLVerifier().verify(
            root,
            x509_cert=certificate,
            id_attribute="ID",
            expect_config=_config(place, certificate),
        )
    except exceptions.InvalidDigest:
        return "the content was changed after it was signed"
    except exceptions.InvalidSignature:
        return "the signature is of another key than the provider's"
    except Exception as trouble:  # noqa: BLE001 - signxml lets others' errors through
        return f"the signature cannot be read ({type(trouble).__name__})"
    return found.signed_xml  # type: ignore[union-attr]  # one reference, one result


def _config(place: str, certificate: Certificate) -> SignatureConfiguration:
    """Return what is expected of a signature.

    IAM does not look at the dates of a provider's certificates (C), and signxml since 5.1
    does unless it is told another time.
    """
    from signxml.algorithms import SignatureMethod  # noqa: PLC0415 - of the extra
    from signxml.verifier import SignatureConfiguration  # noqa: PLC0415 - the same

    methods = frozenset(method for method in SignatureMethod if method.name in _METHODS)
    config = SignatureConfiguration(location=place, signature_methods=methods)
    if hasattr(config, "verification_time"):
        config = replace(config, verification_time=certificate.not_valid_before_utc)
    return config


# I: which ones AWS accepts is not documented; SHA-1 is refused, as signxml does.
_METHODS = {f"{key}_SHA{size}" for key in ("RSA", "ECDSA") for size in (256, 384, 512)}
