"""presentation.timeline: a replay in the order of time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fakes.world.journal import Journal
from scenarios.replay.presentation.spans import in_full
from scenarios.replay.presentation.timeline import Happening, Kind, fault_words, folded, timeline
from scenarios.replay.runner.replay import play
from scenarios.replay.stages.stage import Observed
from scenarios.replay.story import reading
from sts_simulator.account.faults import Fault
from tests.support.story_tools import STEP, ask, observe, read

if TYPE_CHECKING:
    from authkit.core.ports import World
    from tests.support.story_tools import Program

SECOND = timedelta(seconds=1)


def happened(text: str, *programs: Program) -> list[Happening]:
    """Return what happens in a story in which these programs replace authkit."""
    story = read(text)
    return timeline([*zip(story.steps, observe(text, *programs), strict=True)], story.zone)


def wait(world: World) -> None:
    """Write, wait, write."""
    world.screen.put("before")
    world.clock.sleep(2 * SECOND)
    world.screen.put("after")


def words(happenings: list[Happening]) -> list[str]:
    """Return kinds and texts."""
    return [f"{each.kind.name.lower()}: {each.text}" for each in happenings]


def test_screen_and_effects_are_in_order() -> None:
    """Each with its instant in the story's zone; the command comes first, the status last."""
    found = happened(f"zone = 'Asia/Tokyo'\n{STEP}", wait)
    assert words(found) == [
        *("command: authkit it", "line: before", "effect: sleep 2s", "line: ", "line: after"),
        "exit: exit status 0",
    ]
    assert [in_full(each.at) for each in found[1:4] if each.at] == [
        "2024-12-22 21:00:00 JST",
        "2024-12-22 21:00:02 JST",
        "2024-12-22 21:00:02 JST",
    ]


def test_what_comes_before_a_command() -> None:
    """A jump of time, events, the config file, what the command is given, and its faults."""
    before = """
    at = "+36h"
    config = ""
    events = ["lock keyring"]
    env = { NO_COLOR = "1" }
    interactive = false
    stdin = "{}"
    ctrl_c = "3s"
    [[step.fault]]
    on = "*"
    answer = "Throttling"
    """
    found = happened(f"{STEP}{STEP}{before}", wait, wait)
    assert words([each for each in found if each.step == 1])[:8] == [
        "jump: 36 h later",
        "event: the config file is removed",
        "event: lock keyring",
        "setting: NO_COLOR=1",
        "setting: nobody is at the terminal",
        "setting: standard input is a pipe",
        "setting: Ctrl-C is pressed after 3 s",
        "fault: every call: Throttling",
    ]


def test_a_short_pause_is_no_jump() -> None:
    """Less than a minute between two steps shows in the times alone."""
    kinds = {each.kind for each in happened(f"{STEP}{STEP}at = '+50s'\n", wait, wait)}
    assert Kind.JUMP not in kinds
    assert Kind.JUMP in {each.kind for each in happened(f"{STEP}{STEP}at = '+63s'\n", wait, wait)}


def test_a_question_is_told_from_its_answer() -> None:
    """A secret's answer is the mask, as on the screen."""
    shows = "shows = 'AWS Secret Access Key: ********  <- s3cret'\n"
    found = happened(f"{STEP}{shows}", ask("AWS Secret Access Key"))
    line = next(each for each in found if each.asks)
    assert (line.text, line.asks) == ("AWS Secret Access Key: ********", "AWS Secret Access Key: ")


def test_a_key_that_is_not_shown_is_kept_where_it_cancels() -> None:
    """Ctrl-D at a question; what was typed as a secret is never kept."""
    cancelled = happened(f"{STEP}shows = 'MFA ARN (optional):  <- ^D'\n", ask("MFA ARN"))
    assert [each.keys for each in cancelled if each.asks] == ["^D"]
    shows = "shows = 'AWS Secret Access Key: ********  <- s3cret'\n"
    assert {each.keys for each in happened(f"{STEP}{shows}", ask("AWS Secret Access Key"))} == {""}


def test_a_screen_without_times() -> None:
    """A level that cannot know when a line came has none, and keeps the order."""
    story = read(STEP)
    journal = Journal()
    journal.wrote("one\n\ntwo\n\n")
    journal.did("sts GetCallerIdentity A")
    found = timeline([(story.steps[0], Observed(journal, None, {}, {}))], story.zone)
    assert words(found) == [
        *("command: authkit it", "line: one", "line: ", "line: two"),
        *("effect: sts GetCallerIdentity A", "exit: ended by the replay"),
    ]
    assert {each.at for each in found} == {None}


def test_a_command_at_another_terminal_follows_the_one_that_waited() -> None:
    """With the moment at which it was run, and the instants of its own."""
    path = reading.story_file("one-asks-one-waits")
    played = play(path, ["fakes"])
    assert played.story is not None
    found = timeline(played.performances["fakes"].steps, played.story.zone)
    (place,) = (n for n, each in enumerate(found) if each.kind is Kind.ELSEWHERE)
    assert found[place].text == "at another terminal, when 'Enter MFA Token' is asked"
    assert words(found[place - 1 : place]) == ["exit: exit status 0"]
    assert words(found[place + 1 : place + 2]) == ["command: authkit login dev-admin"]
    assert words(found[-1:]) == ["exit: exit status 130"]
    first, last = found[place].at, found[place - 2].at
    assert first is not None
    assert last is not None
    assert first < last


def test_effects_that_repeat_are_folded() -> None:
    """One or several in turn, three times or more; a line of the screen ends a cycle."""

    def effects(*texts: str) -> list[str]:
        kinds = {"line": Kind.LINE}
        found = [Happening(kinds.get(text, Kind.EFFECT), text, None, 0) for text in texts]
        return [each.text for each in folded(iter(found))]

    busy = ["lock", "sleep"]
    assert effects(*busy * 97, "read") == [*busy, "the last 2 again, 96 times", "read"]
    assert effects("a", "a", "a", "line") == ["a", "the last again, 2 times", "line"]
    assert effects(*busy * 2) == busy * 2
    assert effects("line", "line", "line") == ["line"] * 3


def test_a_fault_is_a_sentence() -> None:
    """What it is on, what comes instead, how late, and how often."""
    assert fault_words(Fault("GetSessionToken", "Throttling", times=2)) == (
        "GetSessionToken: Throttling, 2 times"
    )
    slow = Fault("*", latency=5 * SECOND, after=1, times=0, user="dev", status=500)
    assert fault_words(slow) == (
        "every call: 5 s late, HTTP 500, not in the first 1, every time, for dev"
    )
