"""The clock that moto's IAM takes its dates from: CreateDate, LastUsedDate and the like."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC
from typing import TYPE_CHECKING

from moto.iam import models

from sts_simulator.account.clock import real_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

_clock: ContextVar[Callable[[], datetime]] = ContextVar("clock", default=real_time)


@contextmanager
def dated_by(clock: Callable[[], datetime]) -> Iterator[None]:
    """Let moto's IAM take its dates from this clock, in this thread."""
    before = _clock.set(clock)
    try:
        yield
    finally:
        _clock.reset(before)


def present() -> datetime:
    """Return the present time as moto wants it, naive in UTC, in whole seconds as IAM's."""
    return _clock.get()().astimezone(UTC).replace(microsecond=0, tzinfo=None)


models.utcnow = present  # type: ignore[attr-defined]  # moto has no setting for it
