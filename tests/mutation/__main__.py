"""The command: makes mutants, and prints which test kills each, and a table by module."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from typing import TYPE_CHECKING

from tests.mutation import functions, scores, survivors, tables
from tests.mutation.killing import killer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def main(words: Sequence[str] | None = None) -> int:
    """Try the mutants; return 1 if one survives that is not listed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("kind", choices=("tables", "functions"))
    parser.add_argument("modules", nargs="*", default=["authkit"], metavar="MODULE")
    parser.add_argument("--list", action="store_true", help="of tables: print a mutant a line")
    parser.add_argument(
        "--deep", action="store_true", help="try all tests of the package and real processes too"
    )
    parser.add_argument("--write", action="store_true", help="note the results in scores.json")
    parser.add_argument(
        "--again", action="store_true", help="try what the run noted there has left"
    )
    options = parser.parse_intermixed_args(words)
    try:
        names = [name for given in options.modules for name in tables.modules(given)]
    except LookupError as error:
        parser.error(f"{error}: a module is named as it is imported, authkit.core.regions")
    if options.list:
        for name in names:
            sys.stdout.write("".join(f"{name} {one.name}\n" for one in tables.mutants(name)))
        return 0
    left = None
    if options.again:
        told = scores.read()[options.kind]
        left = {name: _left(options.kind, name) for name in names if name in told}
        names = [*left]
        if not left:
            parser.error("no run of that is noted: --again tries what one has left")
    if options.kind == "tables":
        made = _of_tables(names, options, left)
    else:
        made = functions.tried(names, left)
    counts: dict[str, Counter[str]] = {}
    ends: dict[str, dict[str, str]] = {name: {} for name in names}
    for module, mutant, killed_by in made:
        known = survivors.reason(module, mutant)
        end = "killed" if killed_by else "listed" if known else "survived"
        counts.setdefault(module, Counter())[end] += 1
        ends[module][mutant] = killed_by
        line = {"module": module, "mutant": mutant, "killed_by": killed_by, "reason": known or None}
        sys.stdout.write(f"{json.dumps(line, ensure_ascii=False)}\n")
        sys.stdout.flush()
    for module in names if options.write else ():
        scores.write(options.kind, module, ends[module], left and left[module])
    for module, count in counts.items():
        sys.stdout.write(f"{module:<40} {_score(count)}\n")
    whole = sum(counts.values(), Counter[str]())
    sys.stdout.write(f"{'all':<40} {_score(whole)}\n")
    return 1 if whole["survived"] else 0


def _left(kind: str, module: str) -> list[str]:
    """Return the mutants that the last run has left and no reason is listed for."""
    return [name for name in scores.left(kind, module) if not survivors.reason(module, name)]


def _of_tables(
    names: Iterable[str], options: argparse.Namespace, left: Mapping[str, Sequence[str]] | None
) -> Iterable[tuple[str, str, str]]:
    for name in names:
        for mutant in tables.mutants(name):
            if left is None or mutant.name in left[name]:
                yield name, mutant.name, killer(mutant, deep=options.deep)


def _score(count: Counter[str]) -> str:
    """Return a line of the table: what was killed of what is not listed as equivalent."""
    of = count["killed"] + count["survived"]
    share = f"{100 * count['killed'] / of:.0f} %" if of else "none"
    return f"{count['killed']:>5} of {of:<5} {share:>5}  {count['listed']} listed"


if __name__ == "__main__":
    sys.exit(main())
