"""The mutants of functions: mutmut makes them, in a copy of the checkout, and runs the tests."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.mutation.killing import ALSO, FAILED, UNTOLD, mirrored
from tests.planted.layers import NEVER_ENDS, PYTEST, QUICK
from tests.planted.patch import ROOT, path_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_COPIED = ("authkit", "conftest.py", "docs", "fakes", "scenarios", "share", "tests")
# Tests that read sources or list methods, or import where mutmut is not to be had; slower stories.
_SLOWER = "toml and (boto3 or terminal)"
_UNFIT = f"not (start_up or test_messages or every_method or both_ends or ({_SLOWER}))"
# Half of a trial is pytest's own start and end: other plug-ins, and garbage that is looked for.
_OPTIONS = (
    *("-p", "no:cacheprovider", "-p", "tests.mutation.trial"),
    *("-p", "no:unraisableexception", "-p", "no:threadexception"),
)
_ENVIRON = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
UNSEEN = "no tests"  # none calls the function in its own process
SURVIVED = {"survived", UNSEEN}
_NOT_TRIED = "not checked"
_SETTINGS = """
[tool.mutmut]
source_paths = ["authkit"]
only_mutate = {paths}
also_copy = {copied}
pytest_add_cli_args = [{options}, "-k", "{unfit}"]
pytest_add_cli_args_test_selection = {tests}
use_git_change_detection = false
timeout_multiplier = {patience}
"""
_PATIENCE = 5  # a mutant may take so many times as long as its tests do without it


def tried(
    modules: Sequence[str], left: Mapping[str, Sequence[str]] | None = None
) -> Iterator[tuple[str, str, str]]:
    """Yield the module, the name and the end of each mutant of functions, "" if it survived.

    With `left`, the names by module that an earlier run has left, these mutants alone.

    The tests are those of the folders of these modules (without the folders in them), those of
    `ALSO` and the stories; mutmut runs of them what calls the function.
    """
    if left is not None and not any(left.values()):
        return
    paths = [str(path_of(module).relative_to(ROOT)) for module in modules]
    folders = {mirrored(module).rpartition("/")[0] for module in modules} - {""}
    also = {path for module in modules for path in ALSO.get(module, ()) if "::" not in path}
    own = {path for folder in folders for path in _tests_in(folder)}
    told = {"scenarios"} if any(not name.startswith(UNTOLD) for name in modules) else set[str]()
    tests = {*own, *also, *told}
    with tempfile.TemporaryDirectory() as folder:
        for name in (*_COPIED, "pyproject.toml"):
            source, place = ROOT / name, Path(folder) / name
            if source.is_dir():
                ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
                shutil.copytree(source, place, ignore=ignored)
            else:
                shutil.copy(source, place)
        settings = _SETTINGS.format(
            paths=paths,
            copied=[*_COPIED],
            options=", ".join(map(json.dumps, _OPTIONS)),
            unfit=_UNFIT,
            tests=sorted(tests),
            patience=_PATIENCE,
        )
        with (Path(folder) / "pyproject.toml").open("a", encoding="utf-8") as file:
            file.write(settings)
        _run(folder, "run", "--max-children", "1", *_functions(left or {}))
        results = _run(folder, "results", "--all", "true")
        ends = dict(re.findall(r"^ *(\S+): (.+)$", results, re.MULTILINE))
        tried = [name for name, end in ends.items() if end != _NOT_TRIED]
        for name in tried:
            if ends[name] == UNSEEN:
                ends[name] = _by_its_tests(folder, name)
        tried.sort(key=lambda name: ends[name] in SURVIVED)  # of two alike the survivor counts
        shown = _shown(folder, [n for n in tried if left is not None or ends[n] in SURVIVED])
        for name in tried:
            module = name.rpartition(".")[0]
            change = _change(name, shown[name]) if name in shown else name
            if left is None or change in left[module]:
                yield module, change, "" if ends[name] in SURVIVED else ends[name]


def _functions(left: Mapping[str, Sequence[str]]) -> list[str]:
    """Return patterns of mutmut's names: all mutants of the functions that have one left."""
    names = {f"{module}.{name.partition(':')[0]}" for module in left for name in left[module]}
    return sorted(f"{name}__mutmut_*" for name in names)


def _by_its_tests(folder: str, name: str) -> str:
    """Return the end of a mutant that the tests of its module may have in processes of theirs."""
    tests = mirrored(name.rpartition(".")[0])
    words = (*PYTEST, *_OPTIONS, tests)
    try:
        ran = subprocess.run(  # noqa: S603 - our own
            [sys.executable, "-m", *words],
            cwd=Path(folder) / "mutants",
            env={**_ENVIRON, "MUTANT_UNDER_TEST": name},
            capture_output=True,
            check=False,
            start_new_session=True,
            timeout=QUICK,
        )
    except subprocess.TimeoutExpired:
        return NEVER_ENDS
    return "killed" if tests and ran.returncode == FAILED else UNSEEN


# `mutmut show` of each name on standard input: to start it for each takes longer than its trial.
_SHOW = """
import sys
from mutmut.__main__ import cli
for name in sys.stdin.read().split():
    cli.main(["show", name], standalone_mode=False)
"""


def _shown(folder: str, names: Sequence[str]) -> dict[str, str]:
    """Return what each of these mutants changes, as a diff behind a line with its name."""
    told = _started([sys.executable, "-c", _SHOW], folder, "\n".join(names))
    parts = re.split(r"^(?=# \S+: )", told, flags=re.MULTILINE)[1:]
    return dict(zip(names, parts, strict=True))


def _tests_in(folder: str) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in (ROOT / folder).glob("test_*.py")]


def _change(name: str, shown: str) -> str:
    """Return the name of a mutant by which it is listed: its function, and the lines that differ.

    mutmut's own names have numbers, which others get when the function changes.
    """
    function = name.rpartition(".")[2].partition("__mutmut_")[0]
    lines = (line for line in shown.splitlines() if re.match(r"[-+](?![-+])", line))
    return f"{function}: {' '.join(' '.join(line.split()) for line in lines)}"


def _run(folder: str, *words: str) -> str:
    return _started([sys.executable, "-m", "mutmut", *words], folder)


def _started(command: Sequence[str], folder: str, given: str = "") -> str:
    ran = subprocess.run(  # noqa: S603 - our own
        command,
        cwd=folder,
        env=_ENVIRON,
        input=given,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    if ran.returncode:
        raise RuntimeError(f"mutmut: {ran.stdout[-2000:]}{ran.stderr[-2000:]}")
    return ran.stdout
