"""A pytest fixture for other projects: STS, IAM and more, without AWS (docs/simulator.md).

In the top conftest.py, with a checkout of authkit on the path::

    pytest_plugins = ["sts_simulator.pytest_plugin"]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sts_simulator.client import Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the ini option that names the users there are."""
    parser.addini(
        "sts_simulator",
        "options of `python -m fakes serve`: the users at the start of every test",
        type="args",
        default=["--user", "plain", "--mfa", "dev-admin"],
    )


@pytest.fixture(scope="session")
def sts_simulator_process(pytestconfig: pytest.Config) -> Iterator[Simulator]:
    """Start one simulator for all tests of this process."""
    with Simulator(*pytestconfig.getini("sts_simulator")) as running:
        yield running


@pytest.fixture
def sts_simulator(sts_simulator_process: Simulator) -> Simulator:
    """Return a simulator at its start: users with keys, real time, no faults."""
    sts_simulator_process.reset()
    return sts_simulator_process
