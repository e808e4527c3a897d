"""Builds are made once for the same sources, and what is missing is a reason, not a failure."""

from __future__ import annotations

import json
import os
import re
import sys
from typing import TYPE_CHECKING

import pytest

from tests.sdks import building
from tests.sdks.building import SDKS, SOURCES, AwsCli, Sdk, Unavailable, built
from tests.sdks.programs import Failed

if TYPE_CHECKING:
    from pathlib import Path

PROGRAMS = [sdk for sdk in SDKS if isinstance(sdk, Sdk)]
SH = Sdk(
    *("sh", "Shell"),
    pinned=("version", "(.*)"),
    fetch=("sh", "-c", "cp source fetched"),
    build=("sh", "-c", "cp fetched program && echo built >> ../../log"),
    run=("sh", "{}/program"),
)


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the source of a small program in an empty folder of programs, with an empty cache."""
    monkeypatch.setattr(building, "SOURCES", tmp_path / "sdks")
    monkeypatch.setattr(building, "CACHE", tmp_path / "cache")
    source = tmp_path / "sdks" / "sh" / "source"
    source.parent.mkdir(parents=True)
    source.write_text("""read line; echo '{"arn": "1"}'""")
    return source


def test_a_program_is_built_once(source: Path) -> None:
    """It is built again only when its sources change, and its folder of sources stays clean."""
    first = built(SH)
    assert built(SH) == first
    source.write_text("""read line; echo '{"arn": "2"}'""")
    with SH.started(os.environ) as program:
        assert program.ask({}) == {"arn": "2"}
    assert (building.CACHE / "log").read_text() == "built\nbuilt\n"
    assert [path.name for path in source.parent.iterdir()] == ["source"]
    kept = {path.name.partition("-")[0] for path in building.CACHE.iterdir()}
    assert kept == {"sh", "log"}


@pytest.mark.parametrize(
    ("sdk", "trouble", "words"),
    [
        (SH._replace(fetch=("no-such-tool",)), Unavailable, "no-such-tool is not installed"),
        (SH._replace(build=("no-such-tool",)), Unavailable, "no-such-tool is not installed"),
        (
            SH._replace(fetch=("sh", "-c", "echo Trying; echo No route >&2; exit 1")),
            *(Unavailable, "cannot be fetched: No route$"),
        ),
        (SH._replace(build=("sh", "-c", "echo bad syntax; exit 1")), Failed, "bad syntax"),
    ],
    ids=["no tool to fetch", "no tool to build", "no packages", "mistake"],
)
@pytest.mark.usefixtures("source")
def test_what_cannot_be_built(sdk: Sdk, trouble: type[Exception], words: str) -> None:
    """A missing tool or package is told apart from a mistake; nothing of it is kept."""
    with pytest.raises(trouble, match=words):
        built(sdk)
    assert not building.CACHE.exists() or [*building.CACHE.iterdir()] == []


@pytest.fixture
def two_clis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put AWS CLIs of two versions on PATH."""
    folders = [tmp_path / version for version in ("1.45.11", "2.9.19")]
    for folder in folders:
        folder.mkdir()
        said = {"--version": f"aws-cli/{folder.name} Python/3.11.2", "sts": f'"arn:{folder.name}"'}
        cases = "".join(f"{word}) echo '{text}';;\n" for word, text in said.items())
        (folder / "aws").write_text(f"#!/bin/sh\ncase $1 in\n{cases}esac\n")
        (folder / "aws").chmod(0o700)
    monkeypatch.setenv("PATH", os.pathsep.join(map(str, folders)))
    monkeypatch.setattr(sys, "executable", str(folders[0] / "python"))


@pytest.mark.usefixtures("two_clis")
def test_the_cli_is_found_by_its_version() -> None:
    """The AWS CLI of another version, which comes first here, is not taken for it."""
    for version in ("1", "2"):
        with AwsCli("x", "X", version, reads_endpoint=True).started({}) as cli:
            said = cli.ask({"operation": "GetCallerIdentity", "times": 1})
        assert said["arn"].startswith(f"arn:{version}.")
    with (
        pytest.raises(Unavailable, match="no AWS CLI 9"),
        AwsCli("x", "X", "9", reads_endpoint=True).started({}),
    ):
        pass


@pytest.mark.parametrize("sdk", PROGRAMS, ids=lambda sdk: sdk.name)
def test_versions_are_pinned(sdk: Sdk) -> None:
    """Each program names one version of its SDK, and no file of it an address to fetch from."""
    assert re.fullmatch(r"\d+\.\d+\.\d+", sdk.version)
    for path in (path for path in (SOURCES / sdk.name).rglob("*") if path.is_file()):
        assert not re.search(r'https?://|registry\+|"resolved"', path.read_text("utf-8")), path


def test_every_part_of_an_sdk_is_pinned() -> None:
    """The lock of JavaScript has what is wanted; the list of Rust has no ranges."""
    wanted = json.loads((SOURCES / "javascript" / "package.json").read_text())["dependencies"]
    locked = json.loads((SOURCES / "javascript" / "package-lock.json").read_text())["packages"]
    assert wanted == {name: locked[f"node_modules/{name}"]["version"] for name in wanted}
    parts = re.findall(r"^aws-.*", (SOURCES / "rust" / "Cargo.toml").read_text(), re.MULTILINE)
    assert len(parts) == 14
    assert [part for part in parts if '"=' not in part] == []
