"""The mutants of tables: what is changed, and that the list of survivors is about mutants."""

from __future__ import annotations

import ast
from itertools import chain
from typing import TYPE_CHECKING

import pytest

from docs import mutation
from tests.mutation import hints, killing, scores, survivors, tables
from tests.mutation.__main__ import main
from tests.planted import patch

if TYPE_CHECKING:
    from pathlib import Path

MODULE = """\
NAMES = (*("A", "B"), "C")
LIMIT: int = 3
MARKS = frozenset("ab") | {"c"}
ROWS = {"one": Row("x", pauses=2), **OTHERS}

class Flow:
    asks = True

def f():
    inside = 1
"""
FUNCTION = ("x_", "x\u01c1")  # how mutmut's names begin
NAMED = [
    "NAMES: 'A' dropped",
    "NAMES: 'A' changed",
    "NAMES: 'B' dropped",
    "NAMES: 'B' changed",
    "NAMES: 'C' dropped",
    "NAMES: 'C' changed",
    "LIMIT: 3 changed",
    "MARKS: 'ab' dropped",
    "MARKS: 'ab' changed",
    "MARKS: 'c' dropped",
    "MARKS: 'c' changed",
    "ROWS: 'one' dropped",
    "ROWS: 'one' changed",
    "ROWS: 'x' dropped",
    "ROWS: 'x' changed",
    "ROWS: pauses=2 dropped",
    "ROWS: pauses=2 changed",
    "ROWS: **OTHERS dropped",
    "Flow.asks: True changed",
]


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Write the module, and return its name."""
    (tmp_path / "module.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.setattr(patch, "ROOT", tmp_path)
    return "module"


def test_what_is_changed(module: str) -> None:
    """Every element, column and constant outside functions is dropped or changed, once each."""
    found = {one.name: ast.unparse(one.tree) for one in tables.mutants(module)}
    assert [*found] == NAMED
    assert len({*found.values()}) == len(found)
    assert "NAMES = (*('B',), 'C')" in found["NAMES: 'A' dropped"]
    assert "ROWS = {'one': Row('x', pauses=2)}" in found["ROWS: **OTHERS dropped"]
    assert "Row('x', pauses=3)" in found["ROWS: pauses=2 changed"]
    assert "LIMIT: int = 4" in found["LIMIT: 3 changed"]


def test_modules_of_a_name() -> None:
    """A package's name stands for all that is in it, ``__init__`` for the package alone."""
    assert tables.modules("authkit.kinds") == ["authkit.kinds", "authkit.kinds.stored"]
    assert tables.modules("authkit.kinds.__init__") == ["authkit.kinds"]
    assert tables.modules("authkit.kinds.stored") == ["authkit.kinds.stored"]


def test_survivors_are_mutants() -> None:
    """Each survivor that is listed is a mutant still, and its reason is given."""
    listed = survivors.listed()
    names = {module: {one.name for one in tables.mutants(module)} for module, _ in listed}
    of_tables = {(module, name) for module, name in listed if not name.startswith(FUNCTION)}
    assert not [f"{module} {name}" for module, name in of_tables if name not in names[module]]
    for module, name in listed.keys() - of_tables:  # the lines that it changes are there
        lines = name.partition(": - ")[2].partition(" + ")[0]
        assert lines in " ".join(patch.path_of(module).read_text("utf-8").split())
    assert all(reason.strip() for reason in listed.values())


def test_the_tests_that_kill_are_there() -> None:
    """Every path that mutants are tried on exists; for one that does not, pytest always fails."""
    paths = [*chain(*killing.ALSO.values()), *killing.FOLDERS, *killing.PROCESSES]
    assert [path for path in paths if not (patch.ROOT / path.partition("::")[0]).exists()] == []


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    """It lists the mutants of a module; one that is killed is told with what kills it."""
    assert main(["tables", "--list", "authkit.login.lock"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "authkit.login.lock POLL: milliseconds=200 dropped",
        "authkit.login.lock POLL: milliseconds=200 changed",
    ]


def test_again_where_nothing_was_run(capsys: pytest.CaptureFixture[str]) -> None:
    """What no run has left cannot be tried again."""
    with pytest.raises(SystemExit) as ended:
        main(["functions", "--again", "authkit.adapters.web"])
    assert ended.value.code == 2
    assert "no run of that is noted" in capsys.readouterr().err


def test_scores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are noted by module; what was left is tried again; a listed mutant does not count."""
    monkeypatch.setattr(scores, "FILE", tmp_path / "scores.json")
    scores.FILE.write_text('{"tables": {}, "functions": {}}', encoding="utf-8")
    dropped, changed = (f"POLL: milliseconds=200 {how}" for how in ("dropped", "changed"))
    module = "authkit.login.lock"
    scores.write("tables", module, {dropped: "", changed: "a test"})
    assert "| login.lock | 1 of 2, 50 % |" in mutation.table()
    scores.write("tables", module, {}, [dropped])  # which is no mutant any more
    assert "| login.lock | 1 of 1, 100 % |" in mutation.table()
    scores.write("tables", module, {dropped: "", changed: "a test"})
    monkeypatch.setattr("tests.mutation.__main__.killer", lambda mutant, **_: mutant.name)
    assert main(["tables", "--again", "--write", module]) == 0
    assert f'"killed_by": "{dropped}"' in capsys.readouterr().out
    assert "| login.lock | 2 of 2, 100 % |" in mutation.table()
    assert main(["tables", "--write", module]) == 0  # all of them, as nothing is left
    assert f'"killed_by": "{changed}"' in capsys.readouterr().out
    assert scores.read()["tables"][module]["killed"] == 2
    monkeypatch.setattr(survivors, "reason", lambda *_: "it is equivalent")
    scores.write("tables", module, {dropped: "", changed: "a test"})
    assert "| login.lock | 1 of 1, 100 % | 1 |" in mutation.table()


def test_stories_about_a_row() -> None:
    """Stories that show a text of the row come first, values left out."""
    assert "exec-in-a-shell" not in hints.stories(["abc"])
    assert "a-shell" in hints.stories(["Shell of {identity}, until {expires}; 'exit' leaves it."])
