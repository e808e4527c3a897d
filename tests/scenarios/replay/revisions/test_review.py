"""revisions.review: what a change of the code changes, as Markdown."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from fakes.world.keyring import STATES
from scenarios.replay.revisions import review, trees
from scenarios.replay.revisions.trees import CannotPlay
from scenarios.replay.runner import command
from scenarios.replay.story import reading
from tests.support.story_tools import GOOD, HEAD, KEYS, LOGIN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scenarios.replay.revisions.review import Compared

NAMES = (
    *("mistyped-secret", "three-wrong-secrets", "wrong-mfa-code", "cancelled", "first-login"),
    "four-refusals-in-a-row",
)
TEXTS = {name: reading.story_file(name).read_text("utf-8") for name in NAMES}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of what plays stories here."""
    there = tmp_path_factory.mktemp("revision")
    for folder in ("authkit", "fakes", "scenarios"):
        shutil.copytree(
            trees.CHECKOUT / folder, there / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    return there


def compared(tree: Path, file: str, old: str, new: str) -> Compared:
    """Return the comparison after a change of a file of this tree, which is taken back."""
    path = tree / file
    before = path.read_text("utf-8")
    assert old in before
    path.write_text(before.replace(old, new), "utf-8")
    try:
        return review.compare(TEXTS, TEXTS, (tree, trees.CHECKOUT))
    finally:
        path.write_text(before, "utf-8")


def page(found: Compared) -> str:
    """Return the page about it."""
    return review.page("main (abc)", found)


def test_nothing_differs(tree: Path) -> None:
    """Two trees that are alike: one line says so."""
    found = review.compare(TEXTS, TEXTS, (tree, trees.CHECKOUT))
    assert page(found).count("\n") == 3
    assert "6 stories are played by both revisions; none differ." in page(found)


def test_another_action(tree: Path) -> None:
    """After a new question each story goes on to its end, and the same lines are told once."""
    old, new = "Action.REPLACE_SECRET,\n        says", "Action.REPLACE_KEYS,\n        says"
    found = compared(tree, "authkit/core/rules.py", old, new)
    alike = ["four-refusals-in-a-row", "mistyped-secret"]
    assert [*found.changed] == [*alike, "three-wrong-secrets"]
    said = page(found)
    assert "The same lines differ in mistyped-secret." in said
    assert "- AWS Access Key ID [AKIAXXXXXXXXXXXXXXXX]:\n+ AWS Access Key ID: AKIAXXXX" in said
    assert "| exit | keys | session | questions | screen | effects |" in said
    assert "| 0 | 0 | 0 | 0 | 3 | 0 |" in said


def test_other_words(tree: Path) -> None:
    """Changed words are told as a diff of the screen alone."""
    found = compared(tree, "authkit/core/messages.py", "If it was typed right, wait", "Wait")
    (step,) = found.changed["wrong-mfa-code"]
    assert [change.aspect for change in step.changes] == ["screen"]


def test_another_order_of_effects(tree: Path) -> None:
    """The same effects in another order are said to be that."""
    mark = "self._world.markers.mark(self.identity.name, self.marker(taken=taken))"
    old = f"self.store(values)\n            {mark}"
    new = f"{mark}\n            self.store(values)"
    said = page(compared(tree, "authkit/login/keys.py", old, new))
    assert "the same effects in another order" in said


def test_another_exit_status(tree: Path) -> None:
    """Every step with that exit status, told as one before and one after."""
    found = compared(tree, "authkit/core/failures.py", "= 1, 2, 125, 130", "= 1, 2, 125, 131")
    assert [*found.changed] == ["cancelled"]
    assert "exit\n```diff\n- 130\n+ 131\n```" in page(found)


def test_a_story_that_one_revision_does_not_have() -> None:
    """Both play it all the same, and the page says which it is."""
    mine, theirs = ({name: TEXTS[name] for name in names} for names in (NAMES[:2], NAMES[1:3]))
    found = review.compare(mine, theirs, (trees.CHECKOUT, trees.CHECKOUT))
    assert (found.stories, found.only_here, found.only_there) == (3, [NAMES[0]], [NAMES[2]])
    assert f"Only in this revision, and played by both: {NAMES[0]}." in page(found)
    assert f"Only in the other revision, and played by both: {NAMES[2]}." in page(found)


def test_another_format_of_stories() -> None:
    """A text that one cannot read: the other's text is played; else the page says why not."""
    name, unreadable = NAMES[0], f"{TEXTS[NAMES[0]]}\nnew_key = 1\n"
    trees_alike = (trees.CHECKOUT, trees.CHECKOUT)
    found = review.compare({name: unreadable}, {name: TEXTS[name]}, trees_alike)
    assert (found.changed, found.unplayed) == ({}, {})
    found = review.compare({name: unreadable}, {}, trees_alike)
    assert "there is no key 'new_key' here" in found.unplayed[name]
    assert f"- {name}: the other revision cannot read it: " in page(found)


@pytest.mark.parametrize("rule", ['rule = "no-such-row"', 'rule = [\n  "a",\n  "b",\n]'])
def test_a_row_that_one_revision_does_not_have(rule: str) -> None:
    """What a story claims is not compared, so a story of a new row is played by both."""
    name = NAMES[0]
    text = TEXTS[name].replace('rule = "secret-mismatch"', rule)
    assert text != TEXTS[name]
    found = review.compare({name: text}, {}, (trees.CHECKOUT, trees.CHECKOUT))
    assert (found.changed, found.unplayed) == ({}, {})


NEW_ROW = """    Rule(
        "account-closed",
        codes("AccountClosedException"),
        Action.STOP,
        meaning="The AWS account is closed ({code})",
    ),
"""


@pytest.mark.parametrize("unheard_of", ["", "unheard_of = true\n"])
def test_a_code_gets_a_row(tree: Path, unheard_of: str) -> None:
    """A story of a code that one revision has no row for is played by both, and differs."""
    text = (
        f'{HEAD}{KEYS}{LOGIN}\n[[step.fault]]\non = "GetSessionToken"\n{unheard_of}'
        'answer = "AccountClosedException"\n'
    )
    rules = tree / "authkit" / "core" / "rules.py"
    before = rules.read_text("utf-8")
    rules.write_text(before.replace("RULES = (\n", f"RULES = (\n{NEW_ROW}"), "utf-8")
    try:
        found = review.compare({"closed": text}, {}, (tree, trees.CHECKOUT))
    finally:
        rules.write_text(before, "utf-8")
    assert found.unplayed == {}
    assert "+ ✗ The AWS account is closed (AccountClosedException)" in page(found)


def test_a_reason_is_whole_and_not_counted() -> None:
    """A story that is not played is not counted, and its reason stands on one line, whole."""
    text = f'keyring_state = "on fire"\n{TEXTS[NAMES[0]]}'
    here = {NAMES[0]: text, NAMES[1]: TEXTS[NAMES[1]]}
    found = review.compare(here, {}, (trees.CHECKOUT, trees.CHECKOUT))
    reason = found.unplayed[NAMES[0]]
    assert "keyring_state cannot be 'on fire'" in reason
    assert all(f"'{state}'" in reason for state in STATES)
    assert "1 story is played by both revisions; none differ." in page(found)
    del here[NAMES[1]]
    found = review.compare(here, {}, (trees.CHECKOUT, trees.CHECKOUT))
    assert "No story is played by both revisions." in page(found)


def test_it_is_an_option_of_the_program(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """docs/contract.md: --against REV prints Markdown, exit status 0; else the reason, 1.

    All stories are played, or those that are named.
    """
    (tmp_path / "good.toml").write_text(GOOD, encoding="utf-8")
    monkeypatch.setattr(reading, "STORIES", tmp_path)
    asked: list[object] = []

    def reviewed(revision: str, paths: Sequence[Path], *, all_stories: bool) -> str:
        asked.append(([path.stem for path in paths], all_stories))
        if revision != "main":
            raise CannotPlay("there is none")
        return "# What differs\n"

    monkeypatch.setattr(review, "review", reviewed)
    assert command.main(["--against", "main"]) == 0
    assert capsys.readouterr().out == "# What differs\n"
    assert command.main(["good", "--against", "other"]) == 1
    assert capsys.readouterr().err == "other: there is none\n"
    assert asked == [(["good"], True), (["good"], False)]


def test_a_commit_is_reviewed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its files come from git; with names, only those stories are played."""

    def extracted(revision: str, folder: Path) -> None:
        asked.append(revision)
        shutil.copytree(
            trees.CHECKOUT / "scenarios" / "rotation", folder / "scenarios" / "rotation"
        )

    asked: list[str] = []
    played: list[str] = []

    def play(_tree: Path, texts: Sequence[tuple[Path, str]]) -> list[dict[str, object]]:
        played[:] = [path.stem for path, _ in texts]
        return [{"steps": [], "ended": ""}] * len(texts)

    monkeypatch.setattr(trees, "commit", {"main": "abc123", "HEAD": "def456"}.get)
    monkeypatch.setattr(trees, "extract", extracted)
    monkeypatch.setattr(trees, "played", play)
    paths = [reading.story_file("cancelled"), reading.story_file("rotation")]
    said = review.review("main", paths, all_stories=False)
    assert said.startswith("# What differs from main (abc123)\n\n2 stories")
    assert (asked, played) == (["abc123"], ["cancelled", "rotation"])
    review.review("main", paths, all_stories=True)
    assert "three-wrong-secrets" in played
    assert "checked out" not in said
    assert "It is what is checked out here" in review.review("HEAD", paths, all_stories=False)
