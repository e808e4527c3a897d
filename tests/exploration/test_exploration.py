"""Every path through login, whoami, exec and logout up to a depth, checked by the oracle.

The depth is two or three.  AUTHKIT_EXPLORE_DEEPER=1 adds one: a minute on
one core, which .ci/run takes.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from itertools import chain
from typing import Any

import pytest

from authkit.core import rules
from authkit.login import keys, recover, user
from tests.exploration.chooser import Path
from tests.exploration.chosen_answers import NAME
from tests.exploration.chosen_world import every_path
from tests.exploration.oracle import complaints

DEEPER = int(os.environ.get("AUTHKIT_EXPLORE_DEEPER", "0"))

# A command, whether there is a person, the depth, and the least number of paths.
EXPLORED = [
    (("login", NAME), True, 2, 1300),
    (("login", NAME), False, 2, 300),
    (("login", NAME, "--force"), True, 2, 1300),
    (("whoami", NAME), True, 3, 300),
    (("exec", NAME, "--", "x"), True, 2, 1300),
    (("exec", NAME, "--", "x"), False, 2, 250),
    (("logout", NAME), True, 3, 150),
    (("logout", NAME, "--keys"), True, 3, 400),
]


def broken(
    command: tuple[str, ...], depth: int, *, interactive: bool
) -> tuple[int, dict[str, str]]:
    """Return the number of paths, and the broken laws, each with its shortest path."""
    count, found = 0, dict[str, Path]()
    for path in every_path(command, depth, interactive=interactive):
        count += 1
        for complaint in complaints(path):
            known = found.setdefault(complaint, path)
            found[complaint] = min(known, path, key=lambda path: len(path.choices))
    return count, {complaint: " and ".join(path.choices) for complaint, path in found.items()}


@pytest.mark.parametrize(
    ("command", "interactive", "depth", "fewest"),
    [pytest.param(*row, id="-".join([*row[0], *["alone"] * (not row[1])])) for row in EXPLORED],
)
def test_every_path_keeps_the_laws(
    command: tuple[str, ...], depth: int, fewest: int, *, interactive: bool
) -> None:
    """B-L01 to B-L25, B-W01, B-E05, B-S02, B-S04, B-A02: every path keeps every law."""
    count, found = broken(command, depth + DEEPER, interactive=interactive)
    sys.stdout.write(f"{' '.join(command)}: {count} paths\n")
    assert count >= fewest
    assert not found


def test_the_walk_is_the_same_every_time() -> None:
    """Two walks give the same paths in the same order, all different, the plain one first."""
    first, second = ([*every_path(("login", NAME), 1, interactive=True)] for _ in range(2))
    assert first == second
    assert len({path.choices for path in first}) == len(first)
    assert first[0].choices == ()


def patient() -> tuple[rules.Rule, ...]:
    """Return the table with five pauses in the rows that wait."""
    five = (timedelta(seconds=1),) * 5
    return tuple(r.replaced(pauses=five) if r.pauses is rules.PAUSES else r for r in rules.RULES)


# A change that breaks authkit, and the law that the change breaks.
SPOILT = [
    (recover, "TRIES", 5, "budgets"),
    (rules, "RULES", patient(), "four_calls_at_most"),
    (
        user.UserFlow,
        "discard_code",
        lambda flow: setattr(flow, "code", ""),
        "codes_are_sent_once",
    ),
    (keys.Keys, "remove", lambda self: self.values.text("access_key_id"), "dead_keys_go"),
]


@pytest.mark.parametrize(("where", "name", "spoilt", "law"), SPOILT)
def test_the_laws_notice(
    where: Any,  # noqa: ANN401 - a module or a class
    name: str,
    spoilt: object,
    law: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A test of the laws: with authkit changed for the worse, the right law is broken."""
    monkeypatch.setattr(where, name, spoilt)
    alone, asked = (every_path(("login", NAME), 2, interactive=i) for i in (False, True))
    assert any(law in complaint for path in chain(alone, asked) for complaint in complaints(path))
