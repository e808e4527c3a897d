"""Runs a program at another instant: ``python -m fakes.world.launcher --at INSTANT -- authkit …``.

The program is one of this environment's own, and runs in this very process,
with its own arguments, streams and exit status.  With ``--at`` its clock starts
there and ticks on; with ``--clock URL`` time is that of the simulator at that
URL, which may stand still.  Whoever waits does not: a sleep, an answer on its
way, and a connection that gives up move the clock at once.
"""

from __future__ import annotations

import argparse
import fcntl
import http.client
import json
import os
import runpy
import sys
import termios
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from freezegun import freeze_time

from sts_simulator.server import delays

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Protocol

    class Hands(Protocol):
        """What moves this process's clock: freezegun's."""

        def move_to(self, instant: datetime, /) -> None:
            """Make it this instant."""

    class TimeSource(Protocol):
        """Where this process has its time from; `ticks`: whether it passes by itself there."""

        ticks: bool

        def after(self, seconds: float) -> datetime:
            """Let so many seconds pass; return the instant then."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program in this process; ends as the program does."""
    options = _parser().parse_args(arguments)
    if options.own_terminal:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    source: TimeSource = SimulatedTime(options.clock) if options.clock else OwnTime()
    now = options.at or source.after(0)
    hands = freeze_time(now, tick=source.ticks).start()
    live_by(source, hands)
    script = Path(sys.executable).parent / options.program
    sys.argv = [str(script), *options.arguments]
    runpy.run_path(str(script), run_name="__main__")


def live_by(source: TimeSource, hands: Hands) -> None:
    """Have everything in this process that waits let its time pass at the source."""

    def wait(seconds: float) -> None:
        hands.move_to(source.after(seconds))

    waitpid = os.waitpid

    def wait_for_child(pid: int, options: int) -> tuple[int, int]:
        ended = waitpid(pid, options)
        wait(0)  # what it took, it took on the common clock
        return ended

    time.sleep = wait  # type: ignore[assignment]  # what is called here passes a number
    os.waitpid = wait_for_child
    spare_the_network(wait)


def spare_the_network(wait: Callable[[float], None]) -> None:
    """Have HTTP connections told how long an answer takes, and wait for it by `wait`."""
    end_headers = http.client.HTTPConnection.endheaders
    get_response = http.client.HTTPConnection.getresponse

    def ask_to_be_told(connection: Any, *body: Any, **options: Any) -> None:  # noqa: ANN401 - passed on
        connection.putheader(delays.REPORT_DELAY, "1")
        end_headers(connection, *body, **options)

    def wait_for_answer(connection: Any) -> http.client.HTTPResponse:  # noqa: ANN401 - botocore's
        response = get_response(connection)
        takes = float(response.headers.get(delays.DELAY, 0))
        if takes and takes >= connection.timeout:
            wait(connection.timeout)
            raise TimeoutError("timed out")  # as its socket says it
        if takes:
            wait(takes)
        return response

    http.client.HTTPConnection.endheaders = ask_to_be_told  # type: ignore[assignment,method-assign]
    http.client.HTTPConnection.getresponse = wait_for_answer  # type: ignore[assignment,method-assign]


class OwnTime:
    """This process's own: it ticks by itself, and waits are added."""

    ticks = True

    def after(self, seconds: float) -> datetime:
        """Let so many seconds pass at once."""
        return datetime.now(UTC) + timedelta(seconds=seconds)


class SimulatedTime:
    """The simulator's, in which other processes may let time pass too."""

    ticks: bool

    def __init__(self, url: str) -> None:
        self._host = urlsplit(url).netloc

    def after(self, seconds: float) -> datetime:
        """Let so many seconds pass there; a simulator that has gone is an OSError."""
        connection = http.client.HTTPConnection(self._host)
        connection.request("POST", "/_sim/sleep", json.dumps({"for": f"{seconds:.6f}s"}))
        said = json.loads(connection.getresponse().read())
        connection.close()
        self.ticks = said["ticks"]
        return datetime.fromisoformat(said["now"])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m fakes.world.launcher", description="Run a program at another instant."
    )
    clock = parser.add_mutually_exclusive_group(required=True)
    clock.add_argument("--at", type=datetime.fromisoformat, metavar="INSTANT", help="and tick on")
    clock.add_argument("--clock", metavar="URL", help="have the time of a simulator")
    parser.add_argument(
        "--own-terminal", action="store_true", help="make standard input its controlling terminal"
    )
    parser.add_argument("program", help="a script of this environment, or its path")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    return parser


if __name__ == "__main__":
    main()
