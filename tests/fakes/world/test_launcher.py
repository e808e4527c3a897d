"""The launcher: a program runs at another instant, and waiting takes no real time."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from fakes.world.network import FILE, NetworkFile
from sts_simulator.account.faults import Fault
from tests.support.pty_tools import ENVIRON, LIMIT, finished
from tests.support.simulator import WORLD

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.simulator import Simulator

AT = "2024-12-22T16:58:00-07:00"
NOW = "2024-12-22T23:58:00Z"
KEYS = ("AKIAXXXXXXXXXXXXXXXX", "new-secret-canary")

HEAD = """\
import json, os, sys, time
from datetime import UTC, datetime
def report(**more):
    print(json.dumps({"now": datetime.now(UTC).timestamp(), **more}))
"""
CALL = """
import botocore.config, botocore.session
from authkit.adapters.sts import Boto3Sts
from authkit.core.model import AccessKeys, Secret
from authkit.core.failures import Unreachable
try:
    Boto3Sts("us-east-1").get_caller_identity(AccessKeys(sys.argv[1], Secret(sys.argv[2])))
except Unreachable as trouble:
    report(reason=trouble.reason)
else:
    report(reason="")
"""
BEGINNING = 1_734_911_880.0  # AT and NOW, as time.time() has it


def launched(tmp_path: Path, script: str, *options: str, **environ: str) -> list[dict[str, Any]]:
    """Run a script under the launcher; return what it reported."""
    path = tmp_path / "script"
    path.write_text(HEAD + script, encoding="utf-8")
    command = [sys.executable, "-m", "fakes.world.launcher", *options, str(path), *KEYS]
    return [json.loads(line) for line in finished(command, ENVIRON | environ).stdout.splitlines()]


@pytest.fixture
def stopped(simulator: Simulator) -> Simulator:
    """Return the simulator with its clock stopped."""
    simulator.control("clock", {"tick": False})
    simulator.control("clock", {"now": NOW})
    return simulator


def now(simulator: Simulator) -> str:
    """Return the simulated instant."""
    return str(simulator.control("clock")["now"])


def test_a_program_starts_at_an_instant_and_ticks_on(tmp_path: Path) -> None:
    """A sleep of an hour moves the clock and takes no time."""
    script = (
        "report()\ntime.sleep(3600)\nreport(time=time.time(), local=datetime.now().timestamp())"
    )
    first, second = launched(tmp_path, script, "--at", AT)
    assert BEGINNING < first["now"] < BEGINNING + 60
    assert first["now"] + 3600 < second["time"] <= second["local"] <= second["now"]
    assert second["now"] < BEGINNING + 3660


def test_an_interrupt_before_the_program_runs() -> None:
    """^C while the launcher waits for the simulator's time ends it, and shows no traceback."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        clock = f"http://127.0.0.1:{silent.getsockname()[1]}"
        command = [sys.executable, "-m", "fakes.world.launcher", "--clock", clock, "authkit"]
        with (
            subprocess.Popen(  # noqa: S603 - our own program
                command, stderr=subprocess.PIPE, text=True, start_new_session=True
            ) as launcher,
            silent.accept()[0],
        ):
            launcher.send_signal(signal.SIGINT)
            _, said = launcher.communicate(timeout=LIMIT)
    assert (launcher.returncode, said) == (-signal.SIGINT, "")


def test_arguments_and_exit_status_are_the_programs_own(tmp_path: Path) -> None:
    """The launcher changes neither arguments, `__name__` nor exit status."""
    path = tmp_path / "script"
    path.write_text("import sys; print(sys.argv[1:], __name__); sys.exit(3)", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "fakes.world.launcher",
        "--at",
        AT,
        str(path),
        "--at",
        "--",
        "x",
    ]
    done = finished(command, check=False)
    assert (done.stdout, done.returncode) == ("['--at', '--', 'x'] __main__\n", 3)


def test_a_short_wait_on_a_shared_clock(tmp_path: Path, stopped: Simulator) -> None:
    """It takes real time, for another process; a longer one moves the clock as ever."""
    script = "report()\ntime.sleep(0.25)\nreport()\ntime.sleep(2)\nreport()"
    options = ("--shared", "--clock", stopped.endpoint)
    seen = [said["now"] for said in launched(tmp_path, script, *options)]
    assert seen == [BEGINNING, BEGINNING, BEGINNING + 2]
    assert now(stopped) == "2024-12-22T23:58:02Z"


def test_a_program_on_the_simulators_clock(tmp_path: Path, stopped: Simulator) -> None:
    """It stands still; a sleep moves it; the time that a child took has passed for its parent."""
    child = f"[{sys.executable!r}, '-c', {_sleeping(stopped.endpoint)!r}]"
    script = f"""
report()
time.sleep(0.25)
report()
pid = os.posix_spawn({sys.executable!r}, {child}, os.environ)
os.waitpid(pid, 0)
report()
"""
    seen = [said["now"] for said in launched(tmp_path, script, "--clock", stopped.endpoint)]
    assert seen == [BEGINNING, BEGINNING + 0.25, BEGINNING + 1860.25]
    assert now(stopped) == "2024-12-23T00:29:00Z"


def _sleeping(endpoint: str) -> str:
    """Return a program that lets 31 minutes pass on the simulator's clock."""
    body = b'{"for": "31m"}'
    return f"import urllib.request as u; u.urlopen('{endpoint}/_sim/sleep', {body!r}).read()"


@pytest.mark.parametrize(
    ("fault", "reason", "takes"),
    [
        ({"answer": "timeout"}, "no answer within 10 s", 10),
        ({"latency": "11s"}, "no answer within 10 s", 10),
        ({"latency": "9.5s"}, "", 9.5),
        ({"answer": "reset"}, "the connection closed unanswered", 0),
        ({"answer": "html", "latency": "2s"}, "HTTP 502 without an STS error", 2),
    ],
)
def test_slow_answers_take_time_on_the_clock_only(
    tmp_path: Path, stopped: Simulator, fault: dict[str, str], reason: str, takes: float
) -> None:
    """A slow answer and a timeout, with authkit's own client and its limits."""
    stopped.control("faults", [{"on": "*", **fault}])
    options = ("--clock", stopped.endpoint)
    (seen,) = launched(tmp_path, CALL, *options, AWS_ENDPOINT_URL_STS=stopped.endpoint)
    assert seen == {"now": BEGINNING + takes, "reason": reason}
    assert [code for _, code in stopped.calls()] == [fault.get("answer")]


def test_the_latency_of_an_account_is_reported_too(tmp_path: Path, stopped: Simulator) -> None:
    """An account may have a latency for every answer, beside that of a fault."""
    stopped.control("world", WORLD | {"latency": "400ms"})
    options = ("--clock", stopped.endpoint)
    (seen,) = launched(tmp_path, CALL, *options, AWS_ENDPOINT_URL_STS=stopped.endpoint)
    assert seen == {"now": BEGINNING + 0.4, "reason": ""}


def test_a_fault_of_the_network_happens_in_the_process(tmp_path: Path, stopped: Simulator) -> None:
    """STS sees nothing of the call; with the file empty the same program reaches it."""
    file = NetworkFile(tmp_path / "network.json")
    file.faults = [Fault.parse({"on": "GetCallerIdentity", "answer": "no route"})]
    environ = {"AWS_ENDPOINT_URL_STS": stopped.endpoint, FILE: str(file.path)}
    reasons = []
    for _ in range(2):
        (seen,) = launched(tmp_path, CALL, "--clock", stopped.endpoint, **environ)
        reasons.append(seen["reason"])
    assert reasons == [f"{stopped.endpoint}/: No route to host", ""]
    assert len(stopped.calls()) == 1


def test_time_that_passed_while_somebody_typed_is_seen(tmp_path: Path, stopped: Simulator) -> None:
    """Another process let it pass; the clock is read anew after a read from a terminal."""
    script = f"""
mine, theirs = os.openpty()
os.write(mine, b"typed\\n")
{_sleeping(stopped.endpoint)}
report()
os.read(theirs, 100)
report()
"""
    seen = [said["now"] for said in launched(tmp_path, script, "--clock", stopped.endpoint)]
    assert seen == [BEGINNING, BEGINNING + 1860]
