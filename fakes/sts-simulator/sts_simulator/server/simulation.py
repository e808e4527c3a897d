"""The simulation that the server serves: an account in moto's IAM, its clock and its faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.moto_api._internal.models import moto_api_backend

from sts_simulator.account import account_table
from sts_simulator.account.account import SEED, Account
from sts_simulator.account.account_table import DEFAULT_USER
from sts_simulator.account.clock import Clock, real_time
from sts_simulator.account.directory import ACCOUNT_ID, PARTITION
from sts_simulator.account.faults import Faults
from sts_simulator.account.ids import Ids
from sts_simulator.account.moto_directory import MotoDirectory

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Simulation:
    """An account, a clock and faults, which the control interface can replace and reset.

    `start` is the ``[account]`` table that `reset` loads.
    """

    def __init__(self, start: Mapping[str, Any]) -> None:
        self._start = start
        self._resets = 0
        self._directory = MotoDirectory()
        self.reset()

    def reset(self) -> None:
        """Load the start's table, remove all faults, and set the clock to the real time."""
        self.clock = Clock(real_time(), ticks=True)
        self.faults = Faults()
        moto_api_backend.reset()
        self._resets += 1  # no session from before a reset is valid after it
        self.load(self._start, seed=f"simulation/{self._resets}")

    def load(self, table: Mapping[str, Any], seed: str = SEED) -> None:
        """Replace the account by that of a table.  Raises ValueError before any change.

        The same seed and table give the same ids, as in an account in process.
        """
        table = {"enforce": self._start.get("enforce", False), **table}
        settings = account_table.settings(table)
        self._directory.clear()
        self._directory = MotoDirectory(
            settings.get("account_id", ACCOUNT_ID), settings.get("partition", PARTITION)
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
    """Return the table of an account with these users, each with a key.

    Those of `with_device` have an MFA device too.  Without any user there is
    `DEFAULT_USER`, with a device.
    """
    if not users and not with_device:
        with_device = [DEFAULT_USER]
    ids = Ids("simulation")
    return {
        "id": ACCOUNT_ID,
        "keys": {
            name: {
                "id": ids.access_key_id("AKIA"),
                "secret": ids.secret(),
                "user": name,
            }
            for name in dict.fromkeys([*users, *with_device])
        },
        "mfa": [
            {"arn": arn, "secret": ids.totp_seed(arn), "user": name}
            for name in dict.fromkeys(with_device)
            for arn in [f"arn:aws:iam::{ACCOUNT_ID}:mfa/{name}"]
        ],
    }


def users_of(table: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return the credentials of the users of a starting world, by name."""
    users = {
        key["user"]: {"access_key_id": key["id"], "secret_access_key": key["secret"]}
        for key in table["keys"].values()
    }
    for device in table["mfa"]:
        users[device["user"]] |= {"mfa_arn": device["arn"], "totp_secret": device["secret"]}
    return users
