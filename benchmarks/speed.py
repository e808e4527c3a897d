"""How quick the simulator is beside moto's server, and what 10,000 sessions cost it.

    python -m benchmarks.speed

One raw client that keeps its connection and signs every request calls the
servers in turn, round by round in one run; every figure that counts is a ratio.
The simulator checks every signature; moto checks none.  Exit status 1 when a
ratio misses its bound.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

from benchmarks.raw_client import Credentials, RawClient
from sts_simulator.client import Simulator

if TYPE_CHECKING:
    from collections.abc import Iterable

ROUNDS = 9
ROUND = 0.7  # seconds
WARM_UP = 0.5
SESSIONS, USERS = 10_000, 1_000
TIMES_MOTO = 5.0  # the simulator is to be at least so many times as quick
DEARER = 1.2  # and no call so many times as dear when it holds all these
OPERATIONS = ("GetCallerIdentity", "GetSessionToken")

_MOTO = """
import logging, threading
from moto.server import ThreadedMotoServer
logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line a request would slow it down
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
threading.Event().wait()
"""


@dataclass
class Runner:
    """A server, a client of it, and what was measured by operation: seconds of each call."""

    name: str
    client: RawClient
    who: Credentials
    rates: dict[str, list[float]] = field(default_factory=dict)
    calls: dict[str, list[float]] = field(default_factory=dict)

    def run(self, operation: str, seconds: float) -> None:
        """Call for so long, and remember how quick it was."""
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
        """Drop what was measured: it was to warm up."""
        self.rates.clear()
        self.calls.clear()

    def usual(self, operation: str) -> float:
        """Return what a call took in the median, which other programs' load moves least."""
        return statistics.median(self.calls[operation])

    def row(self, operation: str) -> str:
        """Return the figures of one operation as a line of a table."""
        taken = sorted(self.calls[operation])
        p50, p99 = (taken[int(len(taken) * share)] * 1000 for share in (0.5, 0.99))
        rate = statistics.median(self.rates[operation])
        return f"  {self.name:22}{rate:8.0f}/s   p50 {p50:6.2f} ms   p99 {p99:6.2f} ms"


def simulator(stack: ExitStack, name: str, users: int = 0, sessions: int = 0) -> Runner:
    """Start a simulator that holds so many users and sessions."""
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
    return Runner(name, client, who)


def moto(stack: ExitStack) -> Runner:
    """Start moto's own server."""
    process = stack.enter_context(
        subprocess.Popen([sys.executable, "-c", _MOTO], stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours
    )
    stack.callback(process.terminate)
    if process.stdout is None:
        raise RuntimeError("there is always a pipe")
    endpoint = f"http://127.0.0.1:{process.stdout.readline().strip()}"
    return Runner("moto", RawClient(endpoint), Credentials("AKIAMOTOMOTOMOTOMOTO", "secret"))


def measure(runners: Iterable[Runner]) -> None:
    """Let them run in turn, each as often as the others."""
    runners = list(runners)
    for seconds in (WARM_UP, *[ROUND] * ROUNDS):
        for operation in OPERATIONS:
            for runner in runners:
                runner.run(operation, seconds)
        if seconds == WARM_UP:
            for runner in runners:
                runner.forget()


def ratio(one: Runner, other: Runner, operation: str) -> float:
    """Return how many times as quick `one` was as `other`, round by round, in the median."""
    pairs = zip(one.rates[operation], other.rates[operation], strict=True)
    return statistics.median(mine / yours for mine, yours in pairs)


def main() -> int:
    """Measure, say what was measured, and return whether it is good enough."""
    good = True
    with ExitStack() as stack:
        empty = simulator(stack, "simulator, empty")
        full = simulator(stack, "simulator, full", USERS, SESSIONS)
        theirs = moto(stack)
        measure([empty, full, theirs])
    for operation in OPERATIONS:
        quicker = ratio(empty, theirs, operation)
        dearer = full.usual(operation) / empty.usual(operation)
        good = good and quicker >= TIMES_MOTO and dearer < DEARER
        say(operation, *(runner.row(operation) for runner in (empty, full, theirs)))
        say(f"  {quicker:.1f} times moto (at least {TIMES_MOTO:.0f})")
        say(
            f"  {dearer:.2f} times as dear with {USERS:,} users, {SESSIONS:,} sessions (< {DEARER})"
        )
    return 0 if good else 1


def say(*lines: str) -> None:
    """Print."""
    print(*lines, sep="\n")  # noqa: T201 - it is a command


if __name__ == "__main__":
    sys.exit(main())
