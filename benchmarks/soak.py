"""Runs the simulator under load: eight clients at once, faults of every kind, rotating keys.

    python -m benchmarks.soak [--seconds 60] [--seed N]

The clients make sessions in the first half and none in the second, so memory that
grows in the second half is a leak.  The exit status is 1 when threads, sockets or
memory leaked, or when an answer was not expected.  Linux only: it reads /proc.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.raw_client import Credentials, RawClient
from sts_simulator.client import Key, Simulator

if TYPE_CHECKING:
    from collections.abc import Callable

CLIENTS = 8
ANSWER_TIMEOUT = 0.3  # seconds that a client waits for an answer
PER_SESSION = 4096  # bytes that a session may cost
LEAK_LIMIT = 2 * 2**20  # bytes by which memory may vary without a leak
SETTLES_WITHIN = 10.0  # seconds
ROLE = "arn:aws:iam::123456789012:role/anybody"

_FAULTS = (
    {"answer": "timeout"},
    {"answer": "reset"},
    {"answer": "truncated"},
    {"answer": "garbage"},
    {"answer": "html"},
    {"answer": "empty"},
    {"answer": "Throttling", "times": 3},
    {"answer": "InternalFailure", "after": 5},
    {"latency": "20ms", "times": 5},
)
_CODE = re.compile(rb"<Code>(\w+)</Code>")
# Codes of refusals that are expected: of a fault, an old key, or a session that may not call.
_EXPECTED = {"Throttling", "InternalFailure", "InvalidClientTokenId", "AccessDenied"}


class Footprint(NamedTuple):
    """What a process uses: bytes of memory, threads, file descriptors."""

    memory: int
    threads: int
    files: int


def footprint(pid: int) -> Footprint:
    """Return the footprint of a process, from /proc."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    read = {name: value for name, _, value in (line.partition(":") for line in status.splitlines())}
    files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return Footprint(int(read["VmRSS"].split()[0]) * 1024, int(read["Threads"]), files)


@dataclass
class Tally:
    """Counts of what all clients received; `lock` guards them."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    answers: Counter[str] = field(default_factory=Counter)
    unexpected: list[bytes] = field(default_factory=list)
    sessions: int = 0

    def count(self, status: int, body: bytes) -> None:
        """Count an answer by its error code or status; keep it if it is unexpected."""
        found = _CODE.search(body)
        code = found[1].decode() if found else {502: "html", 200: "200"}.get(status, str(status))
        with self.lock:
            self.answers[code] += 1
            if code not in _EXPECTED | {"html", "200"}:
                self.unexpected.append(body[:200])


class Client:
    """A client with a user of its own, whose key it rotates, and the last session that it got."""

    def __init__(self, simulator: Simulator, user: str, tally: Tally, seed: str) -> None:
        self._simulator = simulator
        self._user = user
        self._tally = tally
        self._random = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self._http = RawClient(simulator.endpoint, ANSWER_TIMEOUT)
        self._keys: Key = simulator.users[user]
        self._session = self._good

    def run(self, until: float, *, sessions: bool) -> None:
        """Make random calls until this instant, with or without making sessions; then close."""
        weighted: list[tuple[int, Callable[[], object]]] = [
            (60, lambda: self._call(self._good, "GetCallerIdentity")),
            (20, lambda: self._call(self._session, "GetCallerIdentity")),
            (5, lambda: self._call(self._good, "GetUser", service="iam")),
            (3, self._break),
            (2, self._rotate),
        ]
        if sessions:
            weighted += [(20, self._log_in), (10, self._assume)]
        weights, actions = zip(*weighted, strict=True)
        while time.monotonic() < until:
            (action,) = self._random.choices(actions, weights)
            try:
                action()
            except OSError as broken:
                with self._tally.lock:
                    self._tally.answers[type(broken).__name__] += 1
        self._http.close()

    @property
    def _good(self) -> Credentials:
        return Credentials(self._keys["access_key_id"], self._keys["secret_access_key"])

    def _call(
        self,
        who: Credentials,
        action: str,
        parameters: dict[str, object] | None = None,
        service: str = "sts",
    ) -> bytes:
        status, body = self._http.call(who, action, parameters, service)
        self._tally.count(status, body)
        return body if status == 200 else b""

    def _log_in(self) -> None:
        self._granted(self._call(self._good, "GetSessionToken", {"DurationSeconds": 900}))

    def _assume(self) -> None:
        asked: dict[str, object] = {"RoleArn": ROLE, "RoleSessionName": self._user}
        self._granted(self._call(self._session, "AssumeRole", asked))

    def _granted(self, body: bytes) -> None:
        parts = [
            re.search(rf"<{name}>([^<]+)</{name}>".encode(), body)
            for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")
        ]
        if all(parts):
            self._session = Credentials(*(part[1].decode() for part in parts if part))
            with self._tally.lock:
                self._tally.sessions += 1

    def _break(self) -> None:
        fault = dict(self._random.choice(_FAULTS))
        self._simulator.fault("*", user=self._user, **fault)  # type: ignore[arg-type]  # JSON

    def _rotate(self) -> None:
        self._keys = self._simulator.rotate(self._user)


def phase(simulator: Simulator, tally: Tally, seed: str, seconds: float, *, sessions: bool) -> None:
    """Run the clients for this time, each in a thread."""
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(
            target=Client(simulator, f"u{number}", tally, f"{seed}/{number}").run,
            args=(until,),
            kwargs={"sessions": sessions},
        )
        for number in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def settled(simulator: Simulator, before: Footprint) -> Footprint:
    """Return the footprint once threads and files are back to `before`, or after a timeout."""
    simulator.clear_faults()
    deadline = time.monotonic() + SETTLES_WITHIN
    while True:
        now = footprint(simulator.pid)
        if now.threads <= before.threads and now.files <= before.files:
            return now
        if time.monotonic() > deadline:
            return now
        time.sleep(0.1)


def main() -> int:
    """Run the load and report; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", default="soak")
    options = parser.parse_args()
    users = [f"u{number}" for number in range(CLIENTS)]
    tally = Tally()
    with Simulator(*(text for user in users for text in ("--user", user))) as simulator:
        table = {f"k{user}": {**_key(simulator.users[user]), "user": user} for user in users}
        keys = simulator.users
        simulator.world({"keys": table, "roles": {"anybody": {}}})
        simulator.users = keys
        idle = footprint(simulator.pid)
        # First fill the simulator's list of calls, which has a limit.
        phase(simulator, tally, f"{options.seed}/warm", 5, sessions=False)
        start = settled(simulator, idle)
        phase(simulator, tally, f"{options.seed}/1", options.seconds / 2, sessions=True)
        middle = settled(simulator, idle)
        phase(simulator, tally, f"{options.seed}/2", options.seconds / 2, sessions=False)
        end = settled(simulator, idle)
    return report(tally, idle, start, middle, end)


def _key(user: Key) -> dict[str, str]:
    return {"id": user["access_key_id"], "secret": user["secret_access_key"]}


def report(
    tally: Tally, idle: Footprint, start: Footprint, middle: Footprint, end: Footprint
) -> int:
    """Print what was observed; return 1 when something leaked or was unexpected."""
    held, lost = middle.memory - start.memory, end.memory - middle.memory
    print(f"answers   {dict(tally.answers.most_common())}")  # noqa: T201 - it is a command
    print(f"unexpected {tally.unexpected[:5]}")  # noqa: T201 - the same
    print(f"threads   {idle.threads} before, {end.threads} after")  # noqa: T201 - the same
    print(f"files     {idle.files} before, {end.files} after")  # noqa: T201 - the same
    print(f"sessions  {tally.sessions}, {held / max(tally.sessions, 1):.0f} bytes each")  # noqa: T201 - the same
    print(f"lost      {lost} bytes where no session was made")  # noqa: T201 - the same
    good = (
        not tally.unexpected
        and end.threads <= idle.threads
        and end.files <= idle.files
        and held <= PER_SESSION * tally.sessions + LEAK_LIMIT
        and lost <= LEAK_LIMIT
    )
    print("good" if good else "NOT GOOD")  # noqa: T201 - the same
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
