"""The metadata document of a SAML provider: who it is, and the certificates it signs with."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, NamedTuple

from sts_simulator.account.saml import safe_xml
from sts_simulator.account.saml.safe_xml import METADATA, SIGNATURE, BadXml

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

LARGEST_KEYS = 10  # certificates; each is tried for each signature
_CERTIFICATE = f"{SIGNATURE}KeyInfo/{SIGNATURE}X509Data/{SIGNATURE}X509Certificate"


class Metadata(NamedTuple):
    """A provider's entityID, which is the issuer of its responses, and its certificates."""

    entity_id: str
    certificates: tuple[Certificate, ...]


def read(document: str) -> Metadata:
    """Return what a metadata document says.  Raises BadXml, and ModuleNotFoundError.

    C, IAM user guide, "Create a SAML identity provider in IAM": UTF-8 without a byte order
    mark, with keys of 1,024 bits or more.
    """
    from cryptography import x509  # noqa: PLC0415 - of the extra

    if document.startswith("\N{ZERO WIDTH NO-BREAK SPACE}"):
        raise BadXml("the metadata begins with a byte order mark")
    root = safe_xml.parse(document.encode("utf-8", "surrogateescape"))
    entity_id = root.get("entityID")
    if root.tag != f"{METADATA}EntityDescriptor" or not entity_id:
        raise BadXml("the metadata is no EntityDescriptor with an entityID")
    certificates = []
    for key in root.findall(f"{METADATA}IDPSSODescriptor/{METADATA}KeyDescriptor"):
        if key.get("use", "signing") != "signing":
            continue
        for written in key.findall(_CERTIFICATE):
            try:
                der = base64.b64decode("".join(safe_xml.text(written).split()), validate=True)
                certificates.append(x509.load_der_x509_certificate(der))
            except ValueError:
                raise BadXml("a certificate in the metadata cannot be read") from None
    if not certificates:
        raise BadXml("the metadata has no certificate for signing")
    if len(certificates) > LARGEST_KEYS:
        raise BadXml(f"the metadata has more than {LARGEST_KEYS} certificates")
    return Metadata(entity_id, tuple(certificates))
