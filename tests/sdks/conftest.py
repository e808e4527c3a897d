"""The option ``--sdks``, without which the tests that build programs are not selected."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.sdks.building import SDKS, Unavailable
from tests.sdks.caller import WORLD, Caller, starting
from tests.support.simulator import Home

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sts_simulator.client import Simulator


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--sdks", action="store_true", help="build and try the AWS SDKs' programs")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what needs an SDK's program unless the option is given."""
    if not config.getoption("sdks", default=False):
        unwanted = [item for item in items if "caller" in getattr(item, "fixturenames", ())]
        items[:] = [item for item in items if item not in unwanted]
        config.hook.pytest_deselected(items=unwanted)


# Each SDK's checks run in one process, also with ``-n 2 --dist loadgroup``.
_EACH = [pytest.param(sdk, id=sdk.name, marks=pytest.mark.xdist_group(sdk.name)) for sdk in SDKS]


@pytest.fixture(scope="module", params=_EACH)
def running(
    request: pytest.FixtureRequest,
    sts_simulator_process: Simulator,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Caller]:
    """Return each SDK's program, running, for all of its checks."""
    home = Home(tmp_path_factory.mktemp(request.param.name), sts_simulator_process.endpoint)
    try:
        with starting(request.param, home, sts_simulator_process) as caller:
            yield caller
    except Unavailable as reason:
        pytest.skip(f"{request.param.title}: {reason}")


@pytest.fixture
def caller(running: Caller) -> Caller:
    """Return each SDK's program, in a world where nothing has happened yet."""
    running.aws.reset()
    running.aws.world(WORLD)
    shutil.rmtree(running.home.path / ".aws" / "cli", ignore_errors=True)  # roles of other worlds
    return running
