"""``python -m fakes``: the simulator as a program, with authkit in its shell."""

from __future__ import annotations

import sys

from fakes import shell
from sts_simulator import __main__ as simulator

if __name__ == "__main__":
    sys.exit(simulator.main(prog="python -m fakes", run_shell=shell.run))
