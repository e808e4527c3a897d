"""The simulator over HTTP: one endpoint for STS, the other services and the control interface."""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING, Self

from sts_simulator.account.authentication import Signature
from sts_simulator.server import delays
from sts_simulator.server.control import PREFIX, control, foreign_host
from sts_simulator.server.http1 import Connection, Listener
from sts_simulator.server.moto_services import OPEN, MotoServices
from sts_simulator.wire import query_api, sigv4
from sts_simulator.wire.http import HttpAnswer, HttpRequest

if TYPE_CHECKING:
    from types import TracebackType

    from sts_simulator.server.simulation import Simulation


LARGEST_OBJECT = 256 * 2**20  # bytes: what S3 and other services may be sent


class Server:
    """Serves a simulation on loopback.  As a context manager it does so in a thread."""

    def __init__(self, simulation: Simulation, port: int = 0, *, verbose: bool = False) -> None:
        self.simulation = simulation
        self._verbose = verbose
        self._moto = MotoServices()
        self._listener = Listener(port, self._serve, largest_body)
        self.endpoint = self._listener.endpoint

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
        try:
            reply = self._reply(request)
        except Exception as bug:  # noqa: BLE001 - a bug must not end the client's connection
            said = f"a bug of the simulator's: {bug!r}\n".encode()
            reply = query_api.Reply(HttpAnswer(500, {"Content-Type": "text/plain"}, said))
        self._log(request, reply.answer)
        if delays.wants_report(request.headers):
            reply = delays.reported(reply)
        outcome = reply.outcome
        if outcome and outcome.breakage and not outcome.breakage.status:
            connection.break_off(outcome.breakage)
            return
        if outcome and outcome.latency:
            time.sleep(outcome.latency.total_seconds())
        connection.send(request.method, reply.answer)

    def _log(self, request: HttpRequest, answer: HttpAnswer) -> None:
        if self._verbose:
            sys.stderr.write(f"{request.method} {request.path} {answer.status}\n")

    def _reply(self, request: HttpRequest) -> query_api.Reply:
        if request.path.startswith((PREFIX, OPEN)) and (refusal := foreign_host(request)):
            return query_api.Reply(refusal)
        if request.path.startswith(PREFIX):
            return query_api.Reply(control(self.simulation, request))
        account = self.simulation.account
        if is_for_sts(request):
            return query_api.reply(account, request)
        return query_api.Reply(self._moto.answer(account, request))


def largest_body(head: HttpRequest) -> int:
    """Return how many bytes the body of a request with this head may have."""
    small = head.is_form or head.path.startswith((PREFIX, OPEN)) or is_for_sts(head)
    return query_api.LONGEST_BODY if small else LARGEST_OBJECT


def is_for_sts(request: HttpRequest) -> bool:
    """Return whether STS answers a request: by its Version, its scope, or as an unsigned form.

    STS redirects an unsigned ``GET /``, which is no request of another service.
    """
    if request.parameters.get("Version") == query_api.VERSION:
        return True
    signature = sigv4.read(request)
    if isinstance(signature, Signature):
        return signature.service == "sts"
    bare = request.target == "/" and request.method in ("GET", "HEAD")
    return signature is None and (bare or (request.path == "/" and request.is_form))
