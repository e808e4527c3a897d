"""A plug-in of pytest for the trials of mutants of functions: no result is one of sound code.

mutmut forks a process for each mutant off one that has run the tests.
"""

from __future__ import annotations

import os
import sys


def pytest_sessionstart() -> None:
    """Empty the caches of the module that a mutant is of."""
    name = os.environ.get("MUTANT_UNDER_TEST", "").rpartition(".")[0]
    for value in [*vars(sys.modules[name]).values()] if name in sys.modules else ():
        if callable(clear := getattr(value, "cache_clear", None)):
            clear()
