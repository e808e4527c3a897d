"""Who may change the simulation, and for which names the server answers as a proxy."""

from __future__ import annotations

import ipaddress
import secrets
from typing import TYPE_CHECKING

from sts_simulator.wire import hosts
from sts_simulator.wire.http import json_answer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sts_simulator.wire.http import HttpAnswer, HttpRequest


class Access:
    """The rules for a server that listens on `address` and also answers to the names `allowed`.

    `token` is what a request to the control interface must show, None on loopback.
    """

    def __init__(self, address: str, allowed: Iterable[str] = ()) -> None:
        self._allowed = {name.lower() for name in allowed}
        local = ipaddress.ip_address(address).is_loopback
        self.token = None if local else secrets.token_urlsafe(24)

    def refusal(self, request: HttpRequest) -> HttpAnswer | None:
        """Return the refusal of a request to the control interface, None when it is allowed.

        On loopback the Host header counts: a web page can make a domain name of its own
        resolve to 127.0.0.1, and only that header tells its request from one that this
        machine's user makes.  A page may also post to 127.0.0.1 by that name; its browser then
        says in Origin where the page is from, which other programs do not send.
        """
        if self.token is None:
            origin = request.headers.get("origin", "http://localhost").partition("://")[2]
            if self._is_own(request.headers.get("host", "")) and self._is_own(origin):
                return None
            return _forbidden("the control interface is for this machine alone; --allow-host")
        shown = request.headers.get("authorization", "")
        if secrets.compare_digest(shown.encode(), f"Bearer {self.token}".encode()):
            return None
        return _forbidden("send 'Authorization: Bearer' with the control_token of the ready line")

    def proxy_refusal(self, request: HttpRequest) -> HttpAnswer | None:
        """Return the refusal of a request that a proxy would have to pass on to somewhere."""
        if request.method == "CONNECT":
            return _forbidden("this is no proxy for TLS: give clients an endpoint with http")
        host = request.proxied_to
        if host is None or hosts.is_aws(host) or self._is_own(host):
            return None
        return _forbidden("this proxy answers for AWS and connects to nowhere")

    def _is_own(self, host: str) -> bool:
        return hosts.is_loopback(host) or hosts.name_of(host) in self._allowed


def _forbidden(reason: str) -> HttpAnswer:
    return json_answer(403, {"error": reason})
