"""What a marker tells a login of keys that are kept elsewhere."""

from __future__ import annotations

import pytest

from authkit.core import markers
from authkit.core.model import Marker
from tests.support.stage import Stage


@pytest.mark.parametrize("marker", [None, Marker(), Marker(Stage().keyring.backend)])
def test_nothing_to_say(marker: Marker | None) -> None:
    """B-S09: without a marker, with one of before, and with the backend at hand."""
    stage = Stage()
    if marker:
        stage.markers.mark("dev-admin", marker)
    assert markers.elsewhere(stage, "dev-admin") == ""


def test_a_link_of_a_chain() -> None:
    """B-S09: a chain that has the backend as a link is not another one."""
    stage = Stage()
    stage.keyring.backends = ("a.Chain", "the.Link")
    stage.markers.mark("dev-admin", Marker("the.Link"))
    assert markers.elsewhere(stage, "dev-admin") == ""


def test_another_backend() -> None:
    """B-S09: both backends are named, and how to choose one."""
    stage = Stage()
    stage.markers.mark("dev-admin", Marker("another.Keyring"))
    said = markers.elsewhere(stage, "dev-admin")
    assert "dev-admin" in said
    assert "another.Keyring" in said
    assert stage.keyring.backend in said
    assert "PYTHON_KEYRING_BACKEND" in said
