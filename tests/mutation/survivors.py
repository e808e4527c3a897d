"""The mutants that no test can kill, each with its reason: ``survivors.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_suffix(".toml")


@cache
def listed() -> dict[tuple[str, str], str]:
    """Return the reason for each mutant that is listed, by its module and name."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        (module, mutant): reason
        for module, reasons in told.items()
        for reason, mutants in reasons.items()
        for mutant in mutants
    }


def reason(module: str, mutant: str) -> str:
    """Return why a mutant cannot be killed, "" if it is not listed."""
    return listed().get((module, mutant), "")
