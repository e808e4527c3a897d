"""An identity provider for tests: its metadata, and SAML responses that are right or wrong.

What a login page would post to AWS, without the page.  Needs the extra ``saml``.
"""

from __future__ import annotations

import base64
import threading
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4
from xml.sax.saxutils import escape, quoteattr

from sts_simulator.account import schema
from sts_simulator.account.durations import SIGNED_DURATION_SCHEMA, parse_duration
from sts_simulator.account.saml.safe_xml import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate

ENTITY_ID = "https://idp.example.com/saml"
SIGN_IN = "https://signin.aws.amazon.com/saml"
_ATTRIBUTES = "https://aws.amazon.com/SAML/Attributes/"
_NAME_FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:"
_STATUS = "urn:oasis:names:tc:SAML:2.0:status:"
_FROM = datetime(2000, 1, 1, tzinfo=UTC)  # IAM does not look at a certificate's dates
_LASTS = timedelta(days=36_525)
_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
# Which elements are signed, and how a signature can be wrong.
_SIGNATURES = ("assertion", "response", "both", "none", "wrong key", "changed")
RESPONSE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "role": {**_TEXT, "description": "the role's ARN"},
        "provider": {**_TEXT, "description": "the provider's ARN in IAM"},
        "roles": {**_TEXTS, "description": "pairs ROLE,PROVIDER instead of role and provider"},
        "session_name": {"type": ["string", "null"], "description": "null: without it"},
        "subject": {"type": ["string", "null"], "description": "the NameID; null: without it"},
        "subject_format": {**_TEXT, "description": "persistent, or a URI"},
        "tags": {"type": "object", "additionalProperties": _TEXT},
        "transitive_tags": _TEXTS,
        "source_identity": _TEXT,
        "session_duration": {"type": "integer", "description": "the attribute, in seconds"},
        "attributes": {"type": "object", "additionalProperties": _TEXTS},
        "issuer": _TEXT,
        "audience": {"type": ["string", "null"], "description": "null: without it"},
        "recipient": _TEXT,
        "status": {**_TEXT, "description": "Success, or AuthnFailed, …"},
        "issued": {**SIGNED_DURATION_SCHEMA, "description": "from now, -6m: too old"},
        "valid_from": {**SIGNED_DURATION_SCHEMA, "description": "from now"},
        "valid_until": {**SIGNED_DURATION_SCHEMA, "description": "from now"},
        "session_ends": {**SIGNED_DURATION_SCHEMA, "description": "SessionNotOnOrAfter, from now"},
        "signature": {"enum": list(_SIGNATURES)},
    },
    "additionalProperties": False,
}
_DEFAULTS: dict[str, Any] = {
    "session_name": "alice",
    "subject": "alice",
    "subject_format": "persistent",
    "issuer": ENTITY_ID,
    "audience": SIGN_IN,
    "recipient": SIGN_IN,
    "status": "Success",
    "issued": "0s",
    "valid_from": "-5m",
    "valid_until": "5m",
    "signature": "assertion",
}
_METADATA = """\
<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID={entity_id}>
  <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <KeyDescriptor use="signing">
      <KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#">
        <X509Data>
          <X509Certificate>{certificate}</X509Certificate>
        </X509Data>
      </KeyInfo>
    </KeyDescriptor>
    <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
      Location="https://idp.example.com/sso"/>
  </IDPSSODescriptor>
</EntityDescriptor>
"""
_RESPONSE = """\
<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="{id}" Version="2.0" \
IssueInstant="{issued}" Destination={recipient}>\
<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{issuer}</saml:Issuer>{signature}\
<samlp:Status><samlp:StatusCode Value={status}/></samlp:Status>{assertion}</samlp:Response>"""
_ASSERTION = """\
<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" Version="2.0" \
IssueInstant="{issued}"><saml:Issuer>{issuer}</saml:Issuer>{signature}<saml:Subject>{name_id}\
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">\
<saml:SubjectConfirmationData NotOnOrAfter="{valid_until}" Recipient={recipient}/>\
</saml:SubjectConfirmation></saml:Subject>\
<saml:Conditions NotBefore="{valid_from}" NotOnOrAfter="{valid_until}">{audience}\
</saml:Conditions><saml:AuthnStatement AuthnInstant="{issued}"{session_ends}>\
<saml:AuthnContext><saml:AuthnContextClassRef>\
urn:oasis:names:tc:SAML:2.0:ac:classes:Password\
</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>\
<saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>"""
# signxml puts the signature in its place, which SAML's schema prescribes: after the Issuer.
_PLACE = '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Id="placeholder"/>'


class _Pair(NamedTuple):
    """A private key and its certificate."""

    key: RSAPrivateKey
    certificate: Certificate


_making = threading.Lock()


def _pair(name: str) -> _Pair:
    """Return the key pair of this name.  Two threads that come first get the same one."""
    with _making:
        return _made(name)


@cache
def _made(name: str) -> _Pair:
    """Return the key pair of this name, which is made once a process, when it is asked for."""
    from cryptography import x509  # noqa: PLC0415 - slow to import
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - the same
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415 - the same

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    named = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_FROM)
        .not_valid_after(_FROM + _LASTS)
        .sign(key, hashes.SHA256())
    )
    return _Pair(key, made)


def metadata() -> str:
    """Return the metadata document, which CreateSAMLProvider takes."""
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 - slow

    certificate = _pair("idp").certificate.public_bytes(Encoding.DER)
    return _METADATA.format(
        entity_id=quoteattr(ENTITY_ID), certificate=base64.b64encode(certificate).decode()
    )


def response(asked: Mapping[str, Any], now: datetime) -> str:
    """Return a response in base64, as `RESPONSE_SCHEMA` describes it.

    Raises ValueError, and ModuleNotFoundError without the extra ``saml``.
    """
    schema.check(asked, RESPONSE_SCHEMA, "response")
    given = {**_DEFAULTS, **asked}
    how = given["signature"]
    parts = _parts(given, now)
    signs = how in ("assertion", "both", "wrong key", "changed")
    assertion = _signed(_ASSERTION, parts, "another" if how == "wrong key" else "idp", signs=signs)
    if how == "changed":
        assertion = assertion.replace("<saml:AttributeStatement>", "<saml:AttributeStatement> ")
    parts["assertion"] = assertion
    document = _signed(_RESPONSE, parts, "idp", signs=how in ("response", "both"))
    return base64.b64encode(document.encode()).decode()


def _parts(given: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """Return what the templates are filled with, in XML."""
    times = {
        name: f"{now + parse_duration(given[name]):%Y-%m-%dT%H:%M:%SZ}"
        for name in ("issued", "valid_from", "valid_until", "session_ends")
        if name in given
    }
    ends = times.pop("session_ends", None)
    return times | {
        "session_ends": f' SessionNotOnOrAfter="{ends}"' if ends else "",
        "issuer": escape(given["issuer"]),
        "recipient": quoteattr(given["recipient"]),
        "status": quoteattr(f"{_STATUS}{given['status']}"),
        "name_id": _name_id(given),
        "audience": _audience(given["audience"]),
        "attributes": "".join(_attribute(*pair) for pair in _attributes(given).items()),
    }


def _signed(template: str, parts: Mapping[str, str], pair: str, *, signs: bool) -> str:
    """Return an element in XML, with a signature of its own if it `signs`."""
    id_ = f"_{uuid4()}"
    filled = template.format(**parts, id=id_, signature=_PLACE if signs else "")
    if not signs:
        return filled
    from lxml import etree  # noqa: PLC0415 - of the extra
    from signxml.algorithms import CanonicalizationMethod  # noqa: PLC0415 - the same
    from signxml.signer import XMLSigner  # noqa: PLC0415 - the same

    key, certificate = _pair(pair)
    signer = XMLSigner(c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0)
    signed = signer.sign(
        parse(filled.encode()), key=key, cert=[certificate], reference_uri=f"#{id_}"
    )
    return str(etree.tostring(signed, encoding="unicode"))


def _name_id(given: Mapping[str, Any]) -> str:
    if given["subject"] is None:
        return ""
    format_ = given["subject_format"]
    written = format_ if ":" in format_ else f"{_NAME_FORMAT}{format_}"
    return f"<saml:NameID Format={quoteattr(written)}>{escape(given['subject'])}</saml:NameID>"


def _audience(audience: str | None) -> str:
    if audience is None:
        return ""
    return (
        f"<saml:AudienceRestriction><saml:Audience>{escape(audience)}"
        "</saml:Audience></saml:AudienceRestriction>"
    )


def _attributes(given: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the attributes of an assertion by name: AWS's own, and those that are asked for."""
    pair = [f"{given['role']},{given['provider']}"] if {"role", "provider"} <= set(given) else []
    own = {
        "Role": given.get("roles", pair),
        "RoleSessionName": [] if given["session_name"] is None else [given["session_name"]],
        "SourceIdentity": [given["source_identity"]] if "source_identity" in given else [],
        "SessionDuration": [str(given["session_duration"])] if "session_duration" in given else [],
        "TransitiveTagKeys": given.get("transitive_tags", []),
        **{f"PrincipalTag:{key}": [value] for key, value in given.get("tags", {}).items()},
    }
    more: dict[str, list[str]] = given.get("attributes", {})
    return {_ATTRIBUTES + name: texts for name, texts in own.items() if texts} | more


def _attribute(name: str, texts: Iterable[str]) -> str:
    values = "".join(f"<saml:AttributeValue>{escape(text)}</saml:AttributeValue>" for text in texts)
    return f"<saml:Attribute Name={quoteattr(name)}>{values}</saml:Attribute>"
