"""What a line asks to import."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authkit.arguments import parse
from authkit.core.failures import Failure
from authkit.importing import sources
from tests.authkit.importing.shapes import ID, PAIR, SECRET
from tests.support.saying import said as said_of
from tests.support.stage import Paper, Stage

if TYPE_CHECKING:
    from authkit.importing.sources import Source

HEAD = "User name,Access key ID,Secret access key\n"


def stage_with(*answers: str, files: dict[str, str] | None = None) -> Stage:
    """Return a stage with these files; answers are somebody's."""
    screen = Paper(answers)
    stage = Stage(screen=screen, prompter=screen if answers else None)
    for path, text in (files or {}).items():
        stage.files.put(path, text)
    return stage


def asked(line: str, *answers: str, files: dict[str, str] | None = None) -> Source:
    """Return what a line asks for."""
    return sources.of(stage_with(*answers, files=files), parse(["import", *line.split()]))


AWS = {"~/.aws/credentials": f"[a]\n{PAIR}[b]\n{PAIR}[u\u0308]\n{PAIR}[1]\n{PAIR}[my own]\n{PAIR}"}
ALL = ["a", "b", "\u00fc", "1", "my own"]


NOT_TOLD = f"{HEAD},{ID},{SECRET}\nb,{ID},{SECRET}\n"


def names(source: Source) -> list[str]:
    """Return the names of what was found."""
    return [one.name for one in source.found]


@pytest.mark.parametrize(
    ("line", "answers", "found"),
    [
        ("--all", [], ALL),
        ("--profile b --profile a --profile b", [], ["b", "a"]),
        ("--profile \u00fc", [], ["\u00fc"]),
        ("", ["all"], ALL),
        ("", ["my own"], ["my own"]),
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
    ("line", "files", "said", "status"),
    [
        ("--all", {}, "There is nothing to import", 1),
        ("", AWS, "Which profiles are meant? There are: a, b, u", 2),
        ("--profile c", AWS, "There is no profile c: a, b, u\u0308, 1, my own.", 2),
        ("--csv x.csv", {}, "There is no file", 2),
        ("--csv x.csv", {"x.csv": ""}, "/home/dev/x.csv: it has no column", 1),
        (
            "--csv x.csv",
            {"x.csv": HEAD},
            "/home/dev/x.csv: there is no key in it.",
            1,
        ),
        (
            "--csv x.csv",
            {"x.csv": f"{HEAD},{ID},{SECRET}\n"},
            "What is the identity to be called?",
            2,
        ),
        (
            "--csv x.csv",
            {"x.csv": NOT_TOLD},
            "It has several keys, and does not tell whose they",
            2,
        ),
        (
            "--csv x.csv --profile a --profile b",
            {"x.csv": f"{HEAD}a,{ID},{SECRET}\n"},
            "There is no user b.",
            2,
        ),
        ("--env", {}, "The environment: AWS_ACCESS_KEY_ID is not set", 1),
    ],
)
def test_what_cannot_be(line: str, files: dict[str, str], said: str, status: int) -> None:
    """B-A04: a line that cannot be read is 2, what is not there to read is 1."""
    with pytest.raises(Failure) as raised:
        asked(line, files=files)
    shown = " ".join(said_of(raised.value).split())
    assert shown.startswith(f"✗ {said}")
    assert raised.value.status == status
    assert ("Run 'authkit import --help'" in shown) == (raised.value.name == "usage")


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
    (one,) = source.not_taken
    assert (one.name, one.wrong) == ("a", True)
    assert one.reason.startswith("access_key_id: an access key id ")


def test_keys_in_the_environment() -> None:
    """Whose they are is asked."""
    stage = stage_with("dev")
    stage.environ |= {"AWS_ACCESS_KEY_ID": ID, "AWS_SECRET_ACCESS_KEY": SECRET}
    source = sources.of(stage, parse(["import", "--env"]))
    assert (names(source), source.fresh) == (["dev"], True)


def test_what_may_be_chosen() -> None:
    """B-A04: every profile has a number; one that cannot be imported has its reason."""
    files = {"~/.aws/credentials": f"[a]\n{PAIR}[b]\naws_access_key_id = {ID}\n"}
    stage = stage_with("1", files=files)
    sources.of(stage, parse(["import"]))
    assert stage.screen.said[0].splitlines()[-3:] == [
        "  1  a",
        "  2  b",
        "    cannot be imported: it has aws_access_key_id, but no aws_secret_access_key",
    ]


def test_the_default_may_be_typed() -> None:
    """B-K05: what stands in brackets means nothing of it, unless a profile is called so."""
    stage = stage_with("none", files={"~/.aws/credentials": f"[a]\n{PAIR}"})
    assert not sources.of(stage, parse(["import"])).found
    stage = stage_with("none", files={"~/.aws/credentials": f"[a]\n{PAIR}[none]\n{PAIR}"})
    assert [one.name for one in sources.of(stage, parse(["import"])).found] == ["none"]


@pytest.mark.parametrize(("file", "head"), [("credentials", "[a]"), ("config", "[profile a]")])
def test_lines_that_botocore_refuses_are_named(file: str, head: str) -> None:
    """B-A04: the file, the line and why."""
    stage = stage_with(files={f"~/.aws/{file}": f"{head}\n{PAIR}x\n"})
    sources.of(stage, parse(["import", "--all"]))
    told = f"/home/dev/.aws/{file}, line 4: it has no key with a '='"
    assert told in stage.screen.everything
