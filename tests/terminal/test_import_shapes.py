"""`authkit import --all --remove` on shapes of AWS's files: what it takes, and what it leaves."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Any

import pytest
from botocore.configloader import load_config, raw_config_parse

from authkit.aws_files.ini import IniFile
from tests.authkit.importing.shapes import ID, SECRET, SHAPES, Shape
from tests.support.simulator import WORLD
from tests.terminal.import_shapes import HEAD, PAGE, lines_gone, row, tried

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.simulator import Home, Simulator

KEYS = ("aws_access_key_id", "aws_secret_access_key")


def as_botocore(path: Path) -> dict[str, dict[str, Any]]:
    """Return what botocore reads in a file, {} for none."""
    if not path.exists():
        return {}
    found: dict[str, dict[str, Any]] = (
        load_config(str(path))["profiles"] if path.name == "config" else raw_config_parse(str(path))
    )
    return found


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_a_shape(shape: Shape, online: Home, simulator: Simulator) -> None:
    """B-S01: it is as docs/moving-in.md shows; only the two lines of saved keys go, if any."""
    simulator.control("world", WORLD)
    outcome = tried(shape, online)
    assert row(shape, outcome) in PAGE.read_text("utf-8").splitlines()
    assert "Traceback" not in outcome.said
    assert SECRET not in outcome.said
    for name in outcome.imported:
        entry = online.keyring(name)
        assert entry is None or (entry["access_key_id"], entry["secret_access_key"]) == (ID, SECRET)
    credentials = online.path / ".aws" / "credentials"
    assert stat.S_IMODE(credentials.stat().st_mode) == shape.mode
    assert credentials.is_symlink() is shape.link
    assert outcome.after.get("config") == outcome.before.get("config")
    gone, lines = lines_gone(outcome), outcome.before["credentials"].splitlines(keepends=True)
    assert all(lines[number - 1].lstrip().startswith(b"aws_") for number in gone)


@pytest.mark.parametrize(
    "shape", [shape for shape in SHAPES if shape.read], ids=lambda shape: shape.name
)
def test_what_botocore_reads_afterwards(shape: Shape, online: Home, simulator: Simulator) -> None:
    """The same, less the keys of the profiles that are imported."""
    simulator.control("world", WORLD)
    shape.write(online.path)
    path = online.path / ".aws" / "credentials"
    before = as_botocore(path)
    online.authkit("import", "--all", "--remove")
    removed = {name for name, values in before.items() if values != as_botocore(path)[name]}
    for name in removed:
        assert online.keyring(name) is not None
        before[name] = {key: value for key, value in before[name].items() if key not in KEYS}
    assert as_botocore(path) == before
    assert removed


def test_the_page_has_a_row_for_each() -> None:
    """docs/moving-in.md has every shape once, and no other; botocore refuses those that say so."""
    table = PAGE.read_text("utf-8").split(HEAD, 1)[1].split("\n\n", 1)[0].splitlines()
    assert [line.split(" | ")[0].removeprefix("| ") for line in table] == [s.name for s in SHAPES]
    for shape in SHAPES:
        texts = (shape.config, shape.credentials)
        read = all(not IniFile(text.encode(shape.encoding)).faults for text in texts)
        assert read is shape.read, shape.name
