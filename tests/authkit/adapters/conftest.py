"""Fixtures of the tests of adapters: a person at a terminal, and an endpoint of STS."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

from authkit.adapters import prompt
from tests.authkit.adapters.person import Person
from tests.authkit.adapters.sts_server import GRANTED, Server
from tests.support.pty_tools import LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    """Return a person whom this process asks; after the test the terminal must be as before."""
    someone = Person()
    monkeypatch.setattr(prompt, "_controlling_terminal", lambda: os.dup(someone.near))
    before = someone.mode()
    yield someone
    assert someone.mode() == before
    os.close(someone.far)
    os.close(someone.near)


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    """Start one server for all tests of this module."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def server(running: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Server]:
    """Return the server as the endpoint of STS, with no other AWS settings around.

    Calls may take as long as a busy machine needs.
    """
    for name in [name for name in os.environ if name.startswith("AWS_") or "PROXY" in name.upper()]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", running.url)
    monkeypatch.setenv("HOME", str(tmp_path))
    for limits in ("_CALL", "_CHECK"):
        monkeypatch.setattr(f"authkit.adapters.sts.{limits}", (LIMIT, LIMIT))
    running.asked.clear()
    running.answer, running.answers = GRANTED, []
    running.test_is_over.clear()
    yield running
    running.test_is_over.set()


@pytest.fixture
def temptations(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Server:
    """Set up everything from which boto3 takes credentials, a region or an endpoint."""
    settings = "region = ap-south-2\nendpoint_url = http://127.0.0.1:9\nmax_attempts = 5\n"
    keys = "aws_access_key_id = AKIAFILEFILEFILEFILE\naws_secret_access_key = file\n"
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text(f"[default]\n{settings}{keys}")
    (tmp_path / ".aws" / "credentials").write_text(f"[default]\n{keys}aws_session_token = file\n")
    for name, value in {
        "AWS_PROFILE": "there-is-no-such-profile",
        "AWS_DEFAULT_PROFILE": "nor-this-one",
        "AWS_CONFIG_FILE": str(tmp_path / ".aws" / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / ".aws" / "credentials"),
        "AWS_ACCESS_KEY_ID": "AKIAENVENVENVENVENVE",
        "AWS_SECRET_ACCESS_KEY": "environment",
        "AWS_SESSION_TOKEN": "environment",
        "AWS_REGION": "ap-south-2",
        "AWS_DEFAULT_REGION": "ap-south-2",
        "AWS_MAX_ATTEMPTS": "5",
        "AWS_RETRY_MODE": "adaptive",
    }.items():
        monkeypatch.setenv(name, value)
    return server
