"""Tries any input on the simulator, for as long as is asked.

    python -m tests.fuzz [--minutes M] [--seed S] [TARGET]...

A TARGET is a name of ``tests.fuzzing.any_input.TARGETS``; without one all of them take
turns.  Its tests try a part of the same.  Prints how many inputs each target had, and the
smallest input that breaks one; the exit status is then 1.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from collections import Counter

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzzing.any_input import TARGETS

BATCH = 200  # inputs of a target, before it is another's turn
LONG = settings(
    max_examples=BATCH,
    deadline=None,
    database=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


def main() -> int:
    """Try the targets in turn until the time is over, or one breaks."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=random.getrandbits(32))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    tried: Counter[str] = Counter()
    until = time.monotonic() + 60 * options.minutes
    turn = 0
    while time.monotonic() < until or turn == 0:
        for name in options.targets or TARGETS:
            if not held(name, options.seed + turn, tried):
                return 1
        turn += 1
    for name, count in tried.items():
        print(f"{count:>8}  {name}")
    print(f"{tried.total():>8}  inputs, and each had its answer")
    return 0


def held(name: str, number: int, tried: Counter[str]) -> bool:
    """Try a batch of a target; print what broke it."""
    target = TARGETS[name]

    @seed(number)
    @LONG
    @given(target.inputs)
    def batch(value: object) -> None:
        tried[name] += 1
        target.check(value)

    try:
        batch()
    except Exception:  # noqa: BLE001 - whatever it was, it is what was looked for
        print(f"{name}, seed {number}:\n{traceback.format_exc()}")
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
