"""Fuzzes one target with atheris, which follows the coverage of authkit and the simulator.

    python -m tests.fuzzing.guided TARGET [OPTION of libFuzzer | FOLDER]...

``tests.fuzz`` starts it, one process for each target: atheris ends its process.
"""

from __future__ import annotations

import sys

import atheris


def main() -> None:
    """Fuzz until libFuzzer's options end it."""
    name, *options = sys.argv[1:]
    with atheris.instrument_imports(include=["authkit", "sts_simulator"]):
        from tests.fuzzing.targets import TARGETS  # noqa: PLC0415 - its imports are instrumented
    atheris.Setup([sys.argv[0], *options], TARGETS[name].once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
