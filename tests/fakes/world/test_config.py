"""The config file in memory."""

from __future__ import annotations

from fakes.world.config import MemoryConfig


def test_the_stamp_changes_with_the_text() -> None:
    """Different texts have different stamps, and so has a missing file."""
    stamps = {MemoryConfig(text).stamp() for text in (None, "", "default = 'a'")}
    assert len(stamps) == 3
    assert MemoryConfig("é").read() == "é".encode()
