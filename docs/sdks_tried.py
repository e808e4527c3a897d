"""The tables of docs/simulator.md: the SDKs that are tried, and what is expected of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sdks.building import SDKS, Sdk
from tests.sdks.checks import CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def tables() -> str:
    """Return the SDKs with their versions, then the checks, then where an SDK differs."""
    return "\n\n".join(
        (
            _table(("SDK", "version", "checks", "not tried"), _sdks()),
            _table(("what is tried", "what STS sees, and what the SDK says"), _checks()),
            _table(("SDK", "what is tried", "what is seen instead"), _differences()),
        )
    )


def _sdks() -> Iterator[tuple[str, ...]]:
    for sdk in SDKS:
        missing = [each.about for each in CHECKS.values() if not each.expected_of(sdk.name)]
        version = sdk.version if isinstance(sdk, Sdk) else "what is installed"
        yield sdk.title, version, str(len(CHECKS) - len(missing)), "<br>".join(missing)


def _checks() -> Iterator[tuple[str, ...]]:
    for check in CHECKS.values():
        yield check.about, _lines(check.expected)


def _differences() -> Iterator[tuple[str, ...]]:
    for sdk in SDKS:
        for check in CHECKS.values():
            if instead := check.others.get(sdk.name):
                yield sdk.title, check.about, _lines(instead)


def _lines(expected: Iterable[str]) -> str:
    return "<br>".join(f"`{line}`" for line in expected)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    rule = "|" + "---|" * len(head)
    return "\n".join((f"| {' | '.join(head)} |", rule, *(f"| {' | '.join(row)} |" for row in rows)))
