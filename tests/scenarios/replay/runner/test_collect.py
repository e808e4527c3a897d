"""runner.collect: pytest's tests of story files, and ``pytest --update``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scenarios.replay.runner.update import updated
from tests.support.story_tools import BAD, FILE, GOOD, HEAD, LOGIN, STEP

if TYPE_CHECKING:
    from pathlib import Path

# The plug-in, without another one that would be imported anew in every run.
PLUGINS = ("-p", "scenarios.replay.runner.collect", "-p", "no:hypothesispytest")
UNSEEN = GOOD.partition("shows = ")[0]  # a story whose transcript is to be written


def written(folder: Path, text: str) -> Path:
    """Return a file with this text in the folder."""
    path = folder / "story.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def folder(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder of stories, for a pytest of its own outside of CI."""
    monkeypatch.delenv("CI", raising=False)
    return pytester.mkdir("scenarios")


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run pytest in that folder's parent."""
    return pytester.runpytest_inprocess(*PLUGINS, *arguments)


def test_pytest_has_one_test_per_file_and_level(pytester: pytest.Pytester, folder: Path) -> None:
    """A test's id is file and level; an excepted level has no test."""
    (folder / "theme").mkdir()
    (folder / "good.toml").write_text(GOOD, encoding="utf-8")
    other = folder / "theme" / "other.toml"
    other.write_text(f"except.boto3 = 'why'\n{GOOD}", encoding="utf-8")
    (folder / "notes.txt").write_text("not a story", encoding="utf-8")
    result = run(pytester, "--collect-only", "-q")
    ids = [line for line in result.outlines if "::" in line]
    assert ids == [
        "scenarios/good.toml::fakes",
        "scenarios/good.toml::boto3",
        "scenarios/good.toml::terminal",
        "scenarios/theme/other.toml::fakes",
        "scenarios/theme/other.toml::terminal",
    ]
    run(pytester, "scenarios/good.toml::boto3").assert_outcomes(passed=1)


def test_pytest_says_how_long_the_levels_took(pytester: pytest.Pytester, folder: Path) -> None:
    """Each level that was run, and its number of stories."""
    (folder / "good.toml").write_text(GOOD, encoding="utf-8")
    (folder / "other.toml").write_text(f"except.boto3 = 'why'\n{GOOD}", encoding="utf-8")
    result = run(pytester, "-k", "fakes or boto3")
    result.stdout.re_match_lines([r"scenarios at fakes \d+\.\d s \(2\), boto3 \d+\.\d s \(1\)$"])


def test_pytest_shows_the_story_and_no_stack(pytester: pytest.Pytester, folder: Path) -> None:
    """A failure has the line in the story's file, and no traceback."""
    (folder / "bad.toml").write_text(f"{HEAD}{STEP}show = 1\n", encoding="utf-8")
    (folder / "good.toml").write_text(BAD, encoding="utf-8")
    result = run(pytester, "--continue-on-collection-errors")
    result.assert_outcomes(failed=3, errors=1)
    said = result.stdout.str()
    assert "scenarios/bad.toml:6: there is no key 'show' here" in said
    assert "scenarios/good.toml:4: at level boto3: authkit --version" in said
    assert "Traceback" not in said
    assert ".py:" not in said


def test_an_update_rewrites_the_file(pytester: pytest.Pytester, folder: Path) -> None:
    """From level fakes alone; the story then holds at every level."""
    story = written(folder, UNSEEN)
    run(pytester, "--update").assert_outcomes(passed=1)
    assert story.read_text(encoding="utf-8") == updated(UNSEEN, FILE) != UNSEEN
    run(pytester).assert_outcomes(passed=3)


@pytest.mark.usefixtures("folder")
def test_an_update_outside_of_the_stories(pytester: pytest.Pytester) -> None:
    """A file that no test is made of is not passed over: the person is told to move it."""
    path = pytester.path / "recording.toml"
    path.write_text(UNSEEN, encoding="utf-8")
    result = run(pytester, "--update", "recording.toml")
    result.stderr.fnmatch_lines(["*recording.toml is not in a folder of stories: move it into*"])
    assert path.read_text("utf-8") == UNSEEN


def test_what_an_update_leaves_is_reported(pytester: pytest.Pytester, folder: Path) -> None:
    """A wrong claim still fails; a story with the wrong answers fails and is not changed."""
    written(folder, f"{UNSEEN}exit = 3\n")
    failed = run(pytester, "--update")
    failed.assert_outcomes(failed=1)
    failed.stdout.fnmatch_lines(["*story.toml:4: at level fakes: *", "*exit status is 0, not 3"])
    unanswered = f"{HEAD}{LOGIN}"
    story = written(folder, unanswered)
    failed = run(pytester, "--update")
    failed.assert_outcomes(failed=1)
    failed.stdout.fnmatch_lines(["*story.toml:4: nobody answers 'AWS Access Key ID:'*"])
    assert story.read_text(encoding="utf-8") == unanswered


def test_an_update_is_refused_where_nobody_would_review_it(
    pytester: pytest.Pytester, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under xdist, where several processes would write, and under CI."""
    story = written(folder, UNSEEN)
    for arguments, said in ((["-n", "2"], "not under xdist"), ([], "not under CI")):
        refused = run(pytester, "--update", *arguments)
        assert refused.ret == pytest.ExitCode.USAGE_ERROR
        refused.stderr.fnmatch_lines([f"*{said}*"])
        monkeypatch.setenv("CI", "true")
    assert story.read_text(encoding="utf-8") == UNSEEN
