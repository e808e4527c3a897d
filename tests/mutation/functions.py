"""The mutants of functions: mutmut makes them, in a copy of the checkout, and runs the tests."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.mutation.killing import ALSO, mirrored
from tests.mutation.tables import path_of
from tests.planted.patch import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

_COPIED = ("authkit", "conftest.py", "docs", "fakes", "scenarios", "share", "tests")
_SETTINGS = """
[tool.mutmut]
source_paths = ["authkit"]
only_mutate = ["{path}"]
also_copy = {copied}
pytest_add_cli_args = ["-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = {tests}
use_git_change_detection = false
"""


def tried(module: str) -> Iterator[tuple[str, str]]:
    """Yield each mutant of a module's functions, and by what it was killed, "" by nothing."""
    tests = [mirrored(module), *ALSO.get(module, ())]
    with tempfile.TemporaryDirectory() as folder:
        for name in (*_COPIED, "pyproject.toml"):
            source, place = ROOT / name, Path(folder) / name
            if source.is_dir():
                ignored = shutil.ignore_patterns("__pycache__", "*.egg-info", ".venv", "sdks")
                shutil.copytree(source, place, ignore=ignored)
            else:
                shutil.copy(source, place)
        path = path_of(module).relative_to(ROOT)
        settings = _SETTINGS.format(path=path, copied=[*_COPIED], tests=tests)
        with (Path(folder) / "pyproject.toml").open("a", encoding="utf-8") as file:
            file.write(settings)
        _run(folder, "run", "--max-children", "1")
        results = _run(folder, "results", "--all", "true")
    for name, end in re.findall(r"^ *(\S+): (.+)$", results, re.MULTILINE):
        yield name, "" if end in {"survived", "no tests"} else end


def _run(folder: str, *words: str) -> str:
    command = [sys.executable, "-m", "mutmut", *words]
    ran = subprocess.run(  # noqa: S603 - our own
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise RuntimeError(f"mutmut {words[0]}: {ran.stdout[-2000:]}{ran.stderr[-2000:]}")
    return ran.stdout
