"""A marker as text and back; as files, markers and notes are in ``test_state_folder``."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given

from authkit.adapters import marker_files
from authkit.core.model import Marker
from tests.support.anything import anything, written

NOON = datetime(2024, 12, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "marker",
    [
        *(Marker(), Marker("a.backend"), Marker(untried=NOON), Marker("a.backend", NOON)),
        Marker(gone=True),
        Marker(offer_devices=True),
    ],
)
def test_there_and_back(marker: Marker) -> None:
    """B-S10, B-S09: one line of JSON with the name, and what is known."""
    text = marker_files.encode("me@acme", marker)
    assert text.count("\n") == 1
    assert text.endswith("\n")
    assert json.loads(text)["identity"] == "me@acme"
    assert marker_files.decode(text) == marker


def test_whole_seconds() -> None:
    """B-L08: an instant is kept in whole seconds."""
    text = marker_files.encode("dev", Marker(untried=NOON.replace(microsecond=999_999)))
    assert json.loads(text)["untried"] == int(NOON.timestamp())


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "1", '{"backend": 1, "untried": "x"}', '{"untried": true}', '{"gone": 1}'),
        '{"offer_devices": 1}',
        *('{"untried": -1}', '{"untried": 1e400}', '{"untried": 999999999999999}'),
        *('[["untried"]]', "[" * 100_000),
    ],
)
def test_what_says_nothing_sensible(text: str) -> None:
    """B-S04: it is a marker all the same: the identity has keys."""
    assert marker_files.decode(text) == Marker()


@given(written(anything))
def test_anything(text: str) -> None:
    """B-S04: no text is an error."""
    assert isinstance(marker_files.decode(text), Marker)
