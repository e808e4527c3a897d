"""A defect, and how it is applied to the syntax tree of a module.

What a defect replaces is given as Python and compared as a syntax tree, so that layout
and comments do not matter.  It has to be there exactly once, unless the row says how
often: a defect that no longer applies raises, and so does one that changes nothing.

In what is looked for, ``...`` stands for any expression, and as the only statement of a
block for any block.  In the replacement, each ``...`` is what the one in its place stood for.
An assignment to a name also matches a keyword argument of that name.
"""

from __future__ import annotations

import ast
import copy
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]


def path_of(module: str) -> Path:
    """Return the path of a module, or of a package's ``__init__``."""
    root = ROOT / "fakes" / "sts-simulator" if module.startswith("sts_simulator.") else ROOT
    path = root / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


class Planted(NamedTuple):
    """A module whose syntax tree was changed."""

    module: str
    path: Path
    tree: ast.Module


class DoesNotApplyError(Exception):
    """A defect does not fit the module any more: its row has to be brought up to date."""


class Defect(NamedTuple):
    """A defect.

    `where` is ``module:name.name...``: a class, a function or an assigned name, and in a
    table the row of that name.  `find` and `put` are Python; an empty `put` removes what is
    found.  `times` is how often it is there.  `suffers` is a sentence on what a user would
    see.  `near` and `terminal` are tests to run beside those of the module.
    """

    name: str
    where: str
    find: str
    put: str
    suffers: str
    times: int = 1
    near: tuple[str, ...] = ()
    terminal: tuple[str, ...] = ()

    @property
    def module(self) -> str:
        """The name of the module that is changed."""
        return self.where.partition(":")[0]

    @property
    def path(self) -> Path:
        """The path of the module that is changed."""
        return path_of(self.module)

    def planted(self) -> Planted:
        """Return the module with the defect.  Raises DoesNotApplyError."""
        tree = ast.parse(self.path.read_text(encoding="utf-8"), str(self.path))
        before = ast.dump(tree)
        place = _place(tree, self.where.partition(":")[2], self.name)
        replacing = _Replacing(_statements(self.find), _statements(self.put))
        replacing.visit(place)
        if replacing.found != self.times:
            found = f"{replacing.found} times, not {self.times}"
            raise DoesNotApplyError(f"{self.name}: {self.find!r} is in {self.where} {found}")
        if ast.dump(tree) == before:
            raise DoesNotApplyError(f"{self.name}: it changes nothing")
        return Planted(self.module, self.path, ast.fix_missing_locations(tree))


def _statements(text: str) -> list[ast.stmt]:
    return ast.parse(text).body


# Where.


def _place(tree: ast.Module, path: str, name: str) -> ast.AST:
    """Return the node of this path.  Raises DoesNotApplyError."""
    place: ast.AST = tree
    for part in filter(None, path.split(".")):
        found = [node for node in _within(place) if _name(node) == part]
        if len(found) != 1:
            raise DoesNotApplyError(f"{name}: {part} of {path} is there {len(found)} times")
        place = found[0]
    return place


def _within(place: ast.AST) -> list[ast.AST]:
    """Return what a path may name in a node: its statements, or the rows of a table."""
    if isinstance(place, ast.Assign | ast.AnnAssign):
        return [node for node in ast.walk(place) if isinstance(node, ast.Call)]
    statements: list[ast.AST] = list(getattr(place, "body", ()))
    return statements


def _name(node: ast.AST) -> str:
    """Return the name by which a path names a node, "" for none."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name
    if isinstance(node, ast.Assign | ast.AnnAssign):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        return target.id if isinstance(target, ast.Name) else ""
    if isinstance(node, ast.Call):
        named = [word.value for word in node.keywords if word.arg == "name"]
        first = next(iter([*named, *node.args]), None)
        return str(first.value) if isinstance(first, ast.Constant) else ""
    return ""


# What.


class _Replacing(ast.NodeTransformer):
    """Replaces what is found; `found` counts how often it was."""

    def __init__(self, find: list[ast.stmt], put: list[ast.stmt]) -> None:
        self.found = 0
        self._find = find
        self._put = put
        only = find[0] if len(find) == 1 else None
        self._expression = only.value if isinstance(only, ast.Expr) else None
        self._keyword = only if isinstance(only, ast.Assign) else None

    def visit(self, node: ast.AST) -> Any:  # noqa: ANN401 - as NodeTransformer has it
        """Return what a node becomes: None for nothing, a list for several statements."""
        held: list[Any] = []
        wanted = self._expression
        if isinstance(node, ast.keyword) and self._is_keyword(node, held):
            put = self._put_for(node, held)
            return ast.keyword(node.arg, put[0].value) if put else None  # type: ignore[attr-defined]
        if wanted and isinstance(node, ast.Expr) and _matches(wanted, node.value, held):
            return self._put_for(node, held)
        if wanted and isinstance(node, ast.expr) and _matches(wanted, node, held):
            put = self._put_for(node, held)
            value = put[0].value if put else None  # type: ignore[attr-defined]
            if value and hasattr(node, "ctx") and hasattr(value, "ctx"):
                value.ctx = node.ctx  # whether it is read or assigned to
            return value
        self.generic_visit(node)
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                self._replace_in(block)
                if not block and field == "body":
                    block.append(ast.Pass())
        if isinstance(node, ast.BoolOp) and len(node.values) == 1:
            return node.values[0]
        return node

    def _put_for(self, node: ast.AST, held: list[Any]) -> list[ast.stmt]:
        """Count what is found; return what is put in its place."""
        self.found += 1
        filling = _Filling(held)
        put = [filling.visit(copy.deepcopy(statement)) for statement in self._put]
        return [ast.copy_location(statement, node) for statement in put]

    def _is_keyword(self, node: ast.keyword, held: list[Any]) -> bool:
        wanted = self._keyword
        if wanted is None or not isinstance(wanted.targets[0], ast.Name):
            return False
        return wanted.targets[0].id == node.arg and _matches(wanted.value, node.value, held)

    def _replace_in(self, block: list[Any]) -> None:
        """Replace the statements that are looked for where they stand one after the other."""
        size, at = len(self._find), 0
        while self._expression is None and at + size <= len(block):
            held: list[Any] = []
            if all(_matches(f, b, held) for f, b in zip(self._find, block[at:], strict=False)):
                put = self._put_for(block[at], held)
                block[at : at + size] = put
                at += len(put)
            else:
                at += 1


class _Filling(ast.NodeTransformer):
    """Puts what was found for each ``...`` into the replacement, in the same order."""

    def __init__(self, held: list[Any]) -> None:
        self._held = iter(held)

    def visit(self, node: ast.AST) -> Any:  # noqa: ANN401 - as NodeTransformer has it
        """Return what a node becomes."""
        if isinstance(node, ast.Constant) and node.value is ...:
            return next(self._held)
        for field, value in ast.iter_fields(node):
            if isinstance(value, list):
                whole = len(value) == 1 and _is_any(value[0])
                parts = [self.visit(v) if isinstance(v, ast.AST) else v for v in value]
                setattr(node, field, parts[0].value if whole else parts)
            elif isinstance(value, ast.AST):
                setattr(node, field, self.visit(value))
        return node


def _is_any(node: object) -> bool:
    """Tell whether a statement is ``...``."""
    value = node.value if isinstance(node, ast.Expr) else None
    return isinstance(value, ast.Constant) and value.value is ...


def _matches(wanted: object, node: object, held: list[Any]) -> bool:
    """Tell whether a node is what is looked for; add to `held` what each ``...`` stands for."""
    if isinstance(wanted, ast.Constant) and wanted.value is ... and isinstance(node, ast.expr):
        held.append(node)
        return True
    if isinstance(wanted, list) and isinstance(node, list):
        if len(wanted) == 1 and _is_any(wanted[0]) and node and isinstance(node[0], ast.stmt):
            held.append(node)
            return True
        return len(wanted) == len(node) and all(
            _matches(one, other, held) for one, other in zip(wanted, node, strict=True)
        )
    if isinstance(wanted, ast.AST):
        return type(wanted) is type(node) and all(
            _matches(getattr(wanted, field, None), getattr(node, field, None), held)
            for field in wanted._fields
            if field not in {"ctx", "kind", "type_comment"}
        )
    return type(wanted) is type(node) and wanted == node
