"""Tests that test_surroundings runs as under `nohup`, with INT, QUIT and HUP ignored."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest


@pytest.mark.parametrize("name", ["SIGINT", "SIGQUIT", "SIGHUP"])
def test_a_signal_ends_what_a_test_starts(name: str) -> None:
    """A process that a test starts dies of a signal that was ignored when the tests started."""
    number = int(signal.Signals[name])
    script = "import os, resource as r; r.setrlimit(r.RLIMIT_CORE, (0, 0))"
    script += f"; os.kill(os.getpid(), {number})"
    done = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", script], capture_output=True, check=False, start_new_session=True
    )
    assert done.returncode == -number


def test_the_tests_outlive_a_hang_up() -> None:
    """`nohup pytest` goes on when its terminal goes."""
    os.kill(os.getpid(), signal.SIGHUP)
