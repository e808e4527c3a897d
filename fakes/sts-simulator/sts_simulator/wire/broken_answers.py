"""How a broken answer looks over HTTP: its content type and its bytes, by the fault's word."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sts_simulator.account.faults import Breakage

_XML = "text/xml"
_PAGE = b"""<html>
<head><title>502 Bad Gateway</title></head>
<body>
<center><h1>502 Bad Gateway</h1></center>
</body>
</html>
"""
_BODIES = {
    "garbage": (_XML, b"\x16\x03\x01\x02\x00\x01\x00%&@"),
    "html": ("text/html", _PAGE),
}


def broken(breakage: Breakage, right: bytes) -> tuple[str, bytes]:
    """Return content type and body of the broken answer; `right` is the body of STS's answer."""
    if breakage.word == "truncated":
        return _XML, right[: len(right) // 2]
    return _BODIES.get(breakage.word, (_XML, b""))
