"""Fixtures that the tests of several adapters share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from authkit.adapters import prompt
from tests.authkit.adapters.person import Person

if TYPE_CHECKING:
    from collections.abc import Iterator


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
