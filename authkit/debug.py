"""AUTHKIT_DEBUG=1: every effect as it happens, on the screen.

The lines are those of ``core.effects``, with the HTTP status and the time of a call of STS.
Imported only where somebody asked for it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from authkit.core.effects import EFFECTS, WatchedWorld, outcome_of
from authkit.core.failures import Refused
from authkit.core.model import masked
from authkit.core.render import visible

if TYPE_CHECKING:
    from datetime import datetime

    from authkit.core.effects import Call
    from authkit.core.ports import World

_GRANTED = "200"  # the HTTP status of each answer of STS that is no refusal
_MILLISECOND = timedelta(milliseconds=1)


def shown(world: World) -> World:
    """Return the World; each of its effects is shown on its screen once it has happened."""
    say = world.screen.say  # not a recording's, which comes later: no recording has these lines
    clock = world.clock

    def now() -> datetime:
        """Return the instant by the machine's clock: AWS's time may be learnt in between."""
        return clock.now() - timedelta(seconds=getattr(clock, "offset", 0.0))

    def watch(call: Call) -> object:
        begun = now()

        def show(outcome: str, status: str) -> None:
            line = _line(call)
            if outcome:
                line += f" -> {masked(outcome)}"  # what others wrote may be in it
            if call.port == "sts":
                line += f" ({status}, {(now() - begun) // _MILLISECOND} ms)"
            say(f"debug: {visible(line)}", close=True)

        try:
            result = call.make()
        except (Exception, KeyboardInterrupt) as trouble:
            show(outcome_of(trouble), _status(trouble))
            raise
        show(call.outcome(result), _GRANTED)
        return result

    watched: World = WatchedWorld(world, watch)  # type: ignore[assignment]
    return watched


def _line(call: Call) -> str:
    """Return the effect's line; of exec's command the first word alone: others may be secret."""
    if call.port != "children":
        return call.line
    command, *others = call.arguments
    return EFFECTS[call.port][call.method].line(command[:1], *others)


def _status(trouble: BaseException) -> str:
    """Return the HTTP status of a call of STS that failed."""
    status = trouble.status if isinstance(trouble, Refused) else 0
    return str(status or "no status")
