"""What a line asks to import."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authkit.arguments import parse
from authkit.core.failures import Failure
from authkit.importing import sources
from tests.authkit.importing.shapes import ID, PAIR, SECRET
from tests.support.stage import Paper, Stage

if TYPE_CHECKING:
    from authkit.importing.sources import Source

HEAD = "User name,Access key ID,Secret access key\n"


def asked(line: str, *answers: str, files: dict[str, str] | None = None) -> Source:
    """Return what a line asks for; answers are somebody's."""
    screen = Paper(answers)
    stage = Stage(screen=screen, prompter=screen if answers else None)
    for path, text in (files or {}).items():
        stage.files.put(path, text)
    return sources.of(stage, parse(["import", *line.split()]))


AWS = {"~/.aws/credentials": f"[a]\n{PAIR}[b]\n{PAIR}[u\u0308]\n{PAIR}[1]\n{PAIR}"}


def names(source: Source) -> list[str]:
    """Return the names of what was found."""
    return [one.name for one in source.found]


@pytest.mark.parametrize(
    ("line", "answers", "found"),
    [
        ("--all", [], ["a", "b", "\u00fc", "1"]),
        ("--profile b --profile a --profile b", [], ["b", "a"]),
        ("--profile \u00fc", [], ["\u00fc"]),
        ("", ["all"], ["a", "b", "\u00fc", "1"]),
        ("", ["2 a"], ["b", "a"]),
        ("", ["2,3"], ["b", "\u00fc"]),
        ("", ["1"], ["1"]),
        ("", ["x", "b"], ["b"]),
        ("", [""], []),
    ],
)
def test_profiles(line: str, answers: list[str], found: list[str]) -> None:
    """B-S10: by name in any Unicode form, all, or as the person answers: a name before a number."""
    source = asked(line, *answers, files=AWS)
    assert names(source) == found
    assert source.asked is (line != "--all" and answers != ["all"])
    assert not source.fresh


@pytest.mark.parametrize(
    ("line", "files", "name", "status"),
    [
        ("--all", {}, "import-nothing", 1),
        ("", AWS, "import-which", 2),
        ("--profile c", AWS, "usage", 2),
        ("--csv x.csv", {}, "import-no-csv", 2),
        ("--csv x.csv", {"x.csv": ""}, "import-unreadable", 1),
        ("--csv x.csv", {"x.csv": HEAD}, "import-unreadable", 1),
        ("--csv x.csv", {"x.csv": f"{HEAD},{ID},{SECRET}\n"}, "import-name", 2),
        ("--csv x.csv", {"x.csv": f"{HEAD},{ID},{SECRET}\nb,{ID},{SECRET}\n"}, "usage", 2),
        ("--csv x.csv --profile a --profile b", {"x.csv": f"{HEAD}a,{ID},{SECRET}\n"}, "usage", 2),
        ("--env", {}, "import-unreadable", 1),
    ],
)
def test_what_cannot_be(line: str, files: dict[str, str], name: str, status: int) -> None:
    """B-A04: a line that cannot be read is 2, what is not there to read is 1."""
    with pytest.raises(Failure) as raised:
        asked(line, files=files)
    assert (raised.value.name, raised.value.status) == (name, status)


@pytest.mark.parametrize(
    ("line", "answers", "rows", "found"),
    [
        ("", [], ["a"], ["a"]),
        ("--profile x", [], ["a"], ["x"]),
        ("--profile x", [], [""], ["x"]),
        ("", ["-x", "x"], [""], ["x"]),
        ("", [], ["a", "b"], ["a", "b"]),
        ("--profile b", [], ["a", "b"], ["b"]),
    ],
)
def test_a_csv(line: str, answers: list[str], rows: list[str], found: list[str]) -> None:
    """One key is called as the option says, else as the user, else as answered; several by user."""
    text = HEAD + "".join(f"{user},{ID},{SECRET}\n" for user in rows)
    source = asked(f"--csv x.csv {line}", *answers, files={"x.csv": text})
    assert names(source) == found
    assert source.fresh


def test_a_row_that_is_no_key() -> None:
    """It is not taken, and the others are."""
    text = f"{HEAD}a,x,{SECRET}\nb,{ID},{SECRET}\n"
    source = asked("--csv x.csv", files={"x.csv": text})
    assert names(source) == ["b"]
    assert [(one.name, one.wrong) for one in source.not_taken] == [("a", True)]


def test_lines_that_botocore_refuses_are_named() -> None:
    """B-A04: the file, the line and why."""
    screen = Paper()
    stage = Stage(screen=screen)
    stage.files.put("~/.aws/credentials", f"[a]\n{PAIR}x\n")
    sources.of(stage, parse(["import", "--all"]))
    assert "/home/dev/.aws/credentials, line 4: it has no key with a '='" in screen.everything
