"""The command: plants defects, and prints which layer of the proof finds each."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from tests.planted.defects import DEFECTS
from tests.planted.layers import LAYERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.planted.layers import Found
    from tests.planted.patch import Defect


def main(words: Sequence[str] | None = None) -> int:
    """Plant each defect; return 1 if one is found by no layer."""
    parser = argparse.ArgumentParser(prog="python -m tests.planted", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    parser.add_argument("--list", action="store_true", help="print a name a line")
    parser.add_argument(
        "--layers", default=",".join(LAYERS), help="which to try, in this order: %(default)s"
    )
    options = parser.parse_args(words)
    if strange := [name for name in options.names if name not in DEFECTS]:
        parser.error(f"there is no defect {strange[0]}")
    layers = options.layers.split(",")
    if strange := [layer for layer in layers if layer not in LAYERS]:
        parser.error(f"there is no layer {strange[0]}")
    names = options.names or [*DEFECTS]
    if options.list:
        sys.stdout.write("".join(f"{name}\n" for name in names))
        return 0
    wrong = 0
    for name in names:
        found = first_finding(DEFECTS[name], layers)
        wrong += found is None
        line: dict[str, object] = dict.fromkeys(("name", "layer", "seconds", "path"))
        line["name"] = name
        if found:
            line |= {"layer": found.layer, "seconds": round(found.seconds, 1), "path": found.path}
        sys.stdout.write(f"{json.dumps(line, ensure_ascii=False)}\n")
        sys.stdout.flush()
    return 1 if wrong else 0


def first_finding(defect: Defect, layers: Sequence[str]) -> Found | None:
    """Return what the first of these layers finds that finds anything about the defect."""
    findings = (LAYERS[layer](defect) for layer in layers)
    return next((found for found in findings if found and found.holds()), None)


if __name__ == "__main__":
    sys.exit(main())
