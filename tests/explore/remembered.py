"""Results of authkit's pure functions, remembered while paths are walked.

Most of what a path does was done on the path before it: the same texts are filled,
parsed and hashed.  Within `remembering` each function of `PURE` is called once for the
same arguments.  authkit's code stays as it is, and what it does too: a result that can be
changed is copied, and what a function raises is raised anew by the function.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any

from authkit.core import durations, entries, identity, names, regions, render, sessions
from authkit.core.model import Values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PURE: tuple[tuple[Any, str], ...] = (
    *((render, name) for name in ("visible", "typed", "unseen", "quoted", "instant", "rfc3339")),
    *((render, name) for name in ("fill", "text", "table_name", "nearest_is", "clock_is_off")),
    *((durations, name) for name in ("parse", "within", "spell", "left")),
    *((regions, name) for name in ("partition", "partition_of_arn", "is_opt_in", "preflight")),
    *((names, name) for name in ("is_name", "normal")),
    (identity, "fingerprint"),
    (entries, "decode"),
    (sessions, "decode"),
)
MOST = 20_000  # results of one function


def _remembered(function: Callable[..., Any]) -> Callable[..., Any]:
    cached = lru_cache(maxsize=MOST, typed=True)(function)

    @wraps(function)
    def call(*values: Any, **named: Any) -> Any:  # noqa: ANN401 - the function's
        try:
            result = cached(*values, **named)
        except TypeError:  # a value that has no hash
            return function(*values, **named)
        return Values(result) if type(result) is Values else result

    return call


def _replace(old: object, new: object) -> None:
    """Put a function in the place of another wherever authkit has it as a module's own name."""
    for name, module in [*sys.modules.items()]:
        if name.partition(".")[0] == "authkit":
            for attribute, value in [*vars(module).items()]:
                if value is old:
                    setattr(module, attribute, new)


@contextmanager
def remembering() -> Iterator[None]:
    """Remember the results of pure functions within the context."""
    replaced = []
    for module, name in PURE:
        function = getattr(module, name, None)
        if function is not None:
            remembered = _remembered(function)
            _replace(function, remembered)
            replaced.append((remembered, function))
    try:
        yield
    finally:
        for remembered, function in replaced:
            _replace(remembered, function)
