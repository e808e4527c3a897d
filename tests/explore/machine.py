"""What lasts from one command to the next, and is shared by processes: a `Machine`.

Its entries, sessions, markers, notes, files and locks; the clock; the person's device;
and what STS has taken against keys, sessions and operations.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from fakes.world.config import PATH
from tests.explore.seats import ATTENDED

if TYPE_CHECKING:
    from collections.abc import Hashable

    from authkit.core.model import Marker

NAME, ROLE = "dev admin", "deploy"  # a name with a blank is quoted for a shell
BETWEEN = "gate"  # the role by which the other one is reached in a chain
NAMES = (NAME, BETWEEN, ROLE)
SECOND = "work"  # another user, whose keys are imported beside the first one's
MFA = "arn:aws:iam::123456789012:mfa/user"
# Devices with which no login is possible: of another account or partition, and a security key.
ANOTHER_ACCOUNTS = "arn:aws:iam::210987654321:mfa/user"
ANOTHER_PARTITIONS = "arn:aws-cn:iam::123456789012:mfa/user"
SECURITY_KEY = "arn:aws:iam::123456789012:u2f/user/dev-admin/blue-EXAMPLE"
TOKEN = "GAHT12345678"  # a hardware token, whose serial number names neither
PROGRAM: tuple[str, ...] = ("/home/dev/.local/bin/authkit",)
START = datetime(2024, 12, 22, 23, 58, 0, 400_000, tzinfo=UTC)  # no clock is at a whole second
FIRST = ("AKIAFIRSTFIRSTFIRST0", "secret-of-first")
OTHERS = ("AKIAOTHEROTHEROTHERO", "secret-of-others")
KEYS = {"access_key_id": FIRST[0], "secret_access_key": FIRST[1]}
SETTINGS = {"mfa_arn": MFA, "session_duration": "2h5s"}


def written(fields: dict[str, str], version: int = 1) -> str:
    """Return an entry's stored form."""
    return json.dumps({"version": version, **fields})


OTHERS_ENTRY = written({"access_key_id": OTHERS[0], "secret_access_key": OTHERS[1]})


@lru_cache(maxsize=4096)
def parsed(text: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return what a JSON text holds, None where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


class Machine:
    """The state of the world; `state` is all of it as one value."""

    def __init__(self) -> None:
        self.now = START
        self.aws = timedelta(0)  # by how much AWS's clock is ahead
        self.entries: dict[str, str] = {}
        self.sessions: dict[str, str] = {}
        self.markers: dict[str, Marker] = {}
        self.notes: dict[str, str] = {}
        self.files: dict[str, bytes] = {}
        self.config_path = PATH  # of authkit's config file
        self.locks: dict[str, int] = {}  # the process that holds each
        self.writer: int | None = None  # the process that writes to the keyring alone
        self.answers: dict[str, str] = {}  # what these keys, or this operation, are answered
        self.counts: dict[str, int] = {}  # how many of each were handed out
        self.sent: tuple[str, ...] = ()  # the codes that STS has got, the last one last
        self.noted: dict[str, float] = {}  # when a device and its code were noted
        self.in_the_clear = False
        self.network = ""  # its settings, by name (``narrow``)
        self.program = PROGRAM  # the words that start authkit
        self.sight = ""  # what doctor may see, by name (``sights``)
        self.later = ""  # what AWS's credentials file is to be (``imports.LATER``)
        self.failing = ""  # what fails for each of several identities (``mixed``)
        self.place, self.umask = "", ""  # of session files (``disk``)
        self.written = ""  # what is odd about a file (``contents``)
        self.left_over: tuple[str, ...] = ()  # drafts, and what is not synced (``disk``)
        self.began: frozenset[str] = frozenset()  # the identities with a session before
        self.seat = ATTENDED  # of the process (``seats``)
        self.jumped = timedelta(0)  # by how much the clock was put right

    def next(self, what: str) -> int:
        """Return the next number of something that is handed out."""
        self.counts[what] = self.counts.get(what, 0) + 1
        return self.counts[what]

    def put_right(self, by: timedelta) -> None:
        """Set the clock; what elapses is not changed by that."""
        self.now += by
        self.jumped += by

    def jump(self, option: str) -> bool:
        """Set the clock if the option that was chosen says so; tell whether it did."""
        days = {"later": 10, "earlier": -10}.get(option.rpartition("ten days ")[2], 0)
        self.now += timedelta(days=days)
        return bool(days)

    @property
    def config(self) -> str | None:
        """The text of authkit's config file."""
        content = self.files.get(self.config_path)
        return None if content is None else content.decode()

    def free(self, process: int) -> None:
        """Free what a process holds: it has ended."""
        self.locks = {name: holder for name, holder in self.locks.items() if holder != process}
        if self.writer == process:
            self.writer = None

    def copy(self) -> Machine:
        """Return another machine in the same state."""
        other = Machine()
        for name, value in vars(self).items():
            setattr(other, name, dict(value) if isinstance(value, dict) else value)
        return other

    def end(self) -> Hashable:
        """Return what a command that comes next may depend on.

        Neither the numbers of what was handed out matter to it nor the instant, but only how
        long things still hold: a session to the quarter of an hour, a marker to a minute.
        """
        return (
            self.aws.total_seconds(),
            tuple(self.entries.items()),
            tuple((name, self._held(text)) for name, text in self.sessions.items()),
            tuple(
                (name, *_told(m), m.untried and (self.now - m.untried).seconds // 60)
                for name, m in self.markers.items()
            ),
            tuple((n, isinstance(parsed(text), dict)) for n, text in self.notes.items()),
            tuple(self.files.items()),
            tuple(name for name in self.answers if name.startswith("AKIA")),
            self.in_the_clear,
            bool(self.sent),
            self.sight,
        )

    def _held(self, text: str) -> Hashable:
        """Return what a session file says, with how long it still holds instead of its instants."""
        found = parsed(text)
        if not isinstance(found, dict) or not isinstance(found.get("expiration"), int):
            return text
        left = (found["expiration"] - self.now.timestamp()) // 900
        same = ("source", "mfa_arn", "duration", "by_option", "identity", "origin", "config_stamp")
        return (left, str(found.get("access_key_id"))[:7], *(found.get(name) for name in same))

    def state(self) -> tuple[Hashable, ...]:
        """Return everything that what follows may depend on."""
        return (
            int(self.now.timestamp()),
            self.aws.total_seconds(),
            self.jumped.total_seconds(),
            tuple(sorted(self.entries.items())),
            tuple(sorted(self.sessions.items())),
            tuple((n, *_told(m), str(m.untried)) for n, m in sorted(self.markers.items())),
            tuple(sorted(self.notes.items())),
            tuple(sorted(self.files.items())),
            tuple(sorted(self.locks.items())),
            self.writer,
            tuple(sorted(self.answers.items())),
            tuple(sorted(self.noted.items())),
            self.in_the_clear,
            tuple(sorted(self.counts.items())),
            self.sent,
            *(self.sight, self.program, self.later, self.failing),
            *(self.network, self.place, self.umask, self.written, self.left_over, self.seat),
        )


def _told(marker: Marker) -> tuple[Hashable, ...]:
    """Return what a marker tells beside an instant."""
    return (marker.backend, marker.gone, marker.offer_devices)
