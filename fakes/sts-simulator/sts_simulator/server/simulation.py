"""A running simulation: an account in moto's IAM, its clock and faults, and a way back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from moto.moto_api._internal.models import moto_api_backend

from sts_simulator.account import account_table
from sts_simulator.account.account import SEED, Account
from sts_simulator.account.account_table import DEFAULT_USER
from sts_simulator.account.directory import ACCOUNT_ID, PARTITION
from sts_simulator.account.faults import Faults
from sts_simulator.account.ids import Ids
from sts_simulator.account.moto_directory import MotoDirectory

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def real_time() -> datetime:
    """Return the machine's own instant."""
    return datetime.now(UTC)


class SimulatedClock:
    """A clock that starts as the real one, and can be moved and stopped."""

    def __init__(self) -> None:
        self._at = self._since = real_time()
        self._ticks = True

    def now(self) -> datetime:
        """Return the simulated instant."""
        return self._at + (real_time() - self._since if self._ticks else timedelta())

    def move(self, instant: datetime) -> None:
        """Make it this instant."""
        self._at, self._since = instant.astimezone(UTC), real_time()

    def sleep(self, pause: timedelta) -> None:
        """Let so much time pass at once."""
        self.move(self.now() + pause)

    @property
    def ticks(self) -> bool:
        """Whether time passes by itself."""
        return self._ticks

    def tick(self, *, ticks: bool) -> None:
        """Let it tick, or stop it where it stands."""
        self.move(self.now())
        self._ticks = ticks


class Simulation:
    """What the server serves and the control interface changes.

    `start` is the ``[account]`` table of the world at the start.
    """

    def __init__(self, start: Mapping[str, Any]) -> None:
        self._start = start
        self._resets = 0
        self._directory = MotoDirectory()
        self.reset()

    def reset(self) -> None:
        """Go back to the start: same users and keys, no faults, the clock at real time."""
        self.clock = SimulatedClock()
        self.faults = Faults()
        moto_api_backend.reset()
        self._resets += 1  # sessions from before a reset are to be strangers after it
        self.load(self._start, seed=f"simulation/{self._resets}")

    def load(self, table: Mapping[str, Any], seed: str = SEED) -> None:
        """Replace the account by that of a table.  Raises ValueError, having changed nothing.

        With the same seed ids are those of the same story in process.
        """
        said = account_table.settings(table)
        self._directory.clear()
        self._directory = MotoDirectory(
            said.get("account_id", ACCOUNT_ID), said.get("partition", PARTITION)
        )
        self._directory.clear()
        self.account = Account.from_table(
            table,
            self.clock.now,
            real_time,
            directory=self._directory,
            faults=self.faults,
            seed=seed,
        )


def starting_world(users: Sequence[str], with_device: Sequence[str]) -> dict[str, Any]:
    """Return the table of a world with these users, each with a key, and devices for some.

    With neither there is one user, with a device.
    """
    if not users and not with_device:
        with_device = [DEFAULT_USER]
    ids = Ids("simulation")
    return {
        "id": ACCOUNT_ID,
        "keys": {
            name: {
                "id": ids.access_key_id("AKIA"),
                "secret": ids.secret().reveal(),
                "user": name,
            }
            for name in dict.fromkeys([*users, *with_device])
        },
        "mfa": [
            {"arn": arn, "secret": ids.totp_seed(arn).reveal(), "user": name}
            for name in dict.fromkeys(with_device)
            for arn in [f"arn:aws:iam::{ACCOUNT_ID}:mfa/{name}"]
        ],
    }


def users_of(table: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return what a client needs of the users in a starting world."""
    users = {
        key["user"]: {"access_key_id": key["id"], "secret_access_key": key["secret"]}
        for key in table["keys"].values()
    }
    for device in table["mfa"]:
        users[device["user"]] |= {"mfa_arn": device["arn"], "totp_secret": device["secret"]}
    return users
