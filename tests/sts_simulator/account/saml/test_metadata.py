"""The metadata documents of identity providers."""

from __future__ import annotations

from pathlib import Path

import pytest

from sts_simulator.account.saml import metadata
from sts_simulator.account.saml.safe_xml import BadXml
from sts_simulator.server import saml_identity_provider

BY_XMLSEC1 = Path(__file__).parents[3] / "support" / "saml_by_xmlsec1"
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


@pytest.mark.parametrize(
    "document",
    [
        "",
        "a" * 1024,
        "\N{ZERO WIDTH NO-BREAK SPACE}" + DOCUMENT,
        DOCUMENT.replace("entityID=", "ID="),
        DOCUMENT.replace("EntityDescriptor", "EntitiesDescriptor"),
        DOCUMENT.replace(KEY, ""),
        DOCUMENT.replace(KEY, KEY * 11),
        DOCUMENT.replace('use="signing"', 'use="encryption"'),
        DOCUMENT.replace("<X509Certificate>", "<X509Certificate>!"),
        DOCUMENT.replace("<X509Certificate>M", "<X509Certificate>N"),
        DOCUMENT.replace("<EntityDescriptor", "<!DOCTYPE x><EntityDescriptor"),
        DOCUMENT.replace("https://idp", "\udcff"),
    ],
)
def test_what_is_none(document: str) -> None:
    """Without an issuer or a certificate to verify with, it is no metadata; nor in another form."""
    with pytest.raises(BadXml):
        metadata.read(document)
