"""The pytest plug-in: every story's file is collected, with one test for each level.

A node id is ``scenarios/rotation/rotation.toml::boto3``.  A failure shows the
report of the story, and no traceback of this package.
"""

from __future__ import annotations

import os
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scenarios.replay.runner.replay import DoesNotHold, replay
from scenarios.replay.runner.update import CannotUpdate, update
from scenarios.replay.stages.levels import LEVELS
from scenarios.replay.story import reading
from scenarios.replay.story.model import BadStory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from scenarios.replay.story.model import Story

_UPDATED_FROM = "fakes"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --update."""
    parser.addoption(
        "--update",
        action="store_true",
        help="rewrite what scenarios show and do from what happens at level fakes",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse an update that nobody would review, or that several processes would write."""
    if not config.getoption("--update"):
        return
    if os.environ.get("CI"):
        raise pytest.UsageError("--update rewrites claims for a person to review: not under CI")
    if config.getoption("numprocesses", None) or hasattr(config, "workerinput"):
        raise pytest.UsageError("--update writes files: not under xdist (-n0)")


def pytest_collection(session: pytest.Session) -> None:
    """Refuse an update of a story in another folder, which nothing collects."""
    for word in session.config.args if session.config.getoption("--update") else ():
        path = Path(word.partition("::")[0])
        if path.suffix == ".toml" and path.is_file() and not _is_a_storys(path.absolute()):
            moved = "move it into a folder of scenarios/ first (CONTRIBUTING.md)"
            raise pytest.UsageError(f"{path} is not in a folder of stories: {moved}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show how long the stories took at each level."""
    taken: dict[str, list[float]] = {level: [] for level in LEVELS}
    for report in chain.from_iterable(terminalreporter.stats.values()):
        if isinstance(report, pytest.TestReport) and report.when == "call":
            path, _, level = report.nodeid.partition("::")
            if path.endswith(".toml") and level in taken:
                taken[level].append(report.duration)
    told = [f"{level} {sum(times):.1f} s ({len(times)})" for level, times in taken.items() if times]
    if told:
        terminalreporter.write_line(f"scenarios at {', '.join(told)}")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> StoryFile | None:
    """Collect the *.toml files in a folder named scenarios and in its subfolders."""
    if file_path.suffix == ".toml" and _is_a_storys(file_path):
        return StoryFile.from_parent(parent, path=file_path)
    return None


def _is_a_storys(path: Path) -> bool:
    return "scenarios" in (folder.name for folder in path.parents[:2])


class StoryFile(pytest.File):
    """The file of a story."""

    def collect(self) -> Iterator[StoryItem]:
        """Yield a test for each level."""
        try:
            story = reading.read(self.path)
        except BadStory as bad:
            raise self.CollectError(str(bad)) from None
        levels = [_UPDATED_FROM] if self.config.getoption("--update") else list(LEVELS)
        for level in levels:
            if level not in story.excepted:
                yield StoryItem.from_parent(self, name=level, story=story)


class StoryItem(pytest.Item):
    """A story at a level."""

    def __init__(self, *, story: Story, **others: Any) -> None:  # noqa: ANN401 - pytest's own
        super().__init__(**others)
        self.story = story

    def runtest(self) -> None:
        """Replay it."""
        if self.config.getoption("--update"):
            update(self.path)
            self.story = reading.read(self.path)
        replay(self.story, self.name)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *others: Any) -> Any:  # noqa: ANN401 - pytest's own
        """Return the report alone for a failure that the story explains."""
        if isinstance(excinfo.value, DoesNotHold | BadStory | CannotUpdate):
            return str(excinfo.value)
        return super().repr_failure(excinfo, *others)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return the path of the story, and the title of the test."""
        return self.path, None, f"{self.path.name}::{self.name}"
