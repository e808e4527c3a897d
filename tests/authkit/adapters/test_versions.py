"""The versions of what authkit is made of."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

import boto3

from authkit.adapters import versions
from authkit.adapters.world import RealWorld

if TYPE_CHECKING:
    import pytest


def test_versions() -> None:
    """They are those of this environment, by name."""
    found = RealWorld().versions()
    assert found == versions.installed()
    assert [*found] == ["authkit", "Python", *versions.LIBRARIES]
    assert (found["Python"], found["boto3"]) == (platform.python_version(), boto3.__version__)


def test_a_library_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no version."""
    monkeypatch.setattr(versions, "LIBRARIES", ("no-such-library",))
    assert versions.installed()["no-such-library"] == ""
