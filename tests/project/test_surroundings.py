"""The tests themselves: they do not depend on how they are started, nor reach its terminal."""

from __future__ import annotations

import ast
import subprocess
import sys
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings

from tests.support.pty_tools import PROGRAMS, REPO, spawn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What `nohup`, and a background job of a script, ignore.
UNDER_NOHUP = """
import os, signal, sys
for name in ("SIGINT", "SIGQUIT", "SIGHUP"):
    signal.signal(signal.Signals[name], signal.SIG_IGN)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""
READ_BY_OTHERS = {REPO / "tests/fuzzing/guided.py"}  # commands whose words a library reads
STARTERS = {"subprocess.run", "subprocess.Popen", "subprocess.call", "subprocess.check_output"}


def test_started_under_nohup() -> None:
    """At a terminal, with signals ignored: what tests start has the default signals."""
    tests = str(PROGRAMS / "under_nohup.py")
    pytest = ["-m", "pytest", "-p", "no:cacheprovider", f"--rootdir={REPO}", tests]
    screen = spawn([sys.executable, "-c", UNDER_NOHUP, *pytest])
    said = screen.read()
    assert screen.wait() == 0, said
    assert "4 passed" in said


def test_no_example_is_timed() -> None:
    """A machine that is busy fails no test of hypothesis: neither an example nor making one."""
    assert settings().deadline is None
    assert HealthCheck.too_slow in settings().suppress_health_check


def test_what_a_killed_worker_covered(tmp_path: Path) -> None:
    """Coverage is whole on a busy machine, where xdist kills a worker as it writes its data."""
    name = "tests.programs.killed_worker"
    line = (
        f"-m coverage run --source=authkit --data-file={tmp_path / 'data'} -m pytest -n 1 -p {name}"
    )
    rest = ["-p", "no:cacheprovider", f"--rootdir={REPO}", str(PROGRAMS / "killed_worker.py")]
    subprocess.run(  # noqa: S603 - our own
        [sys.executable, *line.split(), *rest], cwd=REPO, check=True, start_new_session=True
    )
    assert len([*tmp_path.iterdir()]) == 2  # the main process's, and its worker's


def test_a_session_of_its_own() -> None:
    """What a test starts has a session of its own: authkit would ask at the developer's terminal.

    Those that mean a terminal get one by `tests.support.pty_tools.spawn`.
    """
    assert [*_in_the_same_session(REPO / "tests")] == []


def test_each_command_tells_its_words() -> None:
    """``--help`` of a command of the project runs nothing, and a word that it lacks is refused."""
    folders = (REPO / name for name in ("benchmarks", "docs", "tests"))
    paths = {path for folder in folders for path in folder.rglob("*.py")} - READ_BY_OTHERS
    commands = [path for path in paths if _is_a_command(path.read_text(encoding="utf-8"))]
    assert len(commands) > 20
    assert [path for path in commands if "ArgumentParser(" not in path.read_text("utf-8")] == []


def _is_a_command(text: str) -> bool:
    """Tell whether a module's docstring says how it is run, and it can be run so."""
    said = ast.get_docstring(ast.parse(text)) or ""
    return "python -m" in said and 'if __name__ == "__main__":' in text


def _in_the_same_session(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in STARTERS:
                given = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
                if given.get("start_new_session") != "True":
                    yield f"{path.relative_to(REPO)}:{call.lineno}"
