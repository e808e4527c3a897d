"""The clock of moto's IAM."""

from __future__ import annotations

from datetime import UTC, datetime

from moto.iam import models

from sts_simulator.account.moto_dates import dated_by, present

AT = datetime(2024, 12, 22, 23, 58, 0, 800_000, tzinfo=UTC)


def test_dates_of_another_clock() -> None:
    """Within the block moto's dates are the clock's, naive and in whole seconds (S8)."""
    with dated_by(lambda: AT):
        assert models.utcnow() == present() == datetime(2024, 12, 22, 23, 58)  # type: ignore[attr-defined]  # noqa: DTZ001 - moto's are naive
    assert present().year > 2024
