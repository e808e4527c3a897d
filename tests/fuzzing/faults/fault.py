"""What a planted fault is: a law of targets, and the change of one function that breaks it.

The law `NOTHING_ELSE` is every target's: no exception but those that are documented.
"""

from __future__ import annotations

from contextlib import contextmanager
from importlib import import_module
from inspect import unwrap
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.planted.patch import Defect

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTHING_ELSE = "nothing else is raised"


class Fault(NamedTuple):
    """A law that breaks in each of these targets, and the defect that breaks it.

    `where` is a function or method, ``module:name``; `raised` is what escapes, for `NOTHING_ELSE`.
    """

    targets: str  # names, with blanks between words replaced by "_"
    law: str
    where: str
    find: str
    put: str
    raised: str = ""

    @property
    def names(self) -> list[str]:
        """The targets."""
        return [name.replace("_", " ") for name in self.targets.split()]


@contextmanager
def planted(fault: Fault) -> Iterator[None]:
    """Change the code of one function, for all who have imported it, until the end of the block."""
    made = Defect(fault.law, fault.where, fault.find, fault.put, "").planted()
    function = _function(made.module, fault.where.partition(":")[2])
    code = compile(made.tree, str(made.path), "exec", dont_inherit=True)
    (changed,) = _codes(code, function.__qualname__)
    before = function.__code__
    _forget_results(made.module)
    function.__code__ = changed
    try:
        yield
    finally:
        function.__code__ = before
        _forget_results(made.module)


def _forget_results(module: str) -> None:
    """Empty the caches of a module: results of the other code are in them."""
    for value in vars(import_module(module)).values():
        if callable(clear := getattr(value, "cache_clear", None)):
            clear()


def _function(module: str, path: str) -> FunctionType:
    found: Any = import_module(module)
    for name in path.split("."):
        found = vars(found)[name]
    found = unwrap(getattr(found, "fget", None) or getattr(found, "__func__", None) or found)
    assert isinstance(found, FunctionType), path
    return found


def _codes(code: CodeType, name: str) -> Iterator[CodeType]:
    """Yield the code of the function of this qualified name."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            if inner.co_qualname == name:
                yield inner
            else:
                yield from _codes(inner, name)


READ_AGAIN = "what is written is read again"
NO_SECRET = "no secret is told"
PLAIN = "no control character is shown"
BOUNDS = "a duration is in AWS's bounds"
