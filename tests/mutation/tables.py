"""The mutants of tables: what each changes, and the module's syntax tree with the change."""

from __future__ import annotations

import ast
import copy
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from tests.planted.patch import ROOT, Planted, path_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_At = tuple[int, ...]  # indices into the bodies of the module, a class in it, and so on
_Place = TypeVar("_Place", ast.Module, ast.ClassDef)
LONGEST = 40  # characters of an element in the name of a mutant


class Mutant(NamedTuple):
    """A mutant: its module, and how its name says what it changes there.

    `texts` are the strings of the row that is changed.
    """

    module: str
    name: str
    path: Path
    tree: ast.Module
    texts: tuple[str, ...] = ()

    def planted(self) -> Planted:
        """Return the changed module."""
        return Planted(self.module, self.path, self.tree)


def modules(name: str) -> list[str]:
    """Return the modules of this name: itself, or those of the package.

    A package without its modules is ``PACKAGE.__init__``.
    """
    path = ROOT / name.replace(".", "/")
    if (file := path.with_suffix(".py")).exists():
        return [_name(file)]
    paths = sorted(path.rglob("*.py"))
    if not paths:
        raise LookupError(f"there is no module {name}")
    return [_name(path) for path in paths]


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def mutants(module: str) -> Iterator[Mutant]:
    """Yield the mutants of a module's tables; no two have the same name."""
    path = path_of(module)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    seen = dict[str, int]()
    for name, at in _tables(tree):
        table = _value(tree, at)
        before = ast.dump(table)
        for number in range(sum(1 for _ in _changes(table))):
            changed = copy.deepcopy(table)
            change = next(islice(_changes(changed), number, None))
            texts = _texts(changed, change)
            said = f"{name}: {_apply(change)}"
            seen[said] = seen.get(said, 0) + 1
            if seen[said] > 1:
                said += f" ({seen[said]})"
            if ast.dump(changed) != before:
                other = ast.fix_missing_locations(_with(tree, at, changed))
                yield Mutant(module, said, path, other, texts)


def _with(place: _Place, at: _At, changed: ast.stmt) -> _Place:
    """Return a module or a class with another statement; all others are shared."""
    number: int = at[0]
    inside, further = place.body[number], at[1:]
    if further:
        assert isinstance(inside, ast.ClassDef)  # `_tables` came this way
        changed = _with(inside, further, changed)
    other = copy.copy(place)
    other.body = [*place.body[:number], changed, *place.body[number + 1 :]]
    return other


# Where tables are.


def _tables(
    place: ast.Module | ast.ClassDef, at: _At = (), name: str = ""
) -> Iterator[tuple[str, _At]]:
    for number, node in enumerate(place.body):
        if isinstance(node, ast.ClassDef):
            yield from _tables(node, (*at, number), f"{name}{node.name}.")
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            spelt = ast.unparse(target)
            if spelt not in {"TYPE_CHECKING", "__slots__"}:
                yield f"{name}{spelt}", (*at, number)


def _value(tree: ast.Module, at: _At) -> ast.Assign | ast.AnnAssign | ast.AugAssign:
    node: ast.AST = tree
    for number in at:
        node = node.body[number]  # type: ignore[attr-defined]  # `_tables` came this way
    assert isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign)
    return node


# What is changed in them.


class _Change(NamedTuple):
    """An element: the list that it is in, and where; `other` replaces it, None drops it."""

    inside: list[Any]
    number: int
    other: ast.AST | None
    values: list[Any] | None = None  # of a dict, whose keys are `inside`


def _apply(change: _Change) -> str:
    """Make the change; return how it is called."""
    inside, number, other, values = change
    said = _spelt(inside[number])
    if other:
        inside[number] = other
        return f"{said} changed"
    del inside[number]
    if values is not None:
        said = said or f"**{_spelt(values[number])}"
        del values[number]
    return f"{said} dropped"


def _texts(
    assigned: ast.Assign | ast.AnnAssign | ast.AugAssign, change: _Change
) -> tuple[str, ...]:
    """Return the strings of what is to be changed: of a row of the table, or of all of it."""
    table, changed = assigned.value, change.inside[change.number]
    rows: list[Any] = [[one] for one in getattr(table, "elts", getattr(table, "args", ()))]
    if isinstance(table, ast.Dict):
        rows = [[*filter(None, pair)] for pair in zip(table.keys, table.values, strict=True)]
    for row in [*rows, [table]]:
        nodes = [node for one in row for node in ast.walk(one)]
        if any(node is changed for node in nodes):
            values = [node.value for node in nodes if isinstance(node, ast.Constant)]
            return tuple(value for value in values if isinstance(value, str))
    return ()


def _spelt(element: ast.AST | None) -> str:
    text = ast.unparse(element) if element else ""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _changes(node: ast.AST) -> Iterator[_Change]:
    """Yield the changes of an assignment or of what it assigns, outermost first."""
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        yield from _of_one(_Field(node, "value"), 0)
    elif isinstance(node, ast.Tuple | ast.List | ast.Set):
        yield from _of_list(node.elts)
    elif isinstance(node, ast.Dict):
        yield from _of_dict(node)
    elif isinstance(node, ast.Call):
        yield from _of_list(node.args)
        yield from _of_keywords(node.keywords)
    elif isinstance(node, ast.BinOp | ast.Starred | ast.comprehension):
        for field in ("left", "right", "value", "iter"):
            yield from _changes(getattr(node, field, ast.Pass()))
    elif isinstance(node, ast.DictComp | ast.GeneratorExp | ast.ListComp | ast.SetComp):
        for generator in node.generators:
            yield from _changes(generator)


class _Field(list[Any]):
    """A list of the one node in a field: what is put into it is put there."""

    def __init__(self, node: ast.AST, field: str) -> None:
        super().__init__([getattr(node, field)])
        self._node, self._field = node, field

    def __setitem__(self, number: object, other: object) -> None:
        setattr(self._node, self._field, other)


def _of_list(elements: list[Any]) -> Iterator[_Change]:
    for number, element in enumerate(elements):
        if not isinstance(element, ast.Starred):
            yield _Change(elements, number, None)
        yield from _of_one(elements, number)


def _of_dict(table: ast.Dict) -> Iterator[_Change]:
    for number, key in enumerate(table.keys):
        yield _Change(table.keys, number, None, table.values)
        if other := key and _other(key):
            yield _Change(table.keys, number, other, table.values)
        yield from _of_one(table.values, number)


def _of_keywords(words: list[ast.keyword]) -> Iterator[_Change]:
    for number, word in enumerate(words):
        yield _Change(words, number, None)
        if other := _other(word.value):
            yield _Change(words, number, ast.keyword(word.arg, other))
        else:
            yield from _changes(word.value)


def _of_one(inside: list[Any], number: int) -> Iterator[_Change]:
    """Yield the other value of a constant, or the changes of what is in the element."""
    element = inside[number]
    if other := _other(element):
        yield _Change(inside, number, other)
    else:
        yield from _changes(element)


def _other(element: ast.AST) -> ast.expr | None:
    """Return another value in a constant's place, None for what is no constant."""
    value = element.value if isinstance(element, ast.Constant) else None
    if isinstance(value, bool):
        return ast.Constant(not value)
    if isinstance(value, int | float):
        return ast.Constant(value + 1)
    if isinstance(value, str):
        return ast.Constant(f"{value}!")
    return ast.Constant(value + b"!") if isinstance(value, bytes) else None
