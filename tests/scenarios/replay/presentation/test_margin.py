"""presentation.margin: the transcript with its margin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenarios.replay.presentation.margin import with_margin
from tests.support.story_tools import STEP, observe, read

if TYPE_CHECKING:
    from authkit.core.ports import World

WHOLE = """\
Sunday 2024-12-22 12:00:00 UTC
             $ authkit it
             hello
           . config read -> none

             bye
           = exit status 0

Tuesday 2024-12-24 00:00:00 UTC
           ~ 36 h later
           * event: lock keyring
           ! fault: *: later
             $ authkit it
             hello
           . config read -> none

             bye
           = exit status 0
"""


def program(world: World) -> None:
    """Write, act, write."""
    world.screen.say("hello")
    world.config.read()
    world.screen.put("bye")


def painted(text: str, style: str) -> str:
    """Return the text with its style around it."""
    return f"<{style}>{text}</>" if style and text.strip() else text


def test_the_margin_has_time_and_marks() -> None:
    """Effects, events, faults and jumps have a mark each; the time is there where it changes."""
    after = 'at = "+36h"\nevents = ["lock keyring"]\n[[step.fault]]\non = "*"\nlatency = "1s"\n'
    text = f"{STEP}{STEP}{after}"
    steps = [*zip(read(text).steps, observe(text, program, program), strict=True)]
    told = with_margin(steps, read(text).zone, lambda text, _: text)
    assert told == WHOLE.replace("*: later", "every call: 1 s late")


def test_each_kind_has_its_style() -> None:
    """What is painted is text alone, so that no line ends in blanks."""
    steps = [*zip(read(STEP).steps, observe(STEP, program), strict=True)]
    told = with_margin(steps, read(STEP).zone, painted)
    assert "<command>$ authkit it</>" in told
    assert "<effect>.</> <effect>config read -> none</>" in told
    assert [line for line in told.splitlines() if line != line.rstrip()] == []
