"""What a defect finds and replaces, and that one which does not apply is told."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from tests.planted import patch
from tests.planted.patch import Defect, DoesNotApplyError

if TYPE_CHECKING:
    from pathlib import Path

MODULE = """\
A_TABLE = (Row("one", pauses=3, words="x"), Row("two", pauses=3), "three")

class Flow:
    def run(self, budget=3):
        # a comment
        if self.left:
            self.stop()
            self.say("over")
        with self.lock():
            self.write(1)
        return self.a and self.b
"""

APPLY = [
    ("Flow.run", "self.write(1)", "self.write(2)", "self.write(1)", "self.write(2)"),
    ("Flow.run", "self.write(...)", "self.say(...)", "self.write(1)", "self.say(1)"),
    ("Flow.run", "self.stop()", "", "self.stop()\n            ", ""),
    ("Flow.run", "self.write(1)", "", "self.write(1)", "pass"),
    ("Flow.run", "self.a", "", "self.a and self.b", "self.b"),
    ("Flow.run", "3", "4", "budget=3", "budget=4"),
    ("A_TABLE.two", "pauses=3", "pauses=4", '"two", pauses=3', '"two", pauses=4'),
    ("A_TABLE.one", "words='x'", "", ', words="x"', ""),
    ("A_TABLE", "'three'", "", ', "three"', ""),
    (
        "Flow.run",
        "self.stop()\nself.say(...)",
        "self.say(...)\nself.stop()",
        'self.stop()\n            self.say("over")',
        'self.say("over")\n            self.stop()',
    ),
    (
        "Flow.run",
        "with self.lock():\n    ...",
        "with nothing():\n    ...",
        "self.lock()",
        "nothing()",
    ),
    (
        "Flow.run",
        "if ...:\n    ...",
        "if not ...:\n    ...",
        "if self.left",
        "if not self.left",
    ),
]


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Write the module, and return its name."""
    (tmp_path / "module.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.setattr(patch, "ROOT", tmp_path)
    return "module"


@pytest.mark.parametrize("row", APPLY)
def test_what_is_replaced(module: str, row: tuple[str, str, str, str, str]) -> None:
    """What is found is replaced or removed, and nothing else is changed."""
    where, find, put, old, new = row
    planted = Defect("a defect", f"{module}:{where}", find, put, "")
    assert MODULE.count(old) == 1
    expected = ast.unparse(ast.parse(MODULE.replace(old, new)))
    assert ast.unparse(planted.planted().tree) == expected


def test_more_than_once(module: str) -> None:
    """What is there more than once is replaced everywhere, if the row says how often."""
    row = Defect("a defect", f"{module}:A_TABLE", "pauses=3", "pauses=4", "", times=2)
    assert ast.unparse(row.planted().tree).count("pauses=4") == 2


@pytest.mark.parametrize(
    ("where", "find", "put", "says"),
    [
        ("Flow.run", "self.gone()", "pass", "is in module:Flow.run 0 times, not 1"),
        ("A_TABLE", "pauses=3", "", "is in module:A_TABLE 2 times, not 1"),
        ("Flow.walk", "pass", "", "walk of Flow.walk is there 0 times"),
        ("Flow.run", "self.write(1)", "self.write(1)", "it changes nothing"),
    ],
)
def test_what_does_not_apply(module: str, where: str, find: str, put: str, says: str) -> None:
    """A defect that is not found, is found too often, or changes nothing, raises."""
    with pytest.raises(DoesNotApplyError, match=says):
        Defect("a defect", f"{module}:{where}", find, put, "").planted()
