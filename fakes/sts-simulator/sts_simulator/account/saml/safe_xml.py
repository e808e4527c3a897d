"""Reading XML that strangers send: no entities, no DTD, nothing from files or the network.

lxml belongs to the extra ``saml``, so it is imported when the first document is read.
Elements are lxml's.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

ASSERTION = "{urn:oasis:names:tc:SAML:2.0:assertion}"
PROTOCOL = "{urn:oasis:names:tc:SAML:2.0:protocol}"
METADATA = "{urn:oasis:names:tc:SAML:2.0:metadata}"
SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}"

Element = Any  # lxml ships no types
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)


class BadXml(ValueError):
    """Raised for a document that is malformed or not allowed.  Says nothing of its content."""


def parse(document: bytes) -> Element:
    """Return the root element.  Raises BadXml, and ModuleNotFoundError without lxml.

    lxml bounds depth, and the sizes of names and texts, unless it is told otherwise.
    """
    from lxml import etree  # noqa: PLC0415 - of the extra

    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as trouble:
        raise BadXml(f"no well-formed XML: {type(trouble).__name__}") from None
    if root is None or root.getroottree().docinfo.doctype:
        raise BadXml("a document type declaration is not allowed")
    return root


def only_child(parent: Element, name: str) -> Element:
    """Return the one child of this name.  Raises BadXml where there are none or several."""
    found = parent.findall(name)
    if len(found) != 1:
        raise BadXml(f"{local(parent)} has {len(found)} elements {name.rpartition('}')[2]}")
    return found[0]


def text(element: Element) -> str:
    """Return an element's text without white space around it.

    Raises BadXml where it holds more than text: a comment inside would cut the text in two.
    """
    if len(element):
        raise BadXml(f"{local(element)} holds more than text")
    return (element.text or "").strip()


def instant(written: str | None) -> datetime | None:
    """Return the time of an attribute of type xs:dateTime, None where it is absent.

    Without a time zone it is UTC, as SAML prescribes.  Raises BadXml.
    """
    if written is None:
        return None
    written = written.strip()
    try:
        # datetime knows more forms, such as a day alone; none of them is an empty text.
        read = datetime.fromisoformat(written if _DATE_TIME.fullmatch(written) else "")
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadXml("a time is not in the form of xs:dateTime") from None


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]
