"""Fixtures that the tests of several modules of authkit share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.pty_tools import Shell

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _only_the_secrets_of_this_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have `masked` know no secrets of other tests: their short texts occur in unrelated words."""
    monkeypatch.setattr("authkit.core.model._seen", {})


@pytest.fixture
def shell() -> Iterator[Shell]:
    """Return an interactive bash."""
    opened = Shell()
    yield opened
    opened.close()
