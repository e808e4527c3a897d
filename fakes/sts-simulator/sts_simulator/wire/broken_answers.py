"""How a broken answer looks over HTTP: its content type and its bytes, by the fault's word."""

from __future__ import annotations

from http.client import responses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sts_simulator.account.faults import Breakage

_XML = "text/xml"
_PAGE = """<html>
<head><title>{title}</title></head>
<body>
<center><h1>{title}</h1></center>
</body>
</html>
"""
_GARBAGE = b"\x16\x03\x01\x02\x00\x01\x00%&@"


def broken(breakage: Breakage, right: bytes) -> tuple[str, bytes]:
    """Return content type and body of the broken answer; `right` is the body of STS's answer."""
    match breakage.word:
        case "truncated" | "cut":
            return _XML, right[: len(right) // 2]
        case "html":
            title = f"{breakage.status} {responses.get(breakage.status, '')}".strip()
            return "text/html", _PAGE.format(title=title).encode()
        case "garbage":
            return _XML, _GARBAGE
    return _XML, b""
