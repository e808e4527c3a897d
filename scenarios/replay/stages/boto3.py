"""What is real at level boto3: the AWS library and moto's IAM, in a process with a frozen clock.

A botocore session takes a tenth of a second to make, so all stories share one.
Its hook is given the account and the clock of each story.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from urllib.parse import parse_qs

from botocore.httpsession import URLLib3Session
from botocore.utils import get_environ_proxies
from freezegun import freeze_time

from authkit.adapters import sts
from authkit.adapters.sts import Boto3Sts, isolated_session
from fakes.world import network
from fakes.world.clock import VirtualClock
from fakes.world.scene import Scene, open_account
from fakes.world.sts import read_timeout
from sts_simulator.account.faults import Faults
from sts_simulator.account.moto_directory import MotoDirectory
from sts_simulator.wire.botocore_hook import Hook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fakes.world.scene import Main
    from scenarios.replay.story.model import Story
    from sts_simulator.account.account import Account


_LONGEST = 180  # seconds that a call may take on a busy machine


class _Aws:
    """A botocore session whose STS calls are answered by the hook.

    A call that a fault of `network` takes is made for real, and fails where urllib3 connects.
    """

    def __init__(self, account: Account, clock: VirtualClock) -> None:
        self.hook = Hook(account, clock, read_timeout)
        self.network = Faults()
        self._session = isolated_session()
        for service in ("sts", "iam"):
            self._session.register(f"before-send.{service}", self._on_the_way)
        self.hook.register(self._session)
        self._sts: dict[str, Boto3Sts] = {}

    def sts(self, region: str) -> Boto3Sts:
        """Return authkit's STS port in a region, answered by the account behind the hook."""
        if region not in self._sts:
            self._sts[region] = Boto3Sts(region, self._session)
        return self._sts[region]

    def _on_the_way(self, request: Any, **_event: object) -> None:  # noqa: ANN401 - botocore is not typed
        """Raise botocore's own error when a fault of the network is due."""
        operation = network.called(parse_qs(request.body)["Action"][0])
        if fault := self.network.take(operation, None):
            with network.failing_connections(fault.answer):
                URLLib3Session(proxies=get_environ_proxies(request.url)).send(request)


_made: list[_Aws] = []


def _aws(account: Account, clock: VirtualClock) -> _Aws:
    """Return the shared one, with this account and clock behind its hook."""
    if not _made:
        _made.append(_Aws(account, clock))
    _made[0].network.clear()
    _made[0].hook.account, _made[0].hook.clock = account, clock
    return _made[0]


@contextmanager
def frozen_scene(story: Story, main: Main) -> Iterator[Scene]:
    """Open the story's scene; until it is closed the whole process is at the story's instant."""
    directory = MotoDirectory(**_identity(story))
    directory.clear()
    # The library reads the process's environment: the settings there are to be the story's.
    environ = {name: text for name, text in os.environ.items() if not _is_read_by_library(name)}
    environ |= {name: story.environ[name] for name in {network.PROXY} & {*story.environ}}
    with (
        patch.dict(os.environ, environ, clear=True),
        patch.object(sts, "_within", _unhurried),
        freeze_time(story.now) as frozen,
    ):
        clock = VirtualClock(story.now, story.zone, frozen.move_to)
        account = open_account(story.account, story.account_settings, clock, directory)
        aws = _aws(account, clock)
        yield Scene(main, account, clock, aws.sts, network=aws.network)


_within = sts._within  # noqa: SLF001 - see _unhurried


def _unhurried(_seconds: float, call: Callable[[], Any]) -> Any:  # noqa: ANN401 - what the call returns
    """Make a call as authkit does, but let it take what a busy machine needs.

    The hook raises a time-out at once: a call that takes long will be answered.
    """
    return _within(_LONGEST, call)


def _is_read_by_library(name: str) -> bool:
    """Tell whether a variable is a setting of the AWS library, or of a machine's connection."""
    connection = name.lower().endswith(("_proxy", "ca_bundle")) or name == "SSLKEYLOGFILE"
    return connection or name.startswith("AWS_")


def _identity(story: Story) -> dict[str, str]:
    """Return the account's id and partition, where the story gives them."""
    settings = story.account_settings
    return {name: settings[name] for name in ("account_id", "partition") if name in settings}
