"""revisions.review: what a change of the code changes, as Markdown."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from scenarios.replay.revisions import review, trees
from scenarios.replay.story import reading

if TYPE_CHECKING:
    from pathlib import Path

    from scenarios.replay.revisions.review import Compared

NAMES = ("mistyped-secret", "three-wrong-secrets", "wrong-mfa-code", "cancelled", "first-login")
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
    assert "5 stories are played by both revisions; none differ." in page(found)


def test_another_action(tree: Path) -> None:
    """After a new question each story goes on to its end, and the same lines are told once."""
    old, new = "Action.REPLACE_SECRET,\n        says", "Action.REPLACE_KEYS,\n        says"
    found = compared(tree, "authkit/core/rules.py", old, new)
    assert [*found.changed] == ["mistyped-secret", "three-wrong-secrets"]
    said = page(found)
    assert "The same lines differ in three-wrong-secrets." in said
    assert "- AWS Access Key ID [AKIAXXXXXXXXXXXXXXXX]:\n+ AWS Access Key ID: AKIAXXXX" in said
    assert "| exit | keys | session | questions | screen | effects |" in said
    assert "| 0 | 0 | 0 | 0 | 2 | 0 |" in said


def test_other_words(tree: Path) -> None:
    """Changed words are told as a diff of the screen alone."""
    found = compared(tree, "authkit/core/messages.py", "If it was typed right, wait", "Wait")
    (step,) = found.changed["wrong-mfa-code"]
    assert [change.aspect for change in step.changes] == ["screen"]


def test_another_order_of_effects(tree: Path) -> None:
    """The same effects in another order are said to be that."""
    old = "self._store(values)\n            self.mark(taken=taken)"
    new = "self.mark(taken=taken)\n            self._store(values)"
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


def test_a_long_reason_is_cut() -> None:
    """The reason may list every event that there is."""
    text = TEXTS[NAMES[0]].replace("[[step]]", '[[step]]\nevents = ["it rains"]')
    found = review.compare({NAMES[0]: text}, {}, (trees.CHECKOUT, trees.CHECKOUT))
    assert found.unplayed[NAMES[0]].endswith(" …")
    assert "'it rains' is no event" in found.unplayed[NAMES[0]]
