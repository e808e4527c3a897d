"""Fixtures that many tests of the simulator share."""

from __future__ import annotations

import pytest

from tests.support.account_world import DIRECTORIES, World, a_world
from tests.support.aws_client import Client, fresh_client


@pytest.fixture(params=DIRECTORIES)
def world(request: pytest.FixtureRequest) -> World:
    """The small account, with each kind of directory."""
    return a_world(request.param)


@pytest.fixture
def client() -> Client:
    """A client of a reset server."""
    return fresh_client()
