"""The versions of what authkit is made of."""

from __future__ import annotations

import platform
from importlib import metadata
from typing import TYPE_CHECKING

import boto3
import botocore

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
    # The service's own model stands in botocore, and what keeps the keys is keyring's.
    assert found["botocore"] == botocore.__version__
    assert found["keyring"] == metadata.version("keyring")


def test_a_library_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no version."""
    monkeypatch.setattr(versions, "LIBRARIES", ("no-such-library",))
    assert versions.installed()["no-such-library"] == ""
