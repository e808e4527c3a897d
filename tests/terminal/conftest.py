"""Fixtures of several files here."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

import pytest

from tests.authkit.adapters.sts_server import Server
from tests.support.real_clients import Boto, Cli, javascript, why_no_javascript

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.real_clients import RealClient
    from tests.support.simulator import Home


@pytest.fixture(params=["boto3", "aws", "javascript"])
def real(request: pytest.FixtureRequest) -> RealClient:
    """Return each of the real clients."""
    if request.param == "javascript":
        if reason := why_no_javascript():
            pytest.skip(reason)
        return javascript()
    return Boto() if request.param == "boto3" else Cli()


@pytest.fixture
def odd_sts(home: Home) -> Iterator[Server]:
    """Return a server that is STS for the home's processes, and answers whatever a test wants."""
    server = Server()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    home.endpoint = server.url
    yield server
    server.test_is_over.set()
    server.shutdown()
    thread.join()
    server.server_close()
