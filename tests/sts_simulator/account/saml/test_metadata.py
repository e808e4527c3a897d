"""The metadata documents of identity providers."""

from __future__ import annotations

import pytest

from sts_simulator.account.saml import metadata
from sts_simulator.account.saml.safe_xml import BadXml
from sts_simulator.server import saml_identity_provider
from tests.support.saml import BY_XMLSEC1

DOCUMENT = saml_identity_provider.metadata()
KEY = DOCUMENT[DOCUMENT.index("    <KeyDescriptor") : DOCUMENT.index("    <SingleSignOn")]


def test_what_a_document_says() -> None:
    """The entityID and every certificate for signing, with `use` or without."""
    one = metadata.read(DOCUMENT)
    assert one.entity_id == saml_identity_provider.ENTITY_ID
    assert len(one.certificates) == 1
    other = KEY.replace(' use="signing"', "") + KEY.replace("signing", "encryption")
    several = metadata.read(DOCUMENT.replace(KEY, KEY + other))
    assert several.certificates == one.certificates * 2
    assert metadata.read((BY_XMLSEC1 / "metadata.xml").read_text()).certificates


# The document differs from process to process, so the tests have names.
NONE = {
    "nothing": "",
    "no XML": "a" * 1024,
    "a byte order mark": "\N{ZERO WIDTH NO-BREAK SPACE}" + DOCUMENT,
    "no entityID": DOCUMENT.replace("entityID=", "ID="),
    "several providers": DOCUMENT.replace("EntityDescriptor", "EntitiesDescriptor"),
    "no key": DOCUMENT.replace(KEY, ""),
    "eleven keys": DOCUMENT.replace(KEY, KEY * 11),
    "no key for signing": DOCUMENT.replace('use="signing"', 'use="encryption"'),
    "no base64": DOCUMENT.replace("<X509Certificate>", "<X509Certificate>!"),
    "no certificate": DOCUMENT.replace("<X509Certificate>M", "<X509Certificate>N"),
    "a document type": DOCUMENT.replace("<EntityDescriptor", "<!DOCTYPE x><EntityDescriptor"),
    "no UTF-8": DOCUMENT.replace("https://idp", "\udcff"),
}


@pytest.mark.parametrize("name", NONE)
def test_what_is_none(name: str) -> None:
    """Without an issuer or a certificate to verify with, it is no metadata; nor in another form."""
    with pytest.raises(BadXml):
        metadata.read(NONE[name])
