"""Cached sessions that were made without a login."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from authkit.adapters.state_folder import StateFolder
from authkit.core import sessions
from fakes.world.cached_session import NAME, cached_session, session, write_session

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2024, 12, 22, 12, tzinfo=UTC)


def test_fields_can_be_changed() -> None:
    """Instants, duration and fields are as given, and the duration asked for is the granted one."""
    made = session(NOON, timedelta(hours=1), access_key_id="ASIAOTHER")
    cached = cached_session(made, region="eu-west-1")
    assert (cached.session, cached.region) == (made, "eu-west-1")
    assert (made.access_key_id, made.expiration) == ("ASIAOTHER", int(NOON.timestamp()) + 3600)
    assert cached.duration == 3600


def test_authkit_reads_what_was_written(tmp_path: Path) -> None:
    """The file is the one that authkit reads, for this identity and for another."""
    cached = cached_session(session(NOON))
    write_session(tmp_path, cached)
    write_session(tmp_path, cached, "other")
    state = StateFolder(str(tmp_path))
    assert [sessions.decode(state.read(name) or "") for name in (NAME, "other")] == [cached] * 2
