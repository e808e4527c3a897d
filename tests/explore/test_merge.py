"""Shards of a walk, merged: the same states and the same complaints, however many there are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from authkit.adapters import asking
from authkit.commands import whoami
from tests.explore import merge
from tests.explore.__main__ import main
from tests.explore.spoilt import VALID

if TYPE_CHECKING:
    from pathlib import Path


def walked(folder: Path, shards: int, *line: str) -> list[str]:
    """Walk all shards; return the files that they have saved."""
    files = [str(folder / f"{number}-{shards}") for number in range(1, shards + 1)]
    for number, file in enumerate(files, 1):
        main([*line, "--shard", f"{number}/{shards}", "--save-states", file])
    return files


def merged(files: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    """Merge files; return the exit status, and the summary."""
    capsys.readouterr()
    status = merge.main(files)
    return status, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    "line",
    [
        ("--depth", "2", "--command", "whoami-offline"),
        ("--depth", "2", "--command", "logout-keys", "--seed", "3"),
        ("--depth", "1", "--command", "login+logout-keys"),
        ("--depth", "1", "--command", "login-keep", "--command", "exec-role"),
    ],
    ids=" ".join,
)
def test_shards_have_the_same_states_together(
    line: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One shard, two or three have the same set of states, and nothing to complain of."""
    found = [merged(walked(tmp_path, shards, *line), capsys) for shards in (1, 2, 3)]
    assert [status for status, _ in found] == [0, 0, 0]
    assert len({summary["of_states"] for _, summary in found}) == 1
    assert found[0][1]["states"] > 10


def test_shards_break_the_same_laws_together(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With authkit changed for the worse, in two ways, each has the same complaints."""
    monkeypatch.setattr(whoami, "verdict", lambda *_, **__: VALID)
    monkeypatch.setattr(asking, "NOT_CI", (*asking.NOT_CI, "true"))
    line = ("--depth", "1", "--command", "whoami", "--command", "login/ci")
    found = [merged(walked(tmp_path, shards, *line), capsys) for shards in (1, 2, 3)]
    assert [status for status, _ in found] == [1, 1, 1]
    laws = [{one["law"] for one in summary["complaints"]} for _, summary in found]
    assert {"exit status agrees", "nothing asked when nobody may be"} <= laws[0]
    assert laws[0] == laws[1] == laws[2]


def test_the_paths_of_full_walks_add_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With nothing cut the count of paths is the same too."""
    line = ("--depth", "1", "--command", "logout", "--full")
    counts = [merged(walked(tmp_path, n, *line), capsys)[1]["paths"] for n in (1, 2, 3)]
    assert len({*counts}) == 1


def test_a_shard_that_is_missing_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files that are not all the shards of one walk, or are none, end it with exit status 2."""
    files = walked(tmp_path, 3, "--depth", "0", "--command", "whoami")
    others = walked(tmp_path, 1, "--depth", "1", "--command", "whoami")
    wrong = tmp_path / "wrong"
    wrong.write_text("{}\n")
    capsys.readouterr()
    for given in (files[:2], [*files[:2], files[0]], others + files, [str(wrong)], ["missing"]):
        assert merge.main(given) == 2
    assert "not all shards of one walk" in capsys.readouterr().err
