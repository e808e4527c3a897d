"""HTTP requests and answers as values, without a connection."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sts_simulator.wire.form import first_values

if TYPE_CHECKING:
    from collections.abc import Mapping

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class HttpRequest:
    """A request.  `target` is path and query as sent; header names are in lower case.

    `source_ip` is the client's address.  `proxied_to` is the host that the request names
    when it was sent as to a proxy.  `scheme` is that of the connection.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""
    source_ip: str = "127.0.0.1"
    proxied_to: str | None = None
    scheme: str = "http"
    # functools.cached_property has one lock for all requests until Python 3.12.
    _cache: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def path(self) -> str:
        """The path as sent."""
        return self.target.partition("?")[0]

    @property
    def origin(self) -> str:
        """The URL of the endpoint, as the client calls it."""
        return f"{self.scheme}://{self.headers.get('host', '')}"

    @property
    def query(self) -> str:
        """The query string as sent."""
        return self.target.partition("?")[2]

    @property
    def is_form(self) -> bool:
        """Whether the Content-Type says that the body is a form."""
        return self.headers.get("content-type", "").lower().startswith(FORM)

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of query and form.  Of equal names the first counts."""
        if "parameters" not in self._cache:
            form = self.body if self.is_form else b""
            self._cache["parameters"] = first_values(self.query.encode(), form)
        known: dict[str, str] = self._cache["parameters"]
        return known

    @property
    def body_sha256(self) -> str:
        """The SHA-256 of the body, in hexadecimal digits."""
        if "sha256" not in self._cache:
            self._cache["sha256"] = sha256(self.body).hexdigest()
        return str(self._cache["sha256"])


@dataclass(frozen=True)
class HttpAnswer:
    """An answer.  The server adds Content-Length and Connection."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


def json_answer(status: int, value: object) -> HttpAnswer:
    """Return an answer whose body is a value in JSON and a newline."""
    said = json.dumps(value).encode() + b"\n"
    return HttpAnswer(status, {"Content-Type": "application/json"}, said)
