"""A test whose worker is killed when it ends, as xdist does with one that takes long to.

It is its own plug-in: ``-p tests.programs.killed_worker``.
"""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from authkit.core import durations

if TYPE_CHECKING:
    import pytest


def pytest_unconfigure(config: pytest.Config) -> None:
    """Kill this process if it is a worker."""
    if hasattr(config, "workerinput"):
        os.kill(os.getpid(), signal.SIGKILL)


def test_something() -> None:
    """A function of authkit runs."""
    assert durations.spell(3600) == "1h"
