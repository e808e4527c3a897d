"""The simulation that the server serves: an account in moto's IAM, its clock and its faults."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from moto.moto_api._internal import mock_random
from moto.moto_api._internal.models import moto_api_backend

from sts_simulator.account import account_table
from sts_simulator.account.account import Account
from sts_simulator.account.clock import Clock, real_time
from sts_simulator.account.directory import ACCOUNT_ID, PARTITION
from sts_simulator.account.faults import Faults
from sts_simulator.account.moto_directory import MotoDirectory
from sts_simulator.server.starting_world import random_seed

if TYPE_CHECKING:
    from collections.abc import Mapping


class Simulation:
    """An account, a clock and faults, which the control interface can replace and reset.

    `start` is the ``[account]`` table that `reset` loads.  The ids, secrets and
    tokens of each world follow from `seed` and the number of worlds before it; the
    seed is random unless it is given.  So no two worlds of a process have a session
    in common, nor two processes without a seed.
    """

    def __init__(self, start: Mapping[str, Any], seed: str | None = None) -> None:
        self._start = start
        self._seed = seed or random_seed()
        self._worlds = 0
        self._directory = MotoDirectory()
        self._loading = threading.Lock()
        self.account = Account((real_time,))
        self.reset()

    def reset(self) -> None:
        """Load the start's table, remove all faults, and set the clock to the real time."""
        self.clock = Clock(real_time(), ticks=True)
        self.faults = Faults()
        moto_api_backend.reset()
        self.load(self._start)

    def reload(self) -> None:
        """Load the present world again, with new ids; the clock and the faults stay.

        Whoever resets moto's services has deleted the users that IAM had, and could not
        call again without them.
        """
        self.load(self._present)

    def load(self, table: Mapping[str, Any], seed: str | None = None) -> None:
        """Replace the account by that of a table.  Raises ValueError before any change.

        With a `seed` of its own the ids are those of an account in process that has
        the same seed and table.
        """
        settings = account_table.settings(table)
        table = {"enforce": self._start.get("enforce", False), **table}
        # A request waits, as the present world's users are gone before the next one's are there.
        with self._loading, self.account.accounts.lock:
            self._replace(table, settings, seed)

    def _replace(
        self, table: Mapping[str, Any], settings: Mapping[str, Any], seed: str | None
    ) -> None:
        """Put the account of a table that was checked in the place of the present one."""
        self._present = table
        self._worlds += 1
        seed = seed or f"{self._seed}/{self._worlds}"
        mock_random.seed(seed)  # keys and ids that IAM's calls make are moto's
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
