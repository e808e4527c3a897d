"""Runs a program at another instant: ``python -m fakes.world.launcher --at INSTANT authkit …``.

The program is a script of this Python environment.  It runs in this process,
with its own arguments, streams and exit status.  With ``--at`` its clock starts
at that instant and ticks; with ``--clock URL`` it uses the clock of the
simulator at that URL, which may stand still.  Waiting takes no real time: a
sleep, a slow answer and a timeout move the clock at once.  ``--shared`` is for a
person who tries authkit: then `doctor` tells of this machine, else of that of stories.
"""

from __future__ import annotations

import argparse
import fcntl
import http.client
import json
import os
import runpy
import select
import signal
import sys
import termios
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from authkit.adapters import keyring_choice, own_program
from authkit.adapters.world import RealWorld
from authkit.core import endpoints
from fakes.world import network
from fakes.world.versions import VERSIONS
from sts_simulator.server import delays

_SECOND = 1000  # milliseconds, as poll takes them
ENDPOINT = "FAKES_ENDPOINT"  # the variable that names the address to show for STS's

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Protocol

    class MovableClock(Protocol):
        """The clock of this process, as freezegun returns it."""

        def move_to(self, instant: datetime, /) -> None:
            """Set the clock."""

    class TimeSource(Protocol):
        """Where the time of this process comes from.

        `ticks` is whether time passes there without anybody waiting.
        """

        ticks: bool

        def after(self, seconds: float) -> datetime:
            """Let so many seconds pass; return the instant after them."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program in this process; end as it ends."""
    interrupt = signal.getsignal(signal.SIGINT)
    if interrupt is signal.default_int_handler:  # ^C ends what is not the program yet, silently
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from freezegun import freeze_time  # noqa: PLC0415 - slow to import: ^C may come meanwhile

    options = _parser().parse_args(arguments)
    if options.own_terminal:
        fcntl.ioctl(2, termios.TIOCSCTTY, 0)
    source: TimeSource = SimulatedTime(options.clock) if options.clock else OwnTime()
    now = options.at or source.after(0)
    clock = freeze_time(now, tick=source.ticks).start()
    vars(time).pop("CLOCK_BOOTTIME", None)  # freezegun moves time.monotonic, not this one
    wait_at_source(source, clock, shared=options.shared)
    name_endpoint(endpoints.shown(os.environ.get(ENDPOINT, "")))
    if options.called:
        be_called(options.called)
    if options.shared:
        be_at_the_simulator(options.clock)
    else:
        be_a_machine_of_stories()
    file = network.NetworkFile(Path(os.environ.get(network.FILE, os.devnull)))
    if file.faults:
        fail_on_the_way(file.taking())
    script = Path(sys.executable).parent / options.program
    sys.argv = [str(script), *options.arguments]
    signal.signal(signal.SIGINT, interrupt)
    runpy.run_path(str(script), run_name="__main__")


def name_endpoint(endpoint: str) -> None:
    """Have authkit take the simulator's address for AWS's own, or for this one."""
    endpoints.configured = lambda *_: endpoint  # the arguments of the function it replaces


def be_called(path: str) -> None:
    """Have authkit write this path where other programs are to start it, as in a profile."""
    words = own_program.words
    own_program.words = lambda _script, *more: words(path, *more)


def be_at_the_simulator(address: str) -> None:
    """Have `doctor` tell that the simulator is what authkit takes for AWS."""
    from authkit.doctor.words import FINE, ROWS, Row  # noqa: PLC0415 - for people alone

    ROWS["endpoint"] = Row(FINE, f"the simulator's, in AWS's place:\n  {address}")


def be_a_machine_of_stories() -> None:
    """Have authkit find the versions that stories tell of, and no setting for the keyring."""
    RealWorld.versions = lambda _world: VERSIONS  # type: ignore[method-assign,assignment]
    keyring_choice.chosen_by = lambda: ""


def fail_on_the_way(take: Callable[[str], str]) -> None:
    """Have the network's faults happen to this process's requests to STS.

    `take` counts a call of an operation, and returns the word of the fault that is due.
    """
    from urllib3.connection import HTTPConnection  # noqa: PLC0415 - slow to import, and rarely needed

    request = HTTPConnection.request

    def send_or_fail(connection: Any, *asked: Any, **options: Any) -> None:  # noqa: ANN401 - urllib3's own
        body = options.get("body", asked[2] if len(asked) > 2 else b"")  # after method and URL
        form = parse_qs(body.decode() if isinstance(body, bytes) else body or "")
        if "Action" in form and (word := take(network.called(form["Action"][0]))):
            connection.close()  # so that it has to connect anew
            with network.failing_connections(word):
                request(connection, *asked, **options)
        request(connection, *asked, **options)

    HTTPConnection.request = send_or_fail  # type: ignore[method-assign,assignment]


def wait_at_source(source: TimeSource, clock: MovableClock, *, shared: bool = False) -> None:
    """Replace what waits in this process: let the time pass at the source, then set the clock.

    On a clock that is `shared` with people at other terminals a wait of less than a second
    takes real time, and moves no clock: it is for one of them, as for a lock.
    """
    really_sleep = time.sleep

    def wait(seconds: float) -> None:
        if shared and 0 < seconds < 1:
            really_sleep(seconds)
            seconds = 0
        clock.move_to(source.after(seconds))

    waitpid = os.waitpid

    def wait_for_child(pid: int, options: int) -> tuple[int, int]:
        ended = waitpid(pid, options)
        wait(0)  # the child's time passed at the source: read the clock there
        return ended

    read = os.read

    def read_answer(descriptor: int, length: int) -> bytes:
        typed = read(descriptor, length)
        if os.isatty(descriptor):
            wait(0)  # other processes may have let time pass while the person typed
        return typed

    os.read = read_answer
    time.sleep = wait  # type: ignore[assignment]  # callers pass one number, as to time.sleep
    os.waitpid = wait_for_child
    wait_for_reported_delays(wait)
    wait_for_input(wait)


def wait_for_input(wait: Callable[[float], None]) -> None:
    """Make a poll for a second or more look once, and call `wait` when nothing is there.

    What a test gives to a program is there before the program starts.  Shorter polls, and
    those without a limit, are for a person or another process.
    """
    make_poll = select.poll

    class Poll:
        """A poll object, as far as authkit uses one."""

        def __init__(self) -> None:
            self._poll = make_poll()
            self.register = self._poll.register

        def poll(self, milliseconds: float | None = None) -> list[tuple[int, int]]:
            if milliseconds is None or milliseconds < _SECOND:
                return self._poll.poll(milliseconds)
            found = self._poll.poll(0)
            if not found:
                wait(milliseconds / _SECOND)
            return found

    select.poll = Poll  # type: ignore[assignment,misc]  # the same methods


def wait_for_reported_delays(wait: Callable[[float], None]) -> None:
    """Make HTTP connections ask the simulator to report delays instead of sleeping.

    The delay comes in a header of the answer, and the connection calls `wait`
    for it, or for its timeout if that is shorter.
    """
    end_headers = http.client.HTTPConnection.endheaders
    get_response = http.client.HTTPConnection.getresponse

    def ask_for_report(connection: Any, *body: Any, **options: Any) -> None:  # noqa: ANN401 - any HTTPConnection's
        connection.putheader(delays.REPORT_DELAY, "1")
        end_headers(connection, *body, **options)

    def wait_as_reported(connection: Any) -> http.client.HTTPResponse:  # noqa: ANN401 - botocore's
        response = get_response(connection)
        takes = float(response.headers.get(delays.DELAY, 0))
        if takes and takes >= connection.timeout:
            wait(connection.timeout)
            raise TimeoutError("timed out")  # the text of a socket's timeout
        if takes:
            wait(takes)
        return response

    http.client.HTTPConnection.endheaders = ask_for_report  # type: ignore[assignment,method-assign]
    http.client.HTTPConnection.getresponse = wait_as_reported  # type: ignore[assignment,method-assign]


class OwnTime:
    """The clock of this process, which ticks; waits are added to it."""

    ticks = True

    def after(self, seconds: float) -> datetime:
        """Let so many seconds pass at once."""
        return datetime.now(UTC) + timedelta(seconds=seconds)


class SimulatedTime:
    """The clock of a simulator, on which other processes may let time pass too."""

    ticks: bool

    def __init__(self, url: str) -> None:
        self._host = urlsplit(url).netloc

    def after(self, seconds: float) -> datetime:
        """Let so many seconds pass there.  Raises OSError when the simulator has ended."""
        connection = http.client.HTTPConnection(self._host)
        connection.request("POST", "/_sim/sleep", json.dumps({"for": f"{seconds:.6f}s"}))
        answer = json.loads(connection.getresponse().read())
        connection.close()
        self.ticks = answer["ticks"]
        return datetime.fromisoformat(answer["now"])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m fakes.world.launcher", description="Run a program at another instant."
    )
    clock = parser.add_mutually_exclusive_group(required=True)
    clock.add_argument("--at", type=datetime.fromisoformat, metavar="INSTANT", help="and tick on")
    clock.add_argument("--clock", metavar="URL", help="have the time of a simulator")
    parser.add_argument(
        "--own-terminal", action="store_true", help="make standard error its controlling terminal"
    )
    parser.add_argument(
        "--shared",
        action="store_true",
        help="be this machine, and let waits of less than a second take real time",
    )
    parser.add_argument(
        "--called", metavar="PATH", help="how the program is called, if not by that script's path"
    )
    parser.add_argument("program", help="a script of this environment, or its path")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    return parser


if __name__ == "__main__":
    main()
