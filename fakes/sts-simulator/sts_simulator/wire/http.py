"""HTTP requests and answers as values, without a connection."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from collections.abc import Mapping

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class HttpRequest:
    """A request.  `target` is path and query as sent; header names are in lower case.

    `source_ip` is the client's address.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""
    source_ip: str = "127.0.0.1"

    @property
    def path(self) -> str:
        """The path as sent."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """The query string as sent."""
        return self.target.partition("?")[2]

    @property
    def is_form(self) -> bool:
        """Whether the Content-Type says that the body is a form."""
        return self.headers.get("content-type", "").lower().startswith(FORM)

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The parameters of query and form.  Of equal names the first counts."""
        pairs = _pairs(self.query)
        if self.is_form:
            pairs += _pairs(self.body.decode("utf-8", "replace"))
        return dict(reversed(pairs))


@dataclass(frozen=True)
class HttpAnswer:
    """An answer.  The server adds Content-Length and Connection."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


def _pairs(text: str) -> list[tuple[str, str]]:
    return parse_qsl(text, keep_blank_values=True, errors="replace")
