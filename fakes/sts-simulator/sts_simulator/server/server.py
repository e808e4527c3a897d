"""The simulator over HTTP: one endpoint for STS, for everything else, and for control."""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING, Self

from sts_simulator.account.authentication import Signature
from sts_simulator.server import waits
from sts_simulator.server.control import PREFIX, control, stranger
from sts_simulator.server.elsewhere import OPEN, Elsewhere
from sts_simulator.server.http1 import Connection, Listener
from sts_simulator.wire import sigv4, sts
from sts_simulator.wire.http import HttpAnswer, HttpRequest

if TYPE_CHECKING:
    from types import TracebackType

    from sts_simulator.server.simulation import Simulation


class Server:
    """Serves a simulation on loopback.  As a context manager: from a thread of its own."""

    def __init__(self, simulation: Simulation, port: int = 0, *, verbose: bool = False) -> None:
        self.simulation = simulation
        self._verbose = verbose
        self._elsewhere = Elsewhere()
        self._listener = Listener(port, self._serve)
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
        """Answer one request: STS with all its latency and faults, the rest at once."""
        try:
            reply = self._reply(request)
        except Exception as bug:  # noqa: BLE001 - a bug of ours is not to end a client's connection
            said = f"a bug of the simulator's: {bug!r}\n".encode()
            reply = sts.Reply(HttpAnswer(500, {"Content-Type": "text/plain"}, said))
        self._tell(request, reply.answer)
        if waits.wants_to_be_told(request.headers):
            reply = waits.told(reply)
        outcome = reply.outcome
        if outcome and outcome.breakage and not outcome.breakage.status:
            connection.break_off(outcome.breakage)
            return
        if outcome and outcome.latency:
            time.sleep(outcome.latency.total_seconds())
        connection.send(request.method, reply.answer)

    def _tell(self, request: HttpRequest, answer: HttpAnswer) -> None:
        if self._verbose:
            sys.stderr.write(f"{request.method} {request.path} {answer.status}\n")

    def _reply(self, request: HttpRequest) -> sts.Reply:
        if request.path.startswith((PREFIX, OPEN)) and (refusal := stranger(request)):
            return sts.Reply(refusal)
        if request.path.startswith(PREFIX):
            return sts.Reply(control(self.simulation, request))
        account = self.simulation.account
        if is_for_sts(request):
            return sts.reply(account, request)
        return sts.Reply(self._elsewhere.answer(account, request))


def is_for_sts(request: HttpRequest) -> bool:
    """Tell whether a request is STS's: by its scope, its Version, or unsigned as STS's are."""
    if request.parameters.get("Version") == sts.VERSION:
        return True
    signature = sigv4.read(request)
    if isinstance(signature, Signature):
        return signature.service == "sts"
    return signature is None and request.path == "/" and request.is_form
