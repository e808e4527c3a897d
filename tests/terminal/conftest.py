"""Fixtures of several files here."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

import pytest

from tests.authkit.adapters.sts_server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.simulator import Home


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
