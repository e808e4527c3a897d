"""Imports: which folder may import which, no rings, and what only one module may use.

The tests parse the source; they do not import it.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "authkit": ROOT / "authkit",
    "sts_simulator": ROOT / "fakes" / "sts-simulator" / "sts_simulator",
    "fakes": ROOT / "fakes",
    "scenarios": ROOT / "scenarios",
    "tests": ROOT / "tests",
}

# Each folder, and the other folders of this repository that its modules may import.
# A package's own name stands for the modules at its top, such as the command line.
MAY_IMPORT = {
    "authkit.core": set[str](),
    "authkit.codes": {"authkit.core"},
    "authkit.login": {"authkit.core", "authkit.codes"},
    "authkit.kinds": {"authkit.core", "authkit.login"},
    "authkit.recording": {"authkit", "authkit.core", "authkit.aws_files", "authkit.codes"},
    "authkit.aws_files": {"authkit", "authkit.core"},
    "authkit.doctor": {"authkit", "authkit.core", "authkit.codes"},
    "authkit.importing": {"authkit", "authkit.core", "authkit.login", "authkit.aws_files"},
    "authkit.commands": {
        *("authkit", "authkit.core", "authkit.login", "authkit.recording", "authkit.aws_files"),
        *("authkit.codes", "authkit.doctor", "authkit.importing"),
    },
    "authkit.adapters": {"authkit.core"},
    "authkit": {"authkit.core", "authkit.commands", "authkit.adapters"},
    "sts_simulator.account": set[str](),
    "sts_simulator.wire": {"sts_simulator.account"},
    "sts_simulator.server": {"sts_simulator.account", "sts_simulator.wire"},
    "sts_simulator.play": {"sts_simulator", "sts_simulator.account", "sts_simulator.server"},
    "sts_simulator": {f"sts_simulator.{room}" for room in ("account", "wire", "server", "play")},
    "fakes.world": {
        *("authkit", "authkit.core", "authkit.adapters", "authkit.doctor"),
        *("sts_simulator", "sts_simulator.account", "sts_simulator.wire", "sts_simulator.server"),
    },
    "fakes": {"fakes.world", "sts_simulator", "sts_simulator.play", "sts_simulator.server"},
    "scenarios.replay.story": {
        *("authkit.codes", "authkit.core", "authkit.importing"),
        *("fakes.world", "sts_simulator.account"),
    },
    "scenarios.replay.stages": {
        *("authkit", "authkit.core", "authkit.adapters", "authkit.recording", "fakes.world"),
        *("scenarios.replay.story",),
        *("sts_simulator.account", "sts_simulator.wire", "sts_simulator.server"),
    },
    "scenarios.replay.presentation": {
        *("authkit", "fakes.world", "sts_simulator.account"),
        *("scenarios.replay.story", "scenarios.replay.stages"),
    },
    "scenarios.replay.revisions": {
        *("authkit", "authkit.core", "fakes.world"),
        *("scenarios.replay.story", "scenarios.replay.stages"),
    },
    "scenarios.replay.coverage": {
        *("authkit", "authkit.core", "authkit.commands", "fakes.world", "sts_simulator.account"),
        *("scenarios.replay.story", "scenarios.replay.stages", "scenarios.replay.revisions"),
    },
    "scenarios.replay.runner": {
        *("authkit.core", "authkit.recording", "fakes.world"),
        *("scenarios.replay.coverage", "scenarios.replay.revisions"),
        *("scenarios.replay.story", "scenarios.replay.stages", "scenarios.replay.presentation"),
    },
    "scenarios": {"scenarios.replay.runner"},
}
# No module of authkit imports these packages.
PRETENDERS = {"fakes", "sts_simulator", "scenarios", "tests"}

# The adapters, and the modules that may import each of them.
WORLD = {"authkit.adapters.world"}
ADAPTERS = {
    "sts": WORLD,
    "keyring": WORLD,
    "keyring_choice": {"authkit.adapters.keyring"},
    "encrypted_file": WORLD | {"authkit.adapters.keyring_choice"},
    "sealed": {"authkit.adapters.encrypted_file"},
    "passphrase": WORLD | {"authkit.adapters.encrypted_file"},
    "programs": WORLD | {"authkit.adapters.passphrase"},
    "prompt": {"authkit.adapters.terminal"},
    "asking": WORLD
    | {f"authkit.adapters.{name}" for name in ("keyring_questions", "programs", "prompt")},
    "keyring_questions": WORLD | {"authkit.adapters.keyring"},
    "job": WORLD,
    "state_folder": WORLD,
    "files": {
        f"authkit.adapters.{name}"
        for name in ("state_folder", "folders", "owned_files", "locks", "user_files")
    },
    "folders": {
        f"authkit.adapters.{name}"
        for name in ("state_folder", "marker_files", "locks", "encrypted_file", "user_files")
    },
    "owned_files": {f"authkit.adapters.{name}" for name in ("state_folder", "marker_files")},
    "marker_files": WORLD | {"authkit.adapters.state_folder"},
    "locks": WORLD | {"authkit.adapters.state_folder"},
    "trust": {f"authkit.adapters.{name}" for name in ("files", "folders", "user_files")},
    "state_troubles": {
        f"authkit.adapters.{name}"
        for name in ("files", "folders", "locks", "trust", "file_troubles")
    },
    "installed_kinds": WORLD | {"authkit.cli"},
    "web": WORLD,
    "user_files": WORLD,
    "file_troubles": {"authkit.adapters.user_files"},
    "own_program": WORLD,
    "reading": WORLD | {"authkit.adapters.user_files"},
    "terminal": WORLD | {"authkit.adapters.recording_file"},
    "narrow": {"authkit.adapters.terminal"},
    "world": {"authkit.cli"},
    "recording_file": {"authkit.cli"},
}
# Libraries and expensive parts of the standard library, and the only modules that may import them.
ONLY = {
    "boto3": {"sts"},
    "botocore": {"sts", "sts_answers", "surroundings"},
    "keyring": {"keyring", "keyring_choice", "keyring_errors", "keyring_links", "encrypted_file"},
    "cryptography": {"keyring_choice", "sealed"},
    "fcntl": {"locks", "prompt"},
    "select": {"programs", "prompt", "reading"},
    "termios": {"prompt"},
    "signal": {"job", "programs", "prompt", "sts"},
    "time": {"clock", "job", "one_writer", "programs", "sts"},
    "getpass": {"keyring_questions", "terminal"},
}
# What else imports one: to format instants, never to ask what time it is.
FORMATS = {"time": {"authkit.core.render"}}
# The modules of the commands on the cached path (docs/architecture.md).
ON_THE_PATH = ("exec", "env", "credential_process", "whoami", "list")
# Environment, clock and streams: only the adapters and ``authkit.__main__`` may use these.
TOUCHES = {
    *("os.environ", "os.getenv", "os.environb", "os.isatty", "os.getcwd"),
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "sys.stdin"),
    *("sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__"),
}


class Import(NamedTuple):
    """One import: the module that imports, the module that it imports, and when."""

    by: str
    of: str
    lazy: bool  # inside a function
    for_types: bool  # under TYPE_CHECKING, so never at run time


@cache
def paths() -> dict[str, Path]:
    """Return the file of every module of the repository's packages, by dotted name."""
    found = {}
    for package, folder in PACKAGES.items():
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(folder).with_suffix("").parts
            if "sts-simulator" not in parts:
                found[".".join((package, *parts)).removesuffix(".__init__")] = path
    return found


@cache
def modules() -> dict[str, ast.Module]:
    """Return the source of every module, by dotted name."""
    return {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in paths().items()}


@cache
def imports() -> tuple[Import, ...]:
    """Return every import in the repository, at run time or for types alone."""
    return tuple(i for name, tree in modules().items() for i in _imports(name, tree))


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
    """Return the modules that a statement imports, by dotted name."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are absolute"
        inside = [f"{node.module}.{alias.name}" for alias in node.names]
        return list(dict.fromkeys(m if m in modules() else str(node.module) for m in inside))
    return []


def folder(module: str) -> str:
    """Return the folder of a module: the longest name in the table that contains it."""
    known = [f for f in (*MAY_IMPORT, *PACKAGES) if module == f or module.startswith(f"{f}.")]
    return max(known, key=len, default=module.partition(".")[0])


def own() -> list[Import]:
    """Return the imports between modules of the repository."""
    return [i for i in imports() if i.of in modules()]


def of_authkit() -> list[Import]:
    """Return the imports that authkit makes."""
    return [i for i in imports() if i.by.partition(".")[0] == "authkit"]


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_dependencies_point_one_way(room: str) -> None:
    """A folder imports from itself and from the folders that the table names; types included."""
    by = [i for i in own() if folder(i.by) == room]
    found = {folder(i.of) for i in by} - {room}
    assert found <= MAY_IMPORT[room]


def test_there_are_no_rings() -> None:
    """No module imports itself through others; imports for types and in functions count."""
    assert rings({(i.by, i.of) for i in own() if i.by != i.of}) == []


def rings(edges: set[tuple[str, str]]) -> list[set[str]]:
    """Return the sets of modules that import each other in a circle."""
    graph = _graph(edges)
    reach = {module: _reached(module, graph) for module in graph}
    found: list[set[str]] = []
    for module in sorted(graph):
        ring = {other for other in reach[module] if module in reach.get(other, ())}
        if ring and ring not in found:
            found.append(ring)
    return found


def _graph(edges: set[tuple[str, str]]) -> dict[str, set[str]]:
    graph: dict[str, set[str]] = {}
    for by, of in edges:
        graph.setdefault(by, set()).add(of)
    return graph


def _reached(start: str, graph: dict[str, set[str]]) -> set[str]:
    """Return the modules that one imports, itself or through others."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for of in graph.get(waiting.pop(), ()):
            if of not in seen:
                seen.add(of)
                waiting.append(of)
    return seen


def test_a_ring_is_found() -> None:
    """The search finds a ring of three modules, and none where there is none."""
    assert rings({("a", "b"), ("b", "c"), ("c", "a"), ("a", "d")}) == [{"a", "b", "c"}]
    assert rings({("a", "b"), ("b", "c"), ("a", "c")}) == []


def test_ports_are_types() -> None:
    """No module imports the ports at run time, since the cached path needs no Protocols."""
    assert all(i.for_types for i in of_authkit() if i.of == "authkit.core.ports")


def test_the_product_knows_no_fakes() -> None:
    """Authkit imports nothing from fakes, the simulator, scenarios or tests."""
    assert [i for i in of_authkit() if i.of.partition(".")[0] in PRETENDERS] == []


def test_the_judge_shares_nothing_with_the_judged() -> None:
    """The simulator imports nothing of authkit, nor of the fakes behind authkit's ports."""
    by_simulator = [i for i in imports() if i.by.partition(".")[0] == "sts_simulator"]
    known = {"authkit", "fakes", "scenarios", "tests"}
    assert [i for i in by_simulator if i.of.partition(".")[0] in known] == []


@pytest.mark.parametrize(("adapter", "makers"), ADAPTERS.items())
def test_the_core_knows_no_adapter(adapter: str, makers: set[str]) -> None:
    """Only the listed modules import an adapter; the core uses ports."""
    users = {i.by for i in of_authkit() if i.of == f"authkit.adapters.{adapter}"}
    assert users == makers


@pytest.mark.parametrize(
    "adapter",
    [
        *("sts", "keyring", "prompt", "job", "world", "trust", "reading", "recording_file"),
        *("user_files", "own_program"),
    ],
)
def test_adapters_are_imported_when_needed(adapter: str) -> None:
    """The cached path: a function that needs an expensive adapter imports it."""
    found = [i for i in of_authkit() if i.of == f"authkit.adapters.{adapter}"]
    found = [i for i in found if i.by != "authkit.adapters.user_files"]  # in this list itself
    assert all(i.lazy or i.for_types for i in found)


@pytest.mark.parametrize(("library", "users"), ONLY.items())
def test_one_place_for_each_library(library: str, users: set[str]) -> None:
    """Only the listed adapters import each library."""
    found = {i.by for i in of_authkit() if i.of.partition(".")[0] == library}
    assert found - FORMATS.get(library, set()) == {f"authkit.adapters.{u}" for u in users}


def test_one_place_for_toml() -> None:
    """Only one module parses TOML, the config file, and only one writes tables into it."""
    found = {i.by for i in of_authkit() if i.of == "tomllib"}
    assert found == {"authkit.core.config"}
    found = {i.by for i in of_authkit() if i.of.partition(".")[0] == "tomlkit"}
    assert found == {"authkit.importing.config_tables"}


@pytest.mark.parametrize("name", [m for m in paths() if m.partition(".")[0] == "authkit"])
def test_the_core_touches_no_world(name: str) -> None:
    """No module but the adapters and the entry point uses clock, environment and streams."""
    touched, called = set(), set()
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in TOUCHES:
            touched.add(ast.unparse(node))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called.add(node.func.id)
    if folder(name) != "authkit.adapters" and name != "authkit.__main__":
        assert touched == set()
    assert name == "authkit.adapters.terminal" or not called & {"print", "input"}


def test_the_table_of_effects_decides_nothing() -> None:
    """No module of the core imports it, so its lines are not counted (docs/code_lines.py)."""
    users = {i.by for i in own() if i.of == "authkit.core.effects"}
    rooms = {folder(name) for name in users - {"authkit.debug"}}
    assert rooms <= {"authkit.recording", "fakes.world", "tests"}


def cached_path() -> set[str]:
    """Return the modules that the commands of the cached path import at once."""
    at_once = {(i.by, i.of) for i in of_authkit() if not i.for_types and not i.lazy}
    graph = _graph(at_once)
    starts = {"authkit.cli", *(f"authkit.commands.{name}" for name in ON_THE_PATH)}
    return starts.union(*(_reached(start, graph) for start in starts))


def test_the_cached_path_is_found() -> None:
    """It has the modules that a session is read with, and none of those that make one."""
    assert {"authkit.core.sessions", "authkit.arguments"} <= cached_path()
    assert not {"authkit.login.recover", "authkit.login.flows"} & cached_path()


@pytest.mark.parametrize("library", ["typing", "dataclasses", "pathlib", "subprocess", "enum"])
def test_what_the_cached_path_does_without(library: str) -> None:
    """The cached path imports typing and similar modules only for types."""
    off_the_path = {"authkit.adapters.sts", "authkit.adapters.sts_answers"}
    off_the_path |= {"authkit.adapters.surroundings"}
    off_the_path |= {"authkit.core.rules", "authkit.commands.user_configure"}
    off_the_path |= {"authkit.commands.import_"}
    off_the_path |= {name for name in modules() if folder(name) == "authkit.login"} - cached_path()
    rooms = {"authkit.recording", "authkit.aws_files", "authkit.importing"}
    off_the_path |= {n for n in modules() if folder(n) in rooms} - cached_path()
    off_the_path |= {"authkit.adapters.recording_file", "authkit.commands.record"}
    off_the_path |= {"authkit.debug"} - cached_path()
    off_the_path |= {"authkit.core.ports"}  # nothing imports it at run time
    at_run_time = [i for i in of_authkit() if not i.for_types and not i.lazy]
    assert {i.by for i in at_run_time if i.of.partition(".")[0] == library} <= off_the_path
