"""A SAML response as a value: decoded, verified, and read.

The order in which STS looks at a response is inferred, but for what ``errors`` says.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sts_simulator.account.saml import errors, safe_xml, signature
from sts_simulator.account.saml.errors import Rejected
from sts_simulator.account.saml.safe_xml import ASSERTION, PROTOCOL, BadXml, Element

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sts_simulator.account.errors import AwsError
    from sts_simulator.account.saml.metadata import Metadata

_SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
_BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
_SHORTENED = "urn:oasis:names:tc:SAML:2.0:nameid-format:"  # C: the prefix is removed
_UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"  # SAML core, 2.2.2


@dataclass(frozen=True)
class Assertion:
    """What a signed assertion says.  `subject` is its NameID, "" where it has none.

    `valid_until` is the earliest NotOnOrAfter, `ends` the SessionNotOnOrAfter.  The repr
    shows the issuer and times alone.
    """

    issuer: str
    issued_at: datetime
    valid_until: datetime
    recipient: str = field(repr=False)
    subject: str = field(default="", repr=False)
    subject_type: str = field(default="", repr=False)
    audiences: Sequence[str] = field(default=(), repr=False)
    valid_from: datetime | None = field(default=None, repr=False)
    ends: datetime | None = field(default=None, repr=False)
    attributes: Mapping[str, Sequence[str]] = field(default_factory=dict, repr=False)


def verified(encoded: str, provider: Metadata, request_id: str) -> Assertion:
    """Return the assertion of a response in base64, once its signature is verified.

    `request_id` is that of the service behind STS, which some messages have.  Raises
    Rejected, and ModuleNotFoundError without the extra ``saml``.
    """
    try:
        document = base64.b64decode("".join(encoded.split()), validate=True)
    except ValueError:
        raise Rejected(errors.NO_BASE64.fill(request_id=request_id)) from None
    try:
        root = safe_xml.parse(document)
        unsigned = _checked_form(root)
        assertion = _read(signature.signed_assertion(root, provider.certificates))
    except BadXml as trouble:
        raise Rejected(errors.NO_SAML.because(str(trouble))) from None
    except signature.BadSignature as trouble:
        refused = _other_issuer(unsigned, provider, request_id)
        raise Rejected(refused or errors.BAD_SIGNATURE.because(str(trouble))) from None
    if refused := _other_issuer(assertion.issuer, provider, request_id):
        raise Rejected(refused)
    return assertion


def _other_issuer(issuer: str, provider: Metadata, request_id: str) -> AwsError | None:
    """Return the error of a response that another provider issued.  I: before its signature."""
    if issuer == provider.entity_id:
        return None
    return errors.OTHER_ISSUER.fill(request_id=request_id).because(
        f"the response's issuer is {issuer}, the provider's {provider.entity_id}"
    )


def _checked_form(root: Element) -> str:
    """Return the issuer of a response that has the form of one and reports success.

    It is of the unsigned document: only to word a refusal.  Raises BadXml and Rejected.
    """
    if root.tag != f"{PROTOCOL}Response":
        raise BadXml("the document is no SAML 2.0 Response")
    code = root.find(f"{PROTOCOL}Status/{PROTOCOL}StatusCode")
    status = None if code is None else code.get("Value")
    if status != _SUCCESS:
        reason = f"the response's status is {status}"
        raise Rejected(errors.NOT_AUTHENTICATED.because(reason))
    if root.find(f"{ASSERTION}EncryptedAssertion") is not None:
        raise BadXml("encrypted assertions are not simulated")
    assertion = safe_xml.only_child(root, f"{ASSERTION}Assertion")
    return safe_xml.text(safe_xml.only_child(assertion, f"{ASSERTION}Issuer"))


def _read(assertion: Element) -> Assertion:
    """Return what a signed assertion says.  Raises BadXml.

    C, IAM user guide, "Configure SAML assertions for the authentication response": exactly
    one SubjectConfirmation with a SubjectConfirmationData, which has NotOnOrAfter and Recipient.
    """
    issued_at = safe_xml.instant(assertion.get("IssueInstant"))
    subject = safe_xml.only_child(assertion, f"{ASSERTION}Subject")
    confirmation = safe_xml.only_child(subject, f"{ASSERTION}SubjectConfirmation")
    data = safe_xml.only_child(confirmation, f"{ASSERTION}SubjectConfirmationData")
    confirmed_until = safe_xml.instant(data.get("NotOnOrAfter"))
    if issued_at is None or confirmed_until is None or data.get("Recipient") is None:
        raise BadXml("IssueInstant, NotOnOrAfter or Recipient is missing")
    if confirmation.get("Method") != _BEARER:
        raise BadXml("the SubjectConfirmation is not that of a bearer")
    name = subject.find(f"{ASSERTION}NameID")
    conditions = safe_xml.only_child(assertion, f"{ASSERTION}Conditions")
    until = safe_xml.instant(conditions.get("NotOnOrAfter"))
    format_ = _UNSPECIFIED if name is None else name.get("Format", _UNSPECIFIED)
    statements = assertion.findall(f"{ASSERTION}AuthnStatement")
    ends = [safe_xml.instant(one.get("SessionNotOnOrAfter")) for one in statements]
    return Assertion(
        issuer=safe_xml.text(safe_xml.only_child(assertion, f"{ASSERTION}Issuer")),
        issued_at=issued_at,
        recipient=data.get("Recipient"),
        subject="" if name is None else safe_xml.text(name),
        subject_type=format_.removeprefix(_SHORTENED),
        audiences=[
            safe_xml.text(audience)
            for audience in conditions.findall(
                f"{ASSERTION}AudienceRestriction/{ASSERTION}Audience"
            )
        ],
        valid_from=safe_xml.instant(conditions.get("NotBefore")),
        valid_until=min(filter(None, (until, confirmed_until))),
        ends=min(filter(None, ends), default=None),
        attributes=_attributes(assertion),
    )


def _attributes(assertion: Element) -> dict[str, list[str]]:
    """Return the values of each attribute, by its Name: their text, that of elements included."""
    found: dict[str, list[str]] = {}
    for attribute in assertion.findall(f"{ASSERTION}AttributeStatement/{ASSERTION}Attribute"):
        values = attribute.findall(f"{ASSERTION}AttributeValue")
        texts = found.setdefault(attribute.get("Name", ""), [])
        texts += ["".join(value.itertext()).strip() for value in values]
    return found
