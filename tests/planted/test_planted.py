"""The defects still apply, and planting one changes what a fresh process imports."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.planted import found, layers, planting
from tests.planted.__main__ import main
from tests.planted.defects import ADAPTERS, DEFECTS, EXPLORED
from tests.planted.layers import Found

if TYPE_CHECKING:
    from tests.planted.patch import Defect

SOUND = ("tests.planted.shown",)


@pytest.mark.parametrize("defect", DEFECTS.values(), ids=DEFECTS)
def test_each_defect_applies(defect: Defect) -> None:
    """It changes the syntax tree of its module, and what comes of it can be compiled."""
    planted = defect.planted()
    compile(planted.tree, str(planted.path), "exec", dont_inherit=True)
    assert defect.suffers.endswith(".")


def test_names() -> None:
    """No two defects have one name, and there are at least sixty that exploration could find."""
    assert len(DEFECTS) == len(EXPLORED) + len(ADAPTERS)
    assert len(EXPLORED) >= 60


def test_the_last_run() -> None:
    """Its lines are about these defects, in their order, and each was found by some layer."""
    told = found.lines()
    assert [*told] == [*DEFECTS], "run python -m tests.planted for what has changed"
    assert not [name for name, line in told.items() if line.layer not in layers.LAYERS]


def test_a_process_imports_the_defect() -> None:
    """What is forked, and what that starts, have the defect; without one they have not."""
    seconds = DEFECTS["seconds-of-a-duration-lost"].planted()
    assert planting.run(seconds, SOUND, cpu=60).output.split() == ["60", "60"]
    assert planting.run(None, SOUND, cpu=60).output.split() == ["90", "90"]


def test_what_never_ends() -> None:
    """A process that takes too much time is killed, and that is told."""
    ran = planting.run(None, [*SOUND, "--for-ever"], cpu=1)
    assert not ran.in_time


def test_a_finding_without_a_defect() -> None:
    """A test that fails on sound code too has found nothing."""
    assert not Found("near", 1, "a test", ("tests.planted.no-such-module",)).holds()
    assert Found("near", 1, "a test", SOUND).holds()


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    """It lists names, one a line, and prints one JSON line a defect that it plants."""
    assert main(["--list"]) == 0
    assert capsys.readouterr().out.split() == [*DEFECTS]
    name = "seconds-of-a-duration-lost"
    assert main(["--layers", "near", name]) == 0
    line = json.loads(capsys.readouterr().out)
    test = "tests/authkit/core/test_durations.py::test_written[90s-90]"
    assert (line["name"], line["layer"], line["path"]) == (name, "near", test)
    assert line["seconds"] > 0


def test_what_nothing_finds(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A defect that no layer finds has no layer, and the exit status is 1."""
    monkeypatch.setitem(layers.LAYERS, "near", lambda _: None)
    assert main(["--layers", "near", "one-refusal-too-many"]) == 1
    nothing = {"name": "one-refusal-too-many", "layer": None, "seconds": None, "path": None}
    assert json.loads(capsys.readouterr().out) == nothing


@pytest.mark.parametrize("words", [["no-such-defect"], ["--layers", "no-such-layer"]])
def test_what_is_not_there(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A name that is no defect's, or no layer's, is refused."""
    with pytest.raises(SystemExit, match="2"):
        main(words)
    assert "there is no" in capsys.readouterr().err
