"""The simulator over HTTP: one endpoint for STS, the other services and the control interface."""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from sts_simulator.account.authentication import Signature
from sts_simulator.server import delays, oidc
from sts_simulator.server.access import Access
from sts_simulator.server.control import MOTO_RESET, OPEN, PREFIX, control
from sts_simulator.server.listener import Connection, Listener
from sts_simulator.wire import query_api, sigv4
from sts_simulator.wire.hosts import sts_region
from sts_simulator.wire.http import HttpAnswer, HttpRequest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from ssl import SSLContext
    from types import TracebackType

    from sts_simulator.server.simulation import Simulation
    from sts_simulator.server.upstream import Upstream


LARGEST_OBJECT = 256 * 2**20  # bytes: what S3 and other services may be sent


@dataclass(frozen=True)
class Listen:
    """Where a server listens: on an interface's address or name, and on a port, 0 for a free one.

    `allowed` are more names by which the control interface may be reached on
    loopback.  With `certificate` the server uses TLS, with a certificate that it
    makes and writes to that file.
    """

    host: str = "127.0.0.1"
    port: int = 0
    allowed: Sequence[str] = ()
    certificate: Path | None = None

    def tls(self) -> SSLContext | None:
        """Return the context of TLS, None without it.  Raises OSError."""
        if self.certificate is None:
            return None
        from sts_simulator.server import certificate  # noqa: PLC0415 - TLS is rare

        return certificate.make(self.certificate, self.host, *self.allowed)


_LOOPBACK = Listen()


class Server:
    """Serves a simulation.  As a context manager it does so in a thread.

    It accepts connections from the beginning.  Without a simulation requests wait
    until `open` is called: moto, which a simulation needs, takes a second to import.
    """

    def __init__(
        self,
        simulation: Simulation | None = None,
        listen: Listen = _LOOPBACK,
        *,
        upstream: Upstream | None = None,
        verbose: bool = False,
    ) -> None:
        self._verbose = verbose
        self._upstream = upstream
        self._opened = threading.Event()
        address = listen.host, listen.port
        self._listener = Listener(address, self._serve, largest_body, listen.tls())
        self.endpoint = self._listener.endpoint
        self.access = Access(self._listener.address, listen.allowed)
        if simulation:
            self.open(simulation)

    def open(self, simulation: Simulation) -> None:
        """Begin to answer requests."""
        from sts_simulator.server.moto_services import MotoServices  # noqa: PLC0415 - imports moto

        self.simulation = simulation
        self._moto = MotoServices(self._upstream)
        self._opened.set()

    def __enter__(self) -> Self:
        threading.Thread(
            target=self._listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        self._listener.shutdown()
        self._listener.server_close()

    def _serve(self, request: HttpRequest, connection: Connection) -> None:
        """Answer one request.  Only STS has latency and faults."""
        self._opened.wait()
        scheme = self.endpoint.partition(":")[0]
        request = replace(request, source_ip=connection.source_ip, scheme=scheme)
        try:
            reply = self._reply(request)
        except Exception as bug:  # noqa: BLE001 - a bug must not end the client's connection
            said = f"a bug of the simulator's: {bug!r}\n".encode()
            reply = query_api.Reply(HttpAnswer(500, {"Content-Type": "text/plain"}, said))
        self._log(request, reply)
        if delays.wants_report(request.headers):
            reply = delays.reported(reply)
        outcome = reply.outcome
        if outcome and outcome.breakage and not outcome.breakage.status:
            connection.break_off(outcome.breakage)
            return
        if outcome and outcome.latency:
            time.sleep(outcome.latency.total_seconds())
        if outcome and outcome.breakage and outcome.breakage.cuts:
            connection.cut_short(request.method, reply.answer)
        else:
            connection.send(request.method, reply.answer)

    def _log(self, request: HttpRequest, reply: query_api.Reply) -> None:
        """Write a line on stderr, and the reason of a refusal, which AWS does not tell."""
        if not self._verbose:
            return
        lines = [f"{request.method} {request.path} {reply.answer.status}"]
        if error := reply.error:
            action = request.parameters.get("Action", "")
            lines.append(f"  {action} {error.code}: {error.reason or error.message}")
        # What a client sent is in them: it shall neither forge a line nor move the cursor.
        for line in lines:
            sys.stderr.write("".join(c if c.isprintable() else "\ufffd" for c in line) + "\n")

    def _reply(self, request: HttpRequest) -> query_api.Reply:
        refusal = self.access.proxy_refusal(request)
        if request.path.startswith((PREFIX, OPEN)):
            refusal = refusal or self.access.refusal(request)
        if refusal:
            return query_api.Reply(refusal)
        if request.path.startswith(PREFIX):
            return query_api.Reply(control(self.simulation, request))
        account = self.simulation.account
        if is_for_sts(request) or query_api.is_for_devices(request):
            return query_api.reply(account, request)
        if document := oidc.published(request):
            return query_api.Reply(query_api.dated(account, request, document))
        reply = self._moto.reply(account, request)
        if (request.method, request.path) == MOTO_RESET:
            self.simulation.reload()
        return reply


def largest_body(head: HttpRequest) -> int:
    """Return how many bytes the body of a request with this head may have."""
    small = head.is_form or head.path.startswith((PREFIX, OPEN)) or is_for_sts(head)
    return query_api.LONGEST_BODY if small else LARGEST_OBJECT


def is_for_sts(request: HttpRequest) -> bool:
    """Return whether STS answers a request: by its Version, its scope, or as an unsigned form.

    An endpoint of STS in the Host header says it as well for what is not signed.
    STS redirects an unsigned ``GET /``, which is no request of another service.
    """
    if request.parameters.get("Version") == query_api.VERSION:
        return True
    signature = sigv4.read(request)
    if isinstance(signature, Signature):
        return signature.service == "sts"
    bare = request.target == "/" and request.method in ("GET", "HEAD")
    named = sts_region(request.headers.get("host", "")) is not None
    return signature is None and (named or bare or (request.path == "/" and request.is_form))
