"""XML that strangers send: what is not read, and what the error does not say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from sts_simulator.account.saml import safe_xml
from sts_simulator.account.saml.safe_xml import BadXml

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "secret-of-the-machine"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


NOT_READ = {
    "nothing": "",
    "text": "text",
    "an open element": "<a>",
    "two roots": "<a/><b/>",
    "an attribute twice": "<a b='1' b='2'/>",
    "an unknown encoding": '<?xml version="1.0" encoding="none-such"?><a/>',
    "a DTD": "<!DOCTYPE a><a/>",
    "an external DTD": '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
    "a billion laughs": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a>&l11;</a>',
    "the same in an attribute": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a b="&l11;"/>',
    "ten thousand levels": "<a>" * 10_000 + "</a>" * 10_000,
    "a NUL": "<a>\0</a>",
    "an unknown entity": "<a>&nbsp;</a>",
}


@pytest.mark.parametrize("name", NOT_READ)
def test_what_is_not_read(name: str) -> None:
    """No DTD, no entity, nothing too deep, nothing malformed."""
    with pytest.raises(BadXml):
        safe_xml.parse(NOT_READ[name].encode())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_dtd_in_another_encoding(encoding: str) -> None:
    """A document type declaration is found whatever the encoding."""
    with pytest.raises(BadXml):
        safe_xml.parse("<!DOCTYPE a><a/>".encode(encoding))


def test_no_file_is_read(tmp_path: Path) -> None:
    """An external entity is not looked up, and the error does not quote the document."""
    (tmp_path / "secret").write_text(SECRET)
    uri = (tmp_path / "secret").as_uri()
    document = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{uri}">]><a>&x; {SECRET}</a>'
    with pytest.raises(BadXml) as refused:
        safe_xml.parse(document.encode())
    assert SECRET not in str(refused.value)


def test_children_and_texts() -> None:
    """One child is one; a text with a comment inside is not a text."""
    root = safe_xml.parse(b"<a><b> one </b><c/><c/><d>us<!-- -->er</d></a>")
    assert safe_xml.text(safe_xml.only_child(root, "b")) == "one"
    for name in ("c", "e"):
        with pytest.raises(BadXml, match=f"elements {name}"):
            safe_xml.only_child(root, name)
    with pytest.raises(BadXml, match="d holds more than text"):
        safe_xml.text(root.find("d"))
    assert safe_xml.local(safe_xml.parse(b'<x:a xmlns:x="urn:x"/>')) == "a"


@pytest.mark.parametrize(
    "written",
    [
        "2024-12-22T16:58:00Z",
        "2024-12-22T16:58:00.000Z",
        "2024-12-22T16:58:00.0000000Z",
        " 2024-12-22T16:58:00 ",
        "2024-12-22T17:58:00+01:00",
    ],
)
def test_times(written: str) -> None:
    """Every way to write a time that identity providers have."""
    assert safe_xml.instant(written) == datetime(2024, 12, 22, 16, 58, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        *("", "soon", "2024-13-01T00:00:00Z", "0001-01-01T00:00:00+23:00"),
        *(
            "2024-12-22",
            "2024-12-22T16:58",
            "20241222T165800Z",
            "2024-W51-7",
            "2024-12-22 16:58:00",
        ),
    ],
)
def test_times_that_are_none(written: str) -> None:
    """What is no time, or is before the calendar begins, is refused; an absent one is None."""
    assert safe_xml.instant(None) is None
    with pytest.raises(BadXml):
        safe_xml.instant(written)
