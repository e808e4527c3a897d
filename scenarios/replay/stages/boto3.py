"""What is real at level boto3: the AWS library and moto's IAM, in a process with a frozen clock.

A botocore session takes a tenth of a second to make, so all stories share one.
Its hook is given the account and the clock of each story.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from freezegun import freeze_time

from authkit.adapters.sts import Boto3Sts, isolated_session
from fakes.world.clock import VirtualClock
from fakes.world.scene import Scene, open_account
from fakes.world.sts import read_timeout
from sts_simulator.account.moto_directory import MotoDirectory
from sts_simulator.wire.botocore_hook import Hook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fakes.world.scene import Main
    from scenarios.replay.story.model import Story
    from sts_simulator.account.account import Account


class _Aws:
    """A botocore session whose STS calls are answered by the hook."""

    def __init__(self, account: Account, clock: VirtualClock) -> None:
        self.hook = Hook(account, clock, read_timeout)
        self._session = isolated_session()
        self.hook.register(self._session)
        self._sts: dict[str, Boto3Sts] = {}

    def sts(self, region: str) -> Boto3Sts:
        """Return authkit's STS port in a region, answered by the account behind the hook."""
        if region not in self._sts:
            self._sts[region] = Boto3Sts(region, self._session)
        return self._sts[region]


_made: list[_Aws] = []


def _aws(account: Account, clock: VirtualClock) -> _Aws:
    """Return the shared one, with this account and clock behind its hook."""
    if not _made:
        _made.append(_Aws(account, clock))
    _made[0].hook.account, _made[0].hook.clock = account, clock
    return _made[0]


@contextmanager
def frozen_scene(story: Story, main: Main) -> Iterator[Scene]:
    """Open the story's scene; until it is closed the whole process is at the story's instant."""
    directory = MotoDirectory(**_identity(story))
    directory.clear()
    with freeze_time(story.now) as frozen:
        clock = VirtualClock(story.now, story.zone, frozen.move_to)
        account = open_account(story.account, story.account_settings, clock, directory)
        yield Scene(main, account, clock, _aws(account, clock).sts)


def _identity(story: Story) -> dict[str, str]:
    """Return the account's id and partition, where the story gives them."""
    settings = story.account_settings
    return {name: settings[name] for name in ("account_id", "partition") if name in settings}
