"""Generated documentation is current, and links and numbers refer to something that exists."""

from __future__ import annotations

import re
import subprocess
from itertools import zip_longest
from pathlib import Path

import pytest

from docs import generate
from scenarios.replay.coverage.cells import specified
from scenarios.replay.story import reading
from tests.explore.judge import NAMES

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("path", [p.relative_to(ROOT).as_posix() for p in generate.generated()])
def test_generated_pages_are_current(path: str) -> None:
    """The files are those that `python -m docs.generate` writes."""
    text = generate.generated()[ROOT / path]()
    if mistake := stale(path, (ROOT / path).read_text("utf-8"), text):
        pytest.fail(mistake, pytrace=False)


def stale(path: str, there: str, generated: str) -> str:
    """Return what to do about a generated page, with its first stale line; "" for a current one."""
    lines = zip_longest(there.splitlines(), generated.splitlines(), fillvalue="nothing")
    for number, (has, wants) in enumerate(lines, 1):
        if has != wants:
            told = f"{path}:{number}: stale: it says {has!r}, generated is {wants!r}"
            return f"{told}\nRun: .venv/bin/python -m docs.generate"
    return "" if there == generated else f"{path}: stale.  Run: .venv/bin/python -m docs.generate"


def test_a_stale_page_is_told_with_its_line_and_the_command() -> None:
    """Not as a diff of two long texts."""
    told = "page:2: stale: it says 'b', generated is 'nothing'\n"
    assert stale("page", "a\nb\n", "a\n") == f"{told}Run: .venv/bin/python -m docs.generate"
    assert stale("page", "a", "a\n").startswith("page: stale.")
    assert stale("page", "a\n", "a\n") == ""


def test_every_line_is_shown() -> None:
    """A scenario or a test names every numbered line of the specification.

    Lines that are marked as new are exempt until their issue is done.
    """
    text = (ROOT / "docs" / "specification.md").read_text("utf-8")
    new = set(re.findall(r"^- \*\*(B-[A-Z]\d\d)\*\* \(new\)", text, re.MULTILINE))
    assert set(specified()) - set(generate.shown_by()) <= new


def test_no_number_is_made_up() -> None:
    """Scenarios and tests name only lines that the specification has."""
    assert set(generate.shown_by()) <= set(specified())


@pytest.mark.parametrize(
    ("page", "shared"), [("specification.md", "BEHAVIOUR.md"), ("contract.md", "CONTRACT.md")]
)
def test_what_binds_is_what_is_shared(page: str, shared: str) -> None:
    """The two pages equal their originals, where these are beside the checkout.

    Above the contract stands what is not built yet.
    """
    original = ROOT.parent / "shared" / shared
    if not original.exists():
        pytest.skip("the original is not beside this checkout")
    text = (ROOT / "docs" / page).read_text("utf-8").rpartition("<!-- end -->\n\n")[2]
    assert text == original.read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page, and every picture, is a file of the repository."""
    text = page.read_text("utf-8")
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", re.sub(r"`[^`\n]*`", "", text))
    for target in links + re.findall(r'<img src="([^"]+)"', text):
        assert (page.parent / target).exists(), target


def test_every_law_proves_a_promise() -> None:
    """Each law of exploration stands in the table of promises, and no other does."""
    page = (ROOT / "docs" / "reliability.md").read_text("utf-8")
    table = page.split("## What is promised", 1)[1].split("The laws stand", 1)[0]
    cells = [row.split(" | ")[1] for row in table.splitlines() if row.startswith("| ")][2:]
    laws = {law.strip() for cell in cells for law in cell.split(",") if law.strip()}
    assert laws == {*NAMES}


def test_the_quick_start() -> None:
    """README's quick start is exactly two commands, each on one line."""
    readme = (ROOT / "README.md").read_text("utf-8")
    block = readme.split("## Quick start", 1)[1].split("```sh\n", 1)[1].split("```", 1)[0]
    first, second = block.splitlines()
    assert first.endswith("-m scenarios")
    assert "-m pytest" in second
    for command in (first, second):
        subprocess.run(["sh", "-n", "-c", command], check=True, start_new_session=True)  # noqa: S603, S607 - it is ours


def test_a_story_that_cannot_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its mistakes are printed with their lines, without a traceback."""
    draft = tmp_path / "draft.toml"
    draft.write_text("abuot = 'a draft'\n", "utf-8")
    monkeypatch.setattr(reading, "stories", lambda: [draft])
    assert generate.main(["--check"]) == 1
    assert f"{draft}:1: 'shows_that' is missing" in capsys.readouterr().out
