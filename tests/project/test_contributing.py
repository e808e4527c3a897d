"""CONTRIBUTING.md does as it says: its rows and its story are tried, and its commands exist."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from authkit.core.rules import RULES, Action, Rule, codes
from scenarios.replay.runner.replay import replay
from scenarios.replay.runner.update import update, updated
from scenarios.replay.stages.levels import LEVELS
from scenarios.replay.story import reading

ROOT = Path(__file__).parents[2]
SIMULATOR = ROOT / "fakes" / "sts-simulator"
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STORY = next(text for kind, text in FENCED.findall(TEXT) if text.startswith("#:schema"))
ROWS = [text for kind, text in FENCED.findall(TEXT) if kind == "python" and "Rule(" in text]
COMMANDS = [
    line.split("#")[0]
    for kind, text in FENCED.findall(TEXT)
    if kind == "sh"
    for line in text.splitlines()
]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The story of CONTRIBUTING.md, saved and completed as the page says."""
    path = tmp_path_factory.mktemp("exec") / "a-bad-day.toml"
    path.write_text(STORY, "utf-8")
    assert update(path)
    return path


@pytest.mark.parametrize("level", LEVELS)
def test_the_story_holds(story: Path, level: str) -> None:
    """Written, completed by --update and replayed, it holds at every level."""
    replay(reading.read(story), level)


def test_the_story_needs_its_update(story: Path) -> None:
    """What the page leaves to --update is not there before, and stays once it is there."""
    assert story.read_text("utf-8") != STORY
    assert updated(story.read_text("utf-8"), story) == story.read_text("utf-8")
    assert "rotated or revoked" in tomllib.loads(story.read_text("utf-8"))["step"][2]["shows"]


@pytest.mark.parametrize("row", ROWS, ids=range(len(ROWS)))
def test_a_row_of_the_page_can_be_added(row: str) -> None:
    """Each row is one that the table takes; no other row has its name."""
    namespace = {"Rule": Rule, "codes": codes, "Action": Action}
    (made,) = eval(f"({row.strip()})", namespace)  # noqa: S307 - the page's own text
    assert isinstance(made, Rule)
    assert made.name not in {rule.name for rule in RULES if rule != made}
    assert f"scenarios/denial/{made.name}.toml" in TEXT or made.words


def test_commands_are_there() -> None:
    """Each module, path and extra that a command of the page names exists."""
    named = {found for line in COMMANDS for found in re.findall(r"-m ([\w.]+)", line)}
    ours = {name for name in named if name.split(".")[0] in ("docs", "scenarios", "tests")}
    assert {"docs.generate", "docs.site", "scenarios", "tests.release"} <= ours
    for name in ours:
        path = ROOT / name.replace(".", "/")
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), name
    new = {"scenarios/denial/account-closed.toml", "scenarios/exec/a-bad-day.toml"}
    paths = {
        found for line in COMMANDS for found in re.findall(r" ((?:tests|scenarios)/[^\s:]*)", line)
    }
    assert {path for path in paths - new if not (ROOT / path).exists()} == set()


def test_tables_are_where_they_are_said_to_be() -> None:
    """A table that a step of the page names beside Python files stands in one of them."""
    steps = re.split(r"\n\n|\n(?=\d+\. )", re.sub(FENCED, "", TEXT))
    found = 0
    for step in steps:
        named = set(re.findall(r"[\w/-]+\.py\b", step))
        paths = [p for n in named for p in (ROOT / n, SIMULATOR / n) if p.is_file()]
        source = "".join(path.read_text("utf-8") for path in paths)
        for table in re.findall(r"`(_?[A-Z]+(?:_[A-Z]+)*)`", step) if paths else ():
            found += 1
            assert re.search(rf"^{table}\b", source, re.MULTILINE), f"{table}: {named}"
    assert found > 5
