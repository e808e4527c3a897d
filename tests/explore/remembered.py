"""Results of authkit's pure functions, remembered while paths are walked.

Most of what a path does was done on the path before it: the same texts are filled,
parsed and hashed.  Within `remembering` each function of these tables is called once for the
same arguments.  authkit's code stays as it is, and what it does too: a result that can be
changed is copied, and what a function raises is raised anew by the function.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack, contextmanager
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any

from authkit import again, arguments
from authkit.adapters import clock
from authkit.core import durations, endings, entries, identity, names, regions, render, sessions
from authkit.core.kinds import Kind
from authkit.core.model import Value, Values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MOST = 20_000  # results of one function

# Functions of texts, numbers and the like.
OF_TEXTS = (
    *((render, name) for name in ("typed", "unseen", "quoted", "instant", "rfc3339")),
    *((render, name) for name in ("table_name", "clock_is_off")),
    *((durations, name) for name in ("parse", "within", "spell", "left")),
    *((regions, name) for name in ("partition", "partition_of_arn", "is_opt_in", "preflight")),
    *((names, name) for name in ("is_name", "normal")),
    (identity, "fingerprint"),
    (sessions, "decode"),
)
# Functions that may be given a value that can change, or that keeps a path alive: an exception.
OF_ANYTHING = ((render, "visible"), (render, "fill"), (render, "text"))
PLAIN = {str, int, float, bool, type(None), render.Visible, render.Template}
# Functions of values, or with a result that can change.
OF_VALUES = (
    *((sessions, "encode"), (entries, "decode"), (arguments, "parse")),
    *((again, "command"), (clock, "_offset"), (endings, "facts")),
)
ATOMS = {str, int, float, type(None)}
# Properties that are worked out at each use.
OF_KINDS = ("credentials", "settings")


def _of_texts(function: Callable[..., Any]) -> Callable[..., Any]:
    return lru_cache(maxsize=MOST, typed=True)(function)


def _of_anything(function: Callable[..., Any]) -> Callable[..., Any]:
    cached = _of_texts(function)

    @wraps(function)
    def call(first: object, /, **named: object) -> Any:  # noqa: ANN401 - the function's
        if type(first) in PLAIN and PLAIN.issuperset(map(type, named.values())):
            return cached(first, **named)
        return function(first, **named)

    return call


def _of_values(function: Callable[..., Any]) -> Callable[..., Any]:
    results: dict[object, Any] = {}

    @wraps(function)
    def call(*values: object, **named: object) -> Any:  # noqa: ANN401 - the function's
        place = (*map(frozen, values), *map(frozen, named.items()))
        if place not in results:
            if len(results) >= MOST:
                results.clear()
            results[place] = function(*values, **named)
        return _copied(results[place])

    return call


def _copied(result: object) -> object:
    if type(result) is Values:
        return Values(result)
    if type(result) is arguments.Options:
        other = arguments.Options()
        vars(other).update(vars(result))
        return other
    return result.copy() if type(result) is dict else result


def frozen(value: object) -> object:
    """Return what tells a value from others, and does not change when the value does."""
    kind = type(value)
    if kind in ATOMS:
        return value
    parts: Iterable[object] = (value,)
    if isinstance(value, Kind):  # there is one of each name
        parts = (value.name,)
    elif isinstance(value, tuple | list):
        parts = map(frozen, value)
    elif isinstance(value, dict):
        parts = map(frozen, value.items())
    elif isinstance(value, Value):
        parts = map(frozen, vars(value).values())
    elif isinstance(value, BaseException | arguments.Options):
        parts = map(frozen, vars(value).items())
    return (kind, *parts)


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
    tables = ((OF_TEXTS, _of_texts), (OF_ANYTHING, _of_anything), (OF_VALUES, _of_values))
    with ExitStack() as stack:
        for table, remembered in tables:
            for module, name in table:
                function = getattr(module, name)
                new = remembered(function)
                _replace(function, new)
                stack.callback(_replace, new, function)
        for name in OF_KINDS:
            old = vars(Kind)[name]
            setattr(Kind, name, property(_by_name(old.fget)))
            stack.callback(setattr, Kind, name, old)
        yield


def _by_name(get: Callable[[Kind], Any]) -> Callable[[Kind], Any]:
    results: dict[str, Any] = {}

    def call(kind: Kind) -> Any:  # noqa: ANN401 - the property's
        if kind.name not in results:
            results[kind.name] = get(kind)
        return results[kind.name]

    return call
