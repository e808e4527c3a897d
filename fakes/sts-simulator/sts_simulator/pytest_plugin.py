"""The pytest fixture `sts_simulator` (docs/simulator.md).

pytest finds this plugin by its entry point once the distribution is installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sts_simulator.client import Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the ini option with the users."""
    parser.addini(
        "sts_simulator",
        "options of `sts-simulator serve`: the users at the start of every test",
        type="args",
        default=["--user", "plain", "--mfa", "dev-admin"],
    )


@pytest.fixture(scope="session")
def sts_simulator_process(pytestconfig: pytest.Config) -> Iterator[Simulator]:
    """Run one simulator for all tests of the process."""
    with Simulator(*pytestconfig.getini("sts_simulator")) as running:
        yield running


@pytest.fixture
def sts_simulator(sts_simulator_process: Simulator) -> Simulator:
    """Return the simulator, reset: users with keys, real time, no faults."""
    sts_simulator_process.reset()
    return sts_simulator_process
