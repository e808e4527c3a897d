"""Fixtures that several test files share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from scenarios.replay.stages.forked import prepare
from tests.support.forked import Forking
from tests.support.simulator import WORLD, Home, Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def simulator_process() -> Iterator[Simulator]:
    """Start one simulator for all tests of this worker process."""
    with Simulator() as running:
        yield running


@pytest.fixture
def simulator(simulator_process: Simulator) -> Simulator:
    """Return the simulator, reset to `tests.support.simulator.WORLD`."""
    simulator_process.control("reset", {})
    simulator_process.control("world", WORLD)
    return simulator_process


@pytest.fixture
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away the proxies and CA bundles that are set where the tests run."""
    for name in [*os.environ]:
        if "proxy" in name.lower() or name.endswith(("CA_BUNDLE", "KEYLOGFILE")):
            monkeypatch.delenv(name)


@pytest.fixture
def anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start a new interpreter for each authkit process (``tests.support.forked``)."""
    monkeypatch.setattr(Forking, "wanted", False)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return an empty home from which STS cannot be reached; threads may run authkit in it."""
    prepare()
    return Home(tmp_path)


@pytest.fixture
def online(home: Home, simulator: Simulator) -> Home:
    """Return an empty home in which the simulator is STS."""
    home.endpoint = simulator.endpoint
    return home
