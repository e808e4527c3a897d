"""runner.replay: the steps of a story in their order, until one does not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scenarios.replay.runner.replay import DoesNotHold, replay
from scenarios.replay.stages.levels import LEVELS
from tests.support.story_tools import STEP, nothing, read, standing_in

if TYPE_CHECKING:
    from authkit.core.ports import World


def test_replaying_ends_where_a_story_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """The steps after it would run in a world that the story does not describe."""
    ran: list[int] = []

    def count(_world: World) -> int:
        ran.append(len(ran))
        return ran[-1]

    monkeypatch.setitem(LEVELS, "fakes", standing_in(*[count] * 3))
    with pytest.raises(DoesNotHold, match=r"a-story\.toml:6:"):
        replay(read(STEP * 3), "fakes")
    assert ran == [0, 1]


def test_each_step_is_shown_to_the_onlooker(monkeypatch: pytest.MonkeyPatch) -> None:
    """In their order, whether they hold or not."""
    monkeypatch.setitem(LEVELS, "fakes", standing_in(nothing, lambda _: 3))
    seen: list[tuple[int, int | None]] = []
    story = read(STEP * 2)
    with pytest.raises(DoesNotHold):
        replay(story, "fakes", lambda step, result: seen.append((step.line, result.exit)))
    assert seen == [(4, 0), (6, 3)]
