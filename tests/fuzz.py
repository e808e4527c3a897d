"""Tries any input on authkit and on the simulator, for as long as is asked.

    python -m tests.fuzz [--minutes M] [--target NAME]... [--engine ENGINE] [--seed S]
    python -m tests.fuzz --target NAME --input FILE
    python -m tests.fuzz --faults [--target NAME]...

A NAME is one of ``tests.fuzzing.targets.TARGETS``; without one all of them take turns.  The tests
try a part of the same, and each input of the corpus.  Prints a line for each target: inputs,
seconds, and whether one broke it.  An input that did is written into the corpus, where the tests
fail for it until it is mended, and ``--input`` tries it again.  The exit status is then 1.

With the engine ``atheris``, which is taken where it is installed (``tox run -e fuzz``), inputs
follow the coverage of the code.

With ``--faults`` the code is changed for the worse in one way for each law of a target
(``tests.fuzzing.faults``), and a line says whether an input of the corpus, or one of a few that
are drawn, breaks it.  The exit status is 1 when one does not.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
import time
import traceback
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzzing.faults import showing
from tests.fuzzing.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Collection

    from tests.fuzzing.target import Target

ATHERIS, HYPOTHESIS = "atheris", "hypothesis"
BATCH = 200  # inputs of a target, before hypothesis looks at the time
LONGEST = 4096  # bytes of an input that atheris makes
SLOWEST = 60  # seconds that it lets an input take
LONG = settings(
    max_examples=BATCH,
    deadline=None,
    database=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


def main() -> int:
    """Try each target for its share of the time."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--target", action="append", choices=[*TARGETS], metavar="NAME")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--engine", choices=[ATHERIS, HYPOTHESIS])
    parser.add_argument("--seed", type=int, default=random.getrandbits(31))
    parser.add_argument("--input", type=Path, metavar="FILE")
    parser.add_argument("--faults", action="store_true")
    options = parser.parse_args()
    names = options.target or [*TARGETS]
    if options.faults:
        return faults(names)
    if options.input:
        if len(names) != 1:
            parser.error("--input FILE is of one --target")
        TARGETS[names[0]].once(options.input.read_bytes())
        return 0
    engine = options.engine or (ATHERIS if find_spec(ATHERIS) else HYPOTHESIS)
    print(f"{engine}, seed {options.seed}", flush=True)
    share = 60 * options.minutes / len(names)
    fuzz = guided if engine == ATHERIS else drawn
    return max([fuzz(name, share, options.seed) for name in names])


def faults(names: Collection[str]) -> int:
    """Plant each fault of these targets; print a line for each, return 1 if one is not shown."""
    missed = 0
    for name, fault in showing.ROWS:
        if name in names:
            shown = showing.shows(name, fault)
            missed += not shown
            print(f"{'shown' if shown else 'MISSED':6}  {name}: {fault.law}", flush=True)
    return int(bool(missed))


def told(name: str, tried: int, begun: float, *, broke: bool) -> int:
    """Print the line of a target; return its exit status."""
    seconds = time.monotonic() - begun
    print(f"{tried:>9}  inputs {seconds:>6.0f} s  {name}{'  BROKE' * broke}", flush=True)
    return int(broke)


def drawn(name: str, share: float, number: int) -> int:
    """Try inputs that hypothesis draws, for `share` seconds."""
    target, begun, tried = TARGETS[name], time.monotonic(), [0]
    broke = False
    while not broke and (time.monotonic() - begun < share or not tried[0]):
        broke = not batch_held(target, number + tried[0], tried)
    return told(name, tried[0], begun, broke=broke)


def batch_held(target: Target, number: int, tried: list[int]) -> bool:
    """Try a batch; print what broke the target, and keep the input."""
    last = [b""]

    @seed(number)
    @LONG
    @given(target.inputs)
    def batch(value: object) -> None:
        tried[0] += 1
        if isinstance(value, bytes):
            last[0] = value
        target.check(value)

    try:
        batch()
    except Exception:  # noqa: BLE001 - whatever it was, it is what was looked for
        print(traceback.format_exc())
        if target.corpus:
            print(f"the input is {target.keep(last[0])}")
        return False
    return True


def guided(name: str, share: float, number: int) -> int:
    """Try inputs of atheris, for `share` seconds, in a process of its own."""
    target, begun = TARGETS[name], time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        grown, found = Path(folder, "grown"), Path(folder, "found")
        grown.mkdir()
        found.mkdir()
        limits = (f"-max_total_time={max(1, round(share))}", f"-seed={number or 1}")
        sizes = (f"-max_len={LONGEST}", f"-timeout={SLOWEST}", "-rss_limit_mb=4096")
        done = subprocess.run(  # noqa: S603 - this very program's words
            [sys.executable, "-m", "tests.fuzzing.guided", name, *limits, *sizes]
            + ["-print_final_stats=1", f"-artifact_prefix={found}/", str(grown)]
            + ([str(target.corpus)] if target.corpus else []),
            capture_output=True,
            check=False,
            start_new_session=True,
        )
        printed, said = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
        for path in found.iterdir():
            data = path.read_bytes()
            print(f"the input is {target.keep(data) if target.corpus else data!r}")
    if done.returncode:
        print(printed[-4000:] or said[-4000:])
    tried = re.search(r"number_of_executed_units: (\d+)", said)
    return told(name, int(tried[1]) if tried else 0, begun, broke=bool(done.returncode))


if __name__ == "__main__":
    sys.exit(main())
