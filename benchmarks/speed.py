"""Compares the simulator's speed with moto's server, and with itself holding 10,000 sessions.

    python -m benchmarks.speed

One client, which keeps its connection and signs every request, calls the servers in
turn, round by round.  Only the ratios have bounds.  The simulator verifies every
signature; moto verifies none.  The exit status is 1 when a ratio misses its bound.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

from benchmarks.raw_client import Credentials, RawClient
from benchmarks.timing import Figure, spread
from sts_simulator.client import Simulator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROUNDS = 9
ROUND = 0.7  # seconds
WARM_UP = 0.5  # seconds
SESSIONS, USERS = 10_000, 1_000
LEAST_SPEEDUP = 5.0  # at least: the simulator's rate by moto's
LARGEST_SLOWDOWN = 1.2  # less than: the time of a call with these by the time without
OPERATIONS = ("GetCallerIdentity", "GetSessionToken")

_MOTO = """
import logging, threading
from moto.server import ThreadedMotoServer
logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a log line a request would cost time
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
threading.Event().wait()
"""


@dataclass
class Server:
    """A server with its client, and what was measured of it.

    `rates` (calls per second of each round) and `calls` (seconds of each call) are
    kept by operation.
    """

    name: str
    client: RawClient
    who: Credentials
    rates: dict[str, list[float]] = field(default_factory=dict)
    calls: dict[str, list[float]] = field(default_factory=dict)

    def run(self, operation: str, seconds: float) -> None:
        """Call the operation for this time; keep the rate and the time of each call."""
        taken: list[float] = []
        began = last = perf_counter()
        while last - began < seconds:
            status, body = self.client.call(self.who, operation)
            if status != 200:
                raise RuntimeError(f"{self.name}: {status} {body!r}")
            now = perf_counter()
            taken.append(now - last)
            last = now
        self.rates.setdefault(operation, []).append(len(taken) / (last - began))
        self.calls.setdefault(operation, []).extend(taken)

    def forget(self) -> None:
        """Discard what was measured while warming up."""
        self.rates.clear()
        self.calls.clear()

    def median(self, operation: str) -> float:
        """Return the median time of a call, which load by other programs changes least."""
        return statistics.median(self.calls[operation])

    def row(self, operation: str) -> str:
        """Return the figures of one operation as a line of the report."""
        taken = sorted(self.calls[operation])
        p50, p99 = (taken[int(len(taken) * share)] * 1000 for share in (0.5, 0.99))
        rate = statistics.median(self.rates[operation])
        return f"  {self.name:22}{rate:8.0f}/s   p50 {p50:6.2f} ms   p99 {p99:6.2f} ms"


def simulator(stack: ExitStack, name: str, users: int = 0, sessions: int = 0) -> Server:
    """Start a simulator with so many users and sessions."""
    running = stack.enter_context(Simulator("--mfa", "dev-admin"))
    keys = {
        f"k{number}": {
            "id": f"AKIA{number:016}",
            "secret": f"secret-{number}",
            "user": f"u{number}",
        }
        for number in range(max(users, 1))
    }
    running.world({"keys": keys})
    last = len(keys) - 1
    who = Credentials(f"AKIA{last:016}", f"secret-{last}")
    client = RawClient(running.endpoint)
    for _ in range(sessions):
        client.call(who, "GetSessionToken")
    return Server(name, client, who)


def moto(stack: ExitStack) -> Server:
    """Start moto's own server."""
    process = stack.enter_context(
        subprocess.Popen([sys.executable, "-c", _MOTO], stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours
    )
    stack.callback(process.terminate)
    if process.stdout is None:
        raise RuntimeError("there is always a pipe")
    endpoint = f"http://127.0.0.1:{process.stdout.readline().strip()}"
    return Server("moto", RawClient(endpoint), Credentials("AKIAMOTOMOTOMOTOMOTO", "secret"))


def measure(servers: Iterable[Server]) -> None:
    """Run the servers in turn, each equally often."""
    servers = list(servers)
    for seconds in (WARM_UP, *[ROUND] * ROUNDS):
        for operation in OPERATIONS:
            for server in servers:
                server.run(operation, seconds)
        if seconds == WARM_UP:
            for server in servers:
                server.forget()


def ratios(one: Server, other: Server, operation: str) -> list[float]:
    """Return for each round the rate of `one` divided by that of `other`."""
    pairs = zip(one.rates[operation], other.rates[operation], strict=True)
    return [rate / base for rate, base in pairs]


def figures() -> Iterator[Figure]:
    """Measure, and yield the ratio of the simulator's rate to moto's for each operation."""
    with ExitStack() as stack:
        empty, moto_server = simulator(stack, "simulator, empty"), moto(stack)
        measure([empty, moto_server])
    for operation in OPERATIONS:
        ours, theirs = (
            statistics.median(server.rates[operation]) for server in (empty, moto_server)
        )
        told = f"simulator {ours:,.0f}/s, moto {theirs:,.0f}/s; only the simulator verifies"
        title = f"{operation}: calls a second, by those of moto's server"
        found = Figure(told, *spread(ratios(empty, moto_server, operation)))
        yield found.named("simulator", title, LEAST_SPEEDUP, at_least=True)


def main() -> int:
    """Measure and report; return 1 when a ratio misses its bound."""
    argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__).parse_args()
    good = True
    with ExitStack() as stack:
        empty = simulator(stack, "simulator, empty")
        full = simulator(stack, "simulator, full", USERS, SESSIONS)
        moto_server = moto(stack)
        measure([empty, full, moto_server])
    for operation in OPERATIONS:
        speedup = statistics.median(ratios(empty, moto_server, operation))
        slowdown = full.median(operation) / empty.median(operation)
        good = good and speedup >= LEAST_SPEEDUP and slowdown < LARGEST_SLOWDOWN
        say(operation, *(server.row(operation) for server in (empty, full, moto_server)))
        say(f"  {speedup:.1f} times moto (at least {LEAST_SPEEDUP:.0f})")
        holding = f"with {USERS:,} users, {SESSIONS:,} sessions"
        say(f"  {slowdown:.2f} times as long {holding} (< {LARGEST_SLOWDOWN})")
    return 0 if good else 1


def say(*lines: str) -> None:
    """Print lines."""
    print(*lines, sep="\n")  # noqa: T201 - it is a command


if __name__ == "__main__":
    sys.exit(main())
