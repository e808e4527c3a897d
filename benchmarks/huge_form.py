"""Measures whether two hundred signed calls a second notice that somebody sends huge forms.

    python -m benchmarks.huge_form

A client makes 200 signed calls a second for a while, with nothing else going on, and then
for as long while another process sends the largest form of the smallest fields, one after
the other.  That is a pair; there are several, in turn.  The bound is on the median of the
pairs' ratios of the 99th percentile: a machine that is slow for a while is slow for both
halves of a pair.  Where it may, it runs with a real-time priority, so that other programs'
load does not count.  The exit status is 1 when the bound is missed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.raw_client import Credentials, RawClient
from benchmarks.timing import Figure, spread
from sts_simulator.client import Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

PAIRS = 11
WINDOW = 3.0  # seconds: 600 calls
RATE = 200  # calls per second
LARGEST_RATIO = 2.0
_WARM_UP = 1.0  # seconds

# Sends the form again and again until it is ended.  Prints a line for each answer.
_SENDER = """
import sys
from benchmarks.raw_client import RawClient
client = RawClient(sys.argv[1], timeout=60)
form = b"x&" * 4_900_000
head = b"POST / HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Type: application/x-www-form-urlencoded"
while True:
    client.send(b"%s\\r\\nContent-Length: %d\\r\\n\\r\\n%s" % (head, len(form), form))
    print("answered", flush=True)
"""


class Pair(NamedTuple):
    """The 99th percentiles of a pair, in seconds, and how many forms were read meanwhile."""

    quiet: float
    busy: float
    forms: int

    @property
    def ratio(self) -> float:
        """How many times as long the slowest hundredth took."""
        return self.busy / self.quiet


def p99(times: list[float]) -> float:
    """Return the 99th percentile."""
    return statistics.quantiles(times, n=100)[98]


def calls(client: RawClient, who: Credentials, seconds: float) -> list[float]:
    """Make `RATE` calls a second; return the seconds that each took."""
    taken = []
    began = perf_counter()
    for number in range(int(seconds * RATE)):
        time.sleep(max(0.0, began + number / RATE - perf_counter()))
        sent = perf_counter()
        status, body = client.call(who, "GetCallerIdentity")
        taken.append(perf_counter() - sent)
        if status != 200:
            raise RuntimeError(f"{status} {body!r}")
    return taken


@contextmanager
def forms(endpoint: str) -> Iterator[list[str]]:
    """Send huge forms until the block ends; the list has a line for each that was answered."""
    command = [sys.executable, "-c", _SENDER, endpoint]
    answered: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sender:  # noqa: S603 - ours
        if sender.stdout is None:
            raise RuntimeError("there is always a pipe")
        sender.stdout.readline()  # the first one: from now on there is always one under way
        try:
            yield answered
        finally:
            sender.terminate()
            answered += sender.stdout.read().splitlines()


def _before_others() -> None:
    """Run this process and its children before all others, where that is allowed."""
    if sys.platform == "linux":
        with suppress(PermissionError):
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))


def pairs(number: int) -> Iterator[Pair]:
    """Measure so many pairs against a simulator in a process of its own."""
    _before_others()
    with Simulator("--user", "me") as simulator:
        key = simulator.users["me"]
        who = Credentials(key["access_key_id"], key["secret_access_key"])
        client = RawClient(simulator.endpoint)
        calls(client, who, _WARM_UP)
        for _ in range(number):
            quiet = p99(calls(client, who, WINDOW))
            with forms(simulator.endpoint) as answered:
                busy = p99(calls(client, who, WINDOW))
            yield Pair(quiet, busy, len(answered))


def figure(measured: list[Pair]) -> Figure:
    """Return the median of the ratios, with what it was made of."""
    quiet, busy = (statistics.median(side) * 1000 for side in list(zip(*measured, strict=True))[:2])
    told = (
        f"quiet {quiet:.1f} ms, with forms {busy:.1f} ms, {len(measured)} pairs, "
        f"{sum(pair.forms for pair in measured)} forms"
    )
    title = f"p99 of {RATE} signed calls a second, while somebody sends forms of 4.9 million fields"
    ratios = spread([pair.ratio for pair in measured])
    return Figure(told, *ratios).named("simulator", title, LARGEST_RATIO)


def main() -> int:
    """Measure and report; return 1 when the bound is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.huge_form", description=__doc__)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    measured = []
    for pair in pairs(parser.parse_args().pairs):
        measured.append(pair)
        sys.stdout.write(
            f"quiet {pair.quiet * 1000:6.2f} ms   with forms {pair.busy * 1000:6.2f} ms   "
            f"{pair.ratio:5.2f} times   {pair.forms} forms\n"
        )
        sys.stdout.flush()
    found = figure(measured)
    sys.stdout.write(
        f"{found.value:.2f} times ({found.low:.2f} to {found.high:.2f}); {found.told}\n"
    )
    return 0 if found.holds else 1


if __name__ == "__main__":
    sys.exit(main())
