"""Every module has a test module at the mirrored path, and every test module has its module."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
# A folder of modules, and the folder of tests that mirrors it.
MIRRORS = {
    "authkit": "authkit",
    "fakes/sts-simulator/sts_simulator": "sts_simulator",
    "fakes": "fakes",
    "scenarios/replay": "scenarios/replay",
}
# Tests of a whole package, not of one module.
WHOLE = {"tests/sts_simulator/test_wheel.py", "tests/sts_simulator/test_empty_environment.py"}


def modules(folder: Path) -> Iterator[Path]:
    """Yield the modules of a folder as relative paths, without an __init__ that defines nothing."""
    for path in sorted(folder.rglob("*.py")):
        module = path.relative_to(folder)
        if not all(name.isidentifier() for name in module.with_suffix("").parts):
            continue  # fakes/sts-simulator is a distribution of its own
        if path.name != "__init__.py" or defines_something(path):
            yield module


def defines_something(path: Path) -> bool:
    """Return whether a module has a function or a class."""
    return any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in tree(path).body)


def mirrored(module: Path) -> Path:
    """Return the path of the test module for a module: ``core/x.py`` -> ``core/test_x.py``."""
    name = {"__init__": module.parent.name or "package"}.get(module.stem, module.stem.strip("_"))
    return module.with_name(f"test_{name}.py")


def has_test(path: Path) -> bool:
    """Return whether a file has a test: a function, or a class of tests."""
    return any(
        isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name.lower().startswith("test")
        for node in tree(path).body
    )


def tree(path: Path) -> ast.Module:
    """Return the parsed source of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("folder", "mirror"), MIRRORS.items())
def test_every_module_has_its_tests(folder: str, mirror: str) -> None:
    """The test module exists at the mirrored path, and has at least one test."""
    wanted = [TESTS / mirror / mirrored(module) for module in modules(ROOT / folder)]
    missing = [path for path in wanted if not (path.exists() and has_test(path))]
    if missing:
        pytest.fail("missing, or without a test:\n" + listed(missing), pytrace=False)


@pytest.mark.parametrize(("folder", "mirror"), MIRRORS.items())
def test_every_test_module_has_its_module(folder: str, mirror: str) -> None:
    """A test module in a mirrored folder tests one module; shared code is in tests/support/."""
    known = {TESTS / mirror / mirrored(module) for module in modules(ROOT / folder)}
    known |= {ROOT / path for path in WHOLE}
    if strange := {*(TESTS / mirror).rglob("test_*.py")} - known:
        pytest.fail("without a module of that name:\n" + listed(strange), pytrace=False)


def listed(paths: Iterable[Path]) -> str:
    """Return paths as lines of text."""
    return "\n".join(f"  {path.relative_to(ROOT)}" for path in sorted(paths))


def test_where_tests_are_looked_for(tmp_path: Path) -> None:
    """Paths are mirrored, and an __init__ with only a docstring needs no tests."""
    assert mirrored(Path("core/x.py")) == Path("core/test_x.py")
    assert mirrored(Path("__main__.py")) == Path("test_main.py")
    assert mirrored(Path("core/__init__.py")) == Path("core/test_core.py")
    (tmp_path / "__init__.py").write_text('"""A package."""\n')
    (tmp_path / "x.py").write_text("")
    (tmp_path / "not-a-package").mkdir()
    (tmp_path / "not-a-package" / "y.py").write_text("")
    assert [*modules(tmp_path)] == [Path("x.py")]
    (tmp_path / "__init__.py").write_text("def f(): ...\n")
    assert [*modules(tmp_path)] == [Path("__init__.py"), Path("x.py")]
    (tmp_path / "test_x.py").write_text("def helper(): ...\n")
    assert not has_test(tmp_path / "test_x.py")
    (tmp_path / "test_x.py").write_text("class TestX(Suite): ...\n")
    assert has_test(tmp_path / "test_x.py")
