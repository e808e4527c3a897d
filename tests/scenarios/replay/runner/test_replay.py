"""runner.replay: the steps of a story in their order, until one does not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scenarios.replay.runner.replay import DoesNotHold, play, replay
from scenarios.replay.stages.levels import LEVELS
from tests.support.story_tools import (
    BAD,
    HEAD,
    KEYS,
    LOGIN,
    STEP,
    nothing,
    observe,
    read,
    standing_in,
)

if TYPE_CHECKING:
    from pathlib import Path

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


def test_a_file_is_played_at_several_levels(tmp_path: Path) -> None:
    """Each level has its steps, up to the first that does not hold, and why it does not."""
    path = tmp_path / "a-story.toml"
    path.write_text(f"except.terminal = 'why'\n{BAD}{BAD.partition('Z')[2]}", encoding="utf-8")
    played = play(path, ["fakes", "boto3", "terminal"])
    first, second, third = played.performances.values()
    assert first.report is not None
    assert first.report == second.report
    assert first.report.text.startswith("authkit --version\n")
    assert first.wrong == ("the screen is not as told (- told, + seen, . effects)",)
    assert [len(each.steps) for each in (first, second, third)] == [1, 1, 0]
    assert (third.excepted, third.holds, third.seconds) == ("why", True, 0)
    assert first.seconds > 0


def test_a_mistake_of_the_file_is_a_report(tmp_path: Path) -> None:
    """One that is found when it is read, and one that is found while it is replayed."""
    path = tmp_path / "a-story.toml"
    path.write_text(f"{HEAD}{STEP}show = 1\n", encoding="utf-8")
    unreadable = play(path, ["fakes"])
    assert unreadable.unreadable is not None
    assert unreadable.unreadable.place == f"{path}:6"
    assert unreadable.performances == {}
    path.write_text(f"{HEAD}{STEP}events = ['delete key AKIANONE']\n", encoding="utf-8")
    performance = play(path, ["fakes"]).performances["fakes"]
    assert performance.report is not None
    assert "cannot happen" in performance.report.text
    assert performance.wrong == (performance.report.text,)


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
