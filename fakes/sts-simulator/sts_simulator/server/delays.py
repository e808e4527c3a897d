"""Delays that the server reports in a header instead of sleeping.

A client on simulated time cannot wait in real time.  It asks for a report with
the request header `REPORT_DELAY`.  The server then answers at once, and the
answer's header `DELAY` says how long the answer would have taken.  The client
moves the clock by that time itself, and gives up where it is longer than its
read timeout.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sts_simulator.wire.http import HttpAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sts_simulator.wire.query_api import Reply

REPORT_DELAY = "X-Sim-Tell-Waits"  # in a request; any value
DELAY = "X-Sim-Takes"  # in an answer: seconds, or `NEVER`
NEVER = "inf"


def wants_report(headers: Mapping[str, str]) -> bool:
    """Return whether a request's headers (names in lower case) ask for the report."""
    return REPORT_DELAY.lower() in headers


def reported(reply: Reply) -> Reply:
    """Return the reply with its delay in a header.  A connection that breaks still breaks."""
    outcome = reply.outcome
    if outcome is None:
        return reply
    if outcome.breakage and outcome.breakage.waits:
        return replace(reply, answer=HttpAnswer(504, {DELAY: NEVER}), outcome=None)
    if not outcome.latency:
        return reply
    headers = {**reply.answer.headers, DELAY: str(outcome.latency.total_seconds())}
    outcome = replace(outcome, latency=timedelta())
    return replace(reply, answer=replace(reply.answer, headers=headers), outcome=outcome)
