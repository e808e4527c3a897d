"""Who may import whom, and what the core must not touch.  Computed from the source.

Dependencies point one way: a module imports what stands above it in the table.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

AUTHKIT = Path(__file__).parent.parent / "authkit"

# From the bottom up; nothing imports what stands in its own line or further down.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("__init__", "model", "messages", "durations", "regions"),
    ("ports",),
    ("render", "kinds"),
    ("rules", "vault", "form", "arguments"),
    ("manual",),
    ("identity", "child"),
    ("sessions", "codes", "patience"),
    ("config", "credentials"),
    ("user", "role"),
    ("login",),
    ("commands", "configure", "logout"),
    ("execute",),
    ("prompt", "job", "keychain", "aws", "terminal", "statefolder"),
    ("system",),
    ("cli",),
    ("__main__",),
)
HEIGHT = {module: height for height, layer in enumerate(LAYERS) for module in layer}

# Imports against the grain.  All are made by the function that needs them.
LAZILY = {
    ("child", "job"),  # how a command is started, when there is one
    ("terminal", "prompt"),  # how a line is typed, when somebody is asked
    ("role", "login"),  # login chooses among the kinds' flows, of which this is one
    ("sessions", "config"),  # the file, when it has changed since login
}

# The real ends of the ports, and who makes them.
ADAPTERS = {
    "aws": {"system"},
    "keychain": {"system"},
    "prompt": {"terminal"},
    "job": {"child"},
    "statefolder": {"system"},
    "terminal": {"system"},
    "system": {"cli"},
}
# Libraries and dear parts of the standard library, and the only modules that may import them.
ONLY = {
    "boto3": {"aws"},
    "botocore": {"aws"},
    "keyring": {"keychain"},
    "filelock": {"statefolder"},
    "tomllib": {"config"},
    "termios": {"prompt"},
    "signal": {"job", "prompt"},
    "time": {"system"},
    "getpass": {"terminal"},
}
# Where the environment, the clock and the standard streams may be touched.
OUTSIDE = {"__main__", "system", "terminal", "prompt", "job", "keychain", "aws"}
TOUCHES = {
    *("os.environ", "os.getenv", "os.environb", "os.isatty", "os.getcwd"),
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "sys.stdin"),
    *("sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__"),
}


class Import(NamedTuple):
    """One import: of what, by whom, and when."""

    by: str
    of: str
    lazy: bool  # by a function
    for_types: bool  # never at run time


@cache
def tree(path: Path) -> ast.Module:
    """Return a module's source, parsed once."""
    return ast.parse(path.read_text(encoding="utf-8"))


def sources() -> list[Path]:
    """Return authkit's modules."""
    return sorted(AUTHKIT.rglob("*.py"))


@cache
def imports() -> tuple[Import, ...]:
    """Return every import in authkit."""
    return tuple(found for path in sources() for found in _imports(path.stem, tree(path)))


def _imports(
    module: str, node: ast.AST, *, lazy: bool = False, for_types: bool = False
) -> Iterator[Import]:
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        for statement in node.body:
            yield from _imports(module, statement, lazy=lazy, for_types=True)
        for statement in node.orelse:
            yield from _imports(module, statement, lazy=lazy, for_types=for_types)
        return
    for name in _imported(node):
        yield Import(module, name, lazy, for_types)
    lazy = lazy or isinstance(node, ast.FunctionDef)
    for child in ast.iter_child_nodes(node):
        yield from _imports(module, child, lazy=lazy, for_types=for_types)


def _imported(node: ast.AST) -> list[str]:
    """Return what a statement imports, as dotted names from the top."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are written from the top"
        if node.module == "authkit":
            return [f"authkit.{alias.name}" for alias in node.names]
        return [str(node.module)]
    return []


def own() -> list[Import]:
    """Return the imports of authkit by authkit; `of` is the module's bare name."""
    bare = [i._replace(of=i.of.removeprefix("authkit.")) for i in imports() if _is(i, "authkit")]
    return [i._replace(of="__init__" if i.of == "__version__" else i.of) for i in bare]


def _is(found: Import, package: str) -> bool:
    return found.of.partition(".")[0] == package


def test_the_table_is_whole() -> None:
    """DESIGN: a new module is given its place on purpose."""
    assert {path.stem for path in sources()} == set(HEIGHT)


def test_dependencies_point_one_way() -> None:
    """DESIGN: model and ports at the bottom, the command line at the top; types included."""
    against = {(i.by, i.of) for i in own() if HEIGHT[i.of] >= HEIGHT[i.by]}
    assert against == LAZILY


def test_what_goes_against_the_grain_is_lazy() -> None:
    """DESIGN: such an import is made by a function, so nothing is imported in a circle."""
    against = [i for i in own() if (i.by, i.of) in LAZILY]
    assert all(found.lazy for found in against)


@pytest.mark.parametrize(("adapter", "makers"), ADAPTERS.items())
def test_the_core_knows_no_adapter(adapter: str, makers: set[str]) -> None:
    """DESIGN: the core sees the world through its ports; one module makes each real end."""
    assert {i.by for i in own() if i.of == adapter} == makers


@pytest.mark.parametrize("adapter", ["aws", "keychain", "prompt", "job", "system"])
def test_adapters_are_imported_when_needed(adapter: str) -> None:
    """DESIGN, the cached path: what is dear is imported by the function that needs it."""
    assert all(i.lazy for i in own() if i.of == adapter)


def test_the_product_knows_no_fakes() -> None:
    """DESIGN: authkit imports nothing from fakes, scenarios or tests."""
    kept_out = ("fakes", "scenarios", "tests")
    assert [i for i in imports() if any(_is(i, package) for package in kept_out)] == []


@pytest.mark.parametrize(("library", "users"), ONLY.items())
def test_one_place_for_each_library(library: str, users: set[str]) -> None:
    """DESIGN: the only boto3 import, the only keyring import."""
    assert {i.by for i in imports() if _is(i, library)} == users


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.stem))
def test_the_core_touches_no_world(path: Path) -> None:
    """DESIGN: clock, environment and streams only through what was handed in."""
    touched = {
        ast.unparse(node)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in TOUCHES
    }
    called = {
        node.func.id
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    if path.stem not in OUTSIDE:
        assert touched == set()
    assert path.stem == "terminal" or not called & {"print", "input"}


@pytest.mark.parametrize("library", ["typing", "dataclasses", "pathlib", "subprocess", "enum"])
def test_what_the_cached_path_does_without(library: str) -> None:
    """DESIGN, the cached path: typing and its like only for types, or off the path."""
    off_the_path = {"aws", "rules"}
    at_run_time = [i for i in imports() if _is(i, library) and not i.for_types and not i.lazy]
    assert {i.by for i in at_run_time} <= off_the_path
