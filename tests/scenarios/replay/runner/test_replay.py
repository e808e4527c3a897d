"""runner.replay: the steps of a story in their order, until one does not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scenarios.replay.runner.replay import DoesNotHold, replay
from scenarios.replay.stages.levels import LEVELS
from tests.support.story_tools import KEYS, LOGIN, STEP, nothing, observe, read, standing_in

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


FAULT = '[[step.fault]]\non = "*"\nanswer = "RequestExpired"\n'
ENDS = f"{KEYS}{LOGIN}exit = 1\n"


def claiming(rule: str) -> str:
    """Return what is wrong with the claim in a story in which the row `expired` applies."""
    shown = observe(ENDS + FAULT)[0].screen
    with pytest.raises(DoesNotHold) as caught:
        replay(read(f'{rule}{ENDS}shows = """\n{shown}"""\n{FAULT}'), "fakes")
    return str(caught.value)


def test_a_row_that_applied_has_to_be_claimed() -> None:
    """Else nobody finds the story by the rule; the line is that of `rule`, or the file's first."""
    said = claiming("")
    assert said.startswith("scenarios/theme/a-story.toml:1: at level fakes:\n")
    assert said.endswith(
        "the row expired applied (GetCallerIdentity -> RequestExpired) and is not claimed: "
        "add it to 'rule'"
    )


def test_a_row_that_is_claimed_has_to_apply() -> None:
    """With the row that took its trouble, where there is one."""
    said = claiming('rule = ["expired", "unknown", "throttled"]\n')
    assert said.splitlines() == [
        "scenarios/theme/a-story.toml:4: at level fakes:",
        "  the row throttled is claimed in 'rule' and did not apply",
        "  the row unknown is never reached: expired above it takes it",
    ]
