"""The first tests of the simulator's pages, run as they are printed, from an empty environment.

A page names each file above its text, and its commands are its ``sh`` blocks.  Go, JUnit and
Jest fetch and compile for minutes: they run with AUTHKIT_FIRST_TESTS=1.  All need a package
index, and are skipped with the reason where there is none.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from filelock import FileLock

ROOT = Path(__file__).parents[2]
PAGE, OTHERS = (
    (ROOT / "docs" / name).read_text("utf-8")
    for name in ("simulator.md", "simulator_first_test.md")
)
OFFLINE = re.compile(
    "No matching distribution|EAI_AGAIN|ENOTFOUND|dial tcp|Could not transfer artifact|"
    "Temporary failure in name resolution"
)
FILE = re.compile(r"^`([^`]+)`[^`\n]*:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Printed(NamedTuple):
    """A section of a page: its files, and its blocks of commands."""

    files: dict[str, str]
    commands: list[str]


def printed(page: str, heading: str) -> Printed:
    """Return what a section of a page prints."""
    sections = re.split(r"^##+ ", page, flags=re.MULTILINE)
    (text,) = (section for section in sections if section.startswith(f"{heading}\n"))
    return Printed(dict(FILE.findall(text)), COMMANDS.findall(text))


INSTALL = printed(PAGE, "Install")
PYTEST = printed(PAGE, "A first test in five minutes")
JAVASCRIPT = printed(OTHERS, "JavaScript: node:test and Jest")
WORLD = printed(OTHERS, "Without a client: an account in a file")
GO = printed(OTHERS, "Go")
JUNIT = printed(OTHERS, "JUnit")


def run(folder: Path, commands: str) -> str:
    """Run a block of commands in a folder; return its output."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("AWS_")}
    kept.pop("PYTHONPATH", None)
    path = f"{Path(sys.executable).parent}:{kept['PATH']}"
    done = subprocess.run(  # noqa: S603 - our own page
        ["bash", "-ec", commands],  # noqa: S607 - the first of PATH
        cwd=folder,
        env=kept | {"PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        start_new_session=True,
    )
    if done.returncode and OFFLINE.search(done.stdout):
        pytest.skip("no package index is reached")
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory, worker_id: str, tmp_path: Path) -> Path:
    """A folder with a checkout as `authkit`, where Install's commands have run.

    They run once for all workers; each test has its own folder with the same `authkit` and `venv`.
    """
    base = tmp_path_factory.getbasetemp()
    shared = (base if worker_id == "master" else base.parent) / "installed"
    with FileLock(f"{shared}.lock"):
        if not shared.exists():
            leave = shutil.ignore_patterns("*.egg-info", "__pycache__", "node_modules")
            for name in ("sts-simulator", "clients"):
                shutil.copytree(
                    ROOT / "fakes" / name, shared / "authkit" / "fakes" / name, ignore=leave
                )
            (commands,) = INSTALL.commands
            run(shared, commands)
    for name in ("authkit", "venv"):
        (tmp_path / name).symlink_to(shared / name)
    return tmp_path


def tried(place: Path, files: dict[str, str], commands: str) -> str:
    """Write the files and run the commands in the installed environment; return the output."""
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    return run(place, f". venv/bin/activate\n{commands}")


def needs(program: str, *, minutes: bool = False) -> pytest.MarkDecorator:
    """Skip a test without this program; with `minutes`, without AUTHKIT_FIRST_TESTS too."""
    if minutes and not os.environ.get("AUTHKIT_FIRST_TESTS"):
        return pytest.mark.skip(reason="takes minutes: AUTHKIT_FIRST_TESTS=1 runs it")
    missing = shutil.which(program) is None
    return pytest.mark.skipif(missing, reason=f"{program} is not installed")


def test_with_pytest(place: Path) -> None:
    """The wheel in a new environment brings the fixture, and the printed test passes."""
    (commands,) = PYTEST.commands
    assert "1 passed" in tried(place, PYTEST.files, commands)


@needs("npm")
def test_with_node(place: Path) -> None:
    """The client is installed by npm from its folder, and the printed test passes."""
    said = tried(place, JAVASCRIPT.files, JAVASCRIPT.commands[0])
    assert re.search(r"\bpass 1\b", said), said


@needs("npm", minutes=True)
def test_with_jest(place: Path) -> None:
    """With the other second line that the page prints, Jest runs the same test."""
    ((name, text),) = JAVASCRIPT.files.items()
    (other,) = re.findall(r"^import .*@jest/globals.*$", OTHERS, re.MULTILINE)
    lines = text.splitlines()
    assert "node:test" in lines[1]
    changed = "\n".join([lines[0], other, *lines[2:]])
    install, _, _ = JAVASCRIPT.commands[0].rpartition("node --test")
    assert "1 passed" in tried(place, {name: changed}, install + JAVASCRIPT.commands[1])


@needs("go", minutes=True)
def test_with_go(place: Path) -> None:
    """The printed test passes with the printed account."""
    (commands,) = GO.commands
    assert re.search(r"^ok\s+session", tried(place, WORLD.files | GO.files, commands), re.MULTILINE)


@needs("mvn", minutes=True)
def test_with_junit(place: Path) -> None:
    """The printed test passes with the printed account and the printed pom."""
    (commands,) = JUNIT.commands
    tried(place, WORLD.files | JUNIT.files, commands)
    (report,) = (place / "target" / "surefire-reports").glob("*.txt")
    assert "Tests run: 1, Failures: 0, Errors: 0, Skipped: 0" in report.read_text()


def test_what_is_printed_is_found() -> None:
    """Every section has its files and commands, and every client ends with the same refusal."""
    assert len(INSTALL.commands) == len(PYTEST.commands) == len(GO.commands) == 1
    assert {*PYTEST.files} == {"test_session.py"}
    assert {*JAVASCRIPT.files} == {"session.test.mjs"}
    assert {*WORLD.files} == {"world.json"}
    assert {*GO.files} == {"session_test.go"}
    assert {*JUNIT.files} == {"src/test/java/SessionTest.java", "pom.xml"}
    for section in (PYTEST, JAVASCRIPT, GO, JUNIT):
        assert "ExpiredToken" in "".join(section.files.values())
