"""The versions that every machine of a story has."""

from __future__ import annotations

from authkit.adapters import versions
from fakes.world.versions import VERSIONS


def test_they_are_of_the_same_things() -> None:
    """A story names the same libraries as a real machine, in the same order."""
    assert [*VERSIONS] == [*versions.installed()]
