"""Waits that are told instead of taken: how a client on virtual time is spared real seconds.

Such a client (``launcher``) says in a header that it wants to be told.  The
server then answers at once, and says in a header how long the answer would have
taken; letting that time pass on its clock, and giving up where it is more than
the client's patience, is the client's own business.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sts_simulator.wire.http import HttpAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sts_simulator.wire.sts import Reply

TELL_ME = "X-Sim-Tell-Waits"  # the request's; with any value
TAKES = "X-Sim-Takes"  # the answer's: seconds, or `NEVER`
NEVER = "inf"


def wants_to_be_told(headers: Mapping[str, str]) -> bool:
    """Tell whether a request's headers (names in lower case) ask for it."""
    return TELL_ME.lower() in headers


def told(reply: Reply) -> Reply:
    """Return the reply with the wait it holds as a header; a connection that breaks still does."""
    outcome = reply.outcome
    if outcome is None:
        return reply
    if outcome.breakage and outcome.breakage.waits:
        return replace(reply, answer=HttpAnswer(504, {TAKES: NEVER}), outcome=None)
    if not outcome.latency:
        return reply
    headers = {**reply.answer.headers, TAKES: str(outcome.latency.total_seconds())}
    outcome = replace(outcome, latency=timedelta())
    return replace(reply, answer=replace(reply.answer, headers=headers), outcome=outcome)
