"""HTTP requests and answers as values, whoever brought them here."""

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
    """A request.  `target` is path and query as sent, the names in `headers` are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

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
        """Whether the body says that it is a form."""
        return self.headers.get("content-type", "").lower().startswith(FORM)

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The parameters of query and form.  Of one given twice the first counts."""
        pairs = _pairs(self.query)
        if self.is_form:
            pairs += _pairs(self.body.decode("utf-8", "replace"))
        return dict(reversed(pairs))


@dataclass(frozen=True)
class HttpAnswer:
    """An answer.  Content-Length and Connection are the server's to add."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


def _pairs(text: str) -> list[tuple[str, str]]:
    return parse_qsl(text, keep_blank_values=True, errors="replace")
