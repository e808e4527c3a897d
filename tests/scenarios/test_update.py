"""`pytest --update`: rewrites what is shown and done, and nothing that somebody claimed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scenarios.replay.runner.replay import DoesNotHold, replay
from scenarios.replay.runner.update import CannotUpdate, updated
from scenarios.replay.story import reading, toml_text, transcript

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE = Path("scenarios/a-story.toml")

# Ours, and without one that would be imported anew in every run.
PLUGINS = ("-p", "scenarios.replay.runner.collect", "-p", "no:hypothesispytest")

# A story as somebody writes it down: the answers, and what she remembers of the rest.
DRAFT = """\
# Why this story is told.
about = "a"
shows_that = ["B-L02"]   # and more
zone = "UTC"
now = 2024-12-22T12:00:00Z

[account]
keys.only = { id = "AKIAXXXXXXXXXXXXXXXX", secret = "the-secret" }

[[step]]
run   = "authkit login dev-admin"   # the first time
exit  = 0
shows = '''
AWS Access Key ID: AKIAXXXXXXXXXXXXXXXX
AWS Secret Access Key: ********    <- the-secret
MFA ARN (optional):
Session Duration (optional, default: 12h): 1h
no such line
'''
does = [
  # before anything else
  "lock acquire dev-admin",         # alone
  "never done",
  # keys first
  "keyring get dev-admin -> none",
  "sts GetSessionToken AKIAXXXXXXXXXXXXXXXX 3600"
]

[step.keyring.dev-admin]
session_duration = "1h"

[[step]]
run = "authkit whoami dev-admin --offline"   # shows is still missing

[[step]]
run = "authkit logout dev-admin"
shows = ''
does = []
"""


def held(text: str) -> bool:
    """Tell whether a story holds."""
    try:
        replay(reading.parse(text, FILE), "fakes")
    except DoesNotHold:
        return False
    return True


def test_an_updated_story_holds_and_is_not_updated_again() -> None:
    """What is rewritten is what happens, from the first step to the last."""
    assert not held(DRAFT)
    after = updated(DRAFT, FILE)
    assert held(after)
    assert updated(after, FILE) == after


def test_only_what_is_shown_and_done_changes() -> None:
    """Comments, claims and layout stay; a transcript is put in where there was none."""
    after = updated(DRAFT, FILE)
    for kept in (
        "# Why this story is told.\n",
        'shows_that = ["B-L02"]   # and more\n',
        "run   = \"authkit login dev-admin\"   # the first time\nexit  = 0\nshows = '''\n",
        "AWS Secret Access Key: ********    <- the-secret\n",
        "  # before anything else\n",
        '  "lock acquire dev-admin",         # alone\n',
        "  # keys first\n",
        '  "sts GetSessionToken AKIAXXXXXXXXXXXXXXXX 3600",\n',
        '\n[step.keyring.dev-admin]\nsession_duration = "1h"\n',
    ):
        assert kept in after
    assert "no such line" not in after
    assert "never done" not in after
    assert after.count("shows = '''\n") == 3
    assert "   # shows is still missing\nshows = '''\n✓ Current" in after
    assert after.index('"keyring get dev-admin -> none"') > after.index("# keys first")


@pytest.mark.parametrize(
    ("line", "claim"),
    [
        ("exit  = 0", "exit  = 3"),
        ('session_duration = "1h"', 'session_duration = "2h"'),
        ('shows_that = ["B-L02"]', 'shows_that = ["B-L02"]\nrule = "unknown"'),
    ],
)
def test_claims_are_never_updated(line: str, claim: str) -> None:
    """Exit status, rule, and what must be left stay as somebody wrote them, true or not."""
    after = updated(DRAFT.replace(line, claim), FILE)
    assert claim in after
    assert held(after) == ("rule" in claim)


@pytest.mark.parametrize(
    ("line", "instead", "said"),
    [
        ("MFA ARN (optional):\n", "", "'MFA ARN (optional):' is asked, but the story's next"),
        ("no such line\n", "Enter MFA Token: 123456\n", "nobody asks for 'Enter MFA Token'"),
        ("MFA ARN (optional):\n", "MFA ARN (optional): x\n", "'MFA ARN (optional):' is asked, but"),
    ],
)
def test_what_was_typed_is_never_updated(line: str, instead: str, said: str) -> None:
    """Where the answers do not fit the questions the file stays, and the step's line is named."""
    with pytest.raises(CannotUpdate) as raised:
        updated(DRAFT.replace(line, instead), FILE)
    assert str(raised.value).startswith(f"{FILE}:10: {said}")


def test_an_answer_that_would_be_read_otherwise_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever a rewrite would make of the answers, they are compared before it is written."""
    monkeypatch.setattr(transcript, "spell", lambda *_: "MFA ARN (optional): x\n")
    with pytest.raises(CannotUpdate, match="would change what is typed"):
        updated(DRAFT, FILE)


@pytest.mark.parametrize(
    ("array", "elements", "patched"),
    [
        ("[]", [], "[]"),
        ("[]", ["a"], '[\n  "a",\n]'),
        ('[\n  "a",\n]', [], "[]"),
        ('["a", "b"]', ["a"], '[\n  "a",\n]'),
        ("[\n 'a', # x\n]", ["a", 'b"'], '[\n \'a\', # x\n  "b\\"",\n]'),
        ("[\n 'a' # x\n]", ["b", "a"], "[\n  \"b\",\n 'a', # x\n]"),
        ('[\n  # x\n  "a",\n  "b",\n]', ["b"], '[\n  # x\n  "b",\n]'),
        ('[\n  "a",\n\n  "b",\n]', ["a", "b"], '[\n  "a",\n\n  "b",\n]'),
        ('[\n  "a",\n  # the end\n]', ["b"], '[\n  "b",\n  # the end\n]'),
    ],
)
def test_an_array_is_patched_by_its_lines(
    array: str, elements: Sequence[str], patched: str
) -> None:
    """Lines that stay, stay as they are; comments stay; what is new is written as usual."""
    assert toml_text.patched(array, elements) == patched


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("", "''"),
        ("a\n\tb\n", "'''\na\n\tb\n'''"),
        ("it'''s\n", '"""\nit\'\'\'s\n"""'),
        ('\\x1b "\x1b"\n', '"""\n\\\\x1b \\"\\u001b\\"\n"""'),
        ("\x7f\n", '"""\n\\u007f\n"""'),
    ],
)
def test_a_transcript_is_written_as_it_stands_if_toml_allows(text: str, literal: str) -> None:
    """Literal where it can be, escaped where it must be, and always read back the same."""
    assert toml_text.literal(text) == literal
    assert toml_text.string(literal) == text


# pytest's side.


@pytest.fixture
def story(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the draft in a folder of its own, where CI is not set."""
    monkeypatch.delenv("CI", raising=False)
    path = pytester.mkdir("scenarios") / "story.toml"
    path.write_text(DRAFT, encoding="utf-8")
    return path


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run pytest there."""
    return pytester.runpytest_inprocess(*PLUGINS, *arguments)


def test_pytest_rewrites_the_file(pytester: pytest.Pytester, story: Path) -> None:
    """From level fakes alone; and then the story holds at every level."""
    run(pytester, "--update").assert_outcomes(passed=1)
    assert story.read_text(encoding="utf-8") == updated(DRAFT, FILE)
    run(pytester).assert_outcomes(passed=3)


def test_pytest_says_what_an_update_does_not_mend(pytester: pytest.Pytester, story: Path) -> None:
    """A wrong claim still fails; a story off its script fails and is left alone."""
    story.write_text(DRAFT.replace("exit  = 0", "exit  = 3"), encoding="utf-8")
    failed = run(pytester, "--update")
    failed.assert_outcomes(failed=1)
    failed.stdout.fnmatch_lines(["*story.toml:10: at level fakes: *", "*exit status is 0, not 3"])
    before = DRAFT.replace("MFA ARN (optional):\n", "")
    story.write_text(before, encoding="utf-8")
    failed = run(pytester, "--update")
    failed.assert_outcomes(failed=1)
    failed.stdout.fnmatch_lines(["*story.toml:10: 'MFA ARN (optional):' is asked*"])
    assert story.read_text(encoding="utf-8") == before


def test_pytest_refuses_to_update(
    pytester: pytest.Pytester, story: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where several would write a change, and where nobody would look at it, nothing runs."""
    for arguments, said in ((["-n", "2"], "not under xdist"), ([], "not under CI")):
        refused = run(pytester, "--update", *arguments)
        assert refused.ret == pytest.ExitCode.USAGE_ERROR
        refused.stderr.fnmatch_lines([f"*{said}*"])
        monkeypatch.setenv("CI", "true")
    assert story.read_text(encoding="utf-8") == DRAFT
