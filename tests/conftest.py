"""What several test files share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.simulator import WORLD, Home, Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def simulator_process() -> Iterator[Simulator]:
    """Start one simulator for every test of this worker."""
    with Simulator() as running:
        yield running


@pytest.fixture
def simulator(simulator_process: Simulator) -> Simulator:
    """Return the simulator, set back to the world of `tests.support.simulator`."""
    simulator_process.control("reset", {})
    simulator_process.control("world", WORLD)
    return simulator_process


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return an empty home without a network."""
    return Home(tmp_path)


@pytest.fixture
def online(home: Home, simulator: Simulator) -> Home:
    """Return an empty home from which the simulator is STS."""
    home.endpoint = simulator.endpoint
    return home
