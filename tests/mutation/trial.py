"""A plug-in of pytest for the trials of mutants of functions.

mutmut forks a process for each mutant off one that has run the tests: results of sound code are
in its caches.  And a trial is over with the first example that fails: no smaller one is looked for.
"""

from __future__ import annotations

import gc
import os
import sys

from hypothesis import Phase, settings

_TOOLS = "tests.support.pty_tools"


def pytest_configure() -> None:
    """Have no example made smaller.  The tests are not imported yet, conftest.py is."""
    settings.register_profile("trial", settings(), phases=(Phase.explicit, Phase.generate))
    settings.load_profile("trial")


def pytest_sessionstart() -> None:
    """Empty the caches of the module that a mutant is of."""
    name = os.environ.get("MUTANT_UNDER_TEST", "").rpartition(".")[0]
    for value in [*vars(sys.modules[name]).values()] if name in sys.modules else ():
        if callable(clear := getattr(value, "cache_clear", None)):
            clear()
    gc.freeze()  # what was there before is no garbage


def pytest_collection_finish() -> None:
    """Have processes of the tests run the mutant too."""
    mutant, tools = os.environ.get("MUTANT_UNDER_TEST", ""), sys.modules.get(_TOOLS)
    if tools and "__mutmut_" in mutant:
        tools.ENVIRON["MUTANT_UNDER_TEST"] = mutant
