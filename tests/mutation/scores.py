"""The results of the last runs by kind and module, in ``scores.json``.

``python -m tests.mutation --write`` writes them, and docs/reliability.md shows them.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.mutation import survivors

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

FILE = Path(__file__).with_suffix(".json")


def read() -> dict[str, dict[str, Any]]:
    """Return by kind and module the date, how many were killed, and the names of the others."""
    found: dict[str, dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def left(kind: str, module: str) -> list[str]:
    """Return the names of the mutants that the last run did not kill."""
    return [*read()[kind].get(module, {}).get("left", ())]


def write(
    kind: str, module: str, ends: Mapping[str, str], again: Collection[str] | None = None
) -> None:
    """Note which mutants of a module what has killed, "" for nothing.

    `again` are those that the run before had left and that were to be tried again: one of them
    that has no end is none any more.
    """
    told = read()
    before: dict[str, Any] = {"killed": 0, "left": ()} if again is None else told[kind][module]
    left = [name for name in before["left"] if name in ends or name not in (again or ())]
    others = [name for name in {**dict.fromkeys(left), **ends} if not ends.get(name)]
    killed = before["killed"] + sum(map(bool, ends.values()))
    today = f"{date.today():%Y-%m-%d}"  # noqa: DTZ011 - as the person's calendar has it
    told[kind][module] = {"date": today, "killed": killed, "left": others}
    FILE.write_text(_written(told), encoding="utf-8")


def _written(told: dict[str, dict[str, Any]]) -> str:
    """Return the JSON with a line for each module."""
    kinds = []
    for kind, scores in told.items():
        lines = [
            f"{json.dumps(module)}: {json.dumps(scores[module], ensure_ascii=False)}"
            for module in sorted(scores)
        ]
        kinds.append(f"{json.dumps(kind)}: {{\n" + ",\n".join(lines) + "\n}")
    return "{\n" + ",\n".join(kinds) + "\n}\n"


def count(module: str, score: Mapping[str, Any]) -> Counter[str]:
    """Return how many mutants were killed, how many of the others are listed, how many survived.

    `score` is what `read` returns of the module.
    """
    found = Counter(killed=score["killed"], listed=0, survived=0)
    found.update(
        "listed" if survivors.reason(module, name) else "survived" for name in score["left"]
    )
    return found
