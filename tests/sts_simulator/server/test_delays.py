"""Delays that the server reports in a header."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sts_simulator.account.calls import Outcome
from sts_simulator.account.faults import BREAKAGES, Breakage
from sts_simulator.server import delays
from sts_simulator.wire.http import HttpAnswer
from sts_simulator.wire.query_api import Reply

ANSWER = HttpAnswer(200, {"A": "b"}, b"body")


def reply(latency: int, breakage: Breakage | None = None) -> Reply:
    """Return a reply that arrives after so many seconds, broken or not."""
    now = datetime(2024, 12, 22, tzinfo=UTC)
    return Reply(ANSWER, Outcome("X", "id", now, timedelta(seconds=latency), None, breakage))


def test_a_report_is_for_clients_that_ask() -> None:
    """The request header asks for it, with any value; names are in lower case."""
    assert delays.wants_report({"x-sim-tell-waits": ""})
    assert not delays.wants_report({"host": "localhost"})


def test_a_delay_is_a_header_and_no_longer_a_latency() -> None:
    """The reported reply has no latency left; status and body are unchanged."""
    reported = delays.reported(reply(90))
    assert reported.answer == HttpAnswer(200, {"A": "b", "X-Sim-Takes": "90.0"}, b"body")
    assert reported.outcome is not None
    assert not reported.outcome.latency


def test_an_answer_that_never_comes_is_504() -> None:
    """The reported reply has no outcome that the server would act out."""
    reported = delays.reported(reply(0, BREAKAGES["timeout"]))
    assert reported == Reply(HttpAnswer(504, {"X-Sim-Takes": "inf"}))


def test_what_takes_no_time_is_not_changed() -> None:
    """Neither is a connection that breaks, nor an answer without an outcome."""
    for same in (reply(0), reply(0, BREAKAGES["reset"]), Reply(ANSWER)):
        assert delays.reported(same) == same
