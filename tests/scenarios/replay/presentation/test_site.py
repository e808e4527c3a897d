"""presentation.site: the pages, as files.  tests/browser/ looks at them in a browser."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from scenarios.replay.presentation import site
from scenarios.replay.runner.replay import play
from scenarios.replay.story import reading
from tests.support.story_tools import BAD, GOOD, HEAD, SHOWS_THAT, STEP

if TYPE_CHECKING:
    from pathlib import Path

    from scenarios.replay.presentation.played import Played

ROTATION = reading.story_file("rotation")
EXCEPTED = reading.story_file("no-room")
VOID = {"meta", "link", "input", "br"}


class Page(HTMLParser):
    """A page: its elements, what it refers to, and what is not closed."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = path.read_text("utf-8")
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the element that was opened last."""
        assert self.open.pop() == tag

    @property
    def targets(self) -> list[str]:
        """What links, scripts and style sheets lead to."""
        names = ("href", "src")
        return [str(found[n]) for _, found in self.elements for n in names if n in found]


def stories(folder: Path) -> list[Played]:
    """Return two stories that hold, one that does not, and a file that is none."""
    bad, unreadable = folder / "bad.toml", folder / "unreadable.toml"
    bad.write_text(BAD, "utf-8")
    unreadable.write_text(f"{HEAD}{STEP}show = 1\n", "utf-8")
    return [play(path, ["fakes", "boto3"]) for path in (ROTATION, EXCEPTED, bad, unreadable)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the pages of these stories."""
    where = tmp_path_factory.mktemp("pages")
    site.write(stories(tmp_path_factory.mktemp("theme")), where)
    return where


def test_every_page_is_whole(folder: Path) -> None:
    """Its elements are closed, its ids are unique, and all that it refers to is there."""
    pages = sorted(folder.rglob("*.html"))
    assert [page.relative_to(folder).as_posix() for page in pages] == [
        "index.html",
        *(f"stories/{name}.html" for name in ("bad", "no-room", "rotation", "unreadable")),
    ]
    for path in pages:
        page = Page(path)
        assert page.open == []
        ids = [str(found["id"]) for _, found in page.elements if "id" in found]
        assert len(ids) == len({*ids})
        for target in page.targets:
            assert target == "data:," or target.startswith("#") or _there(path, target), target


def _there(page: Path, target: str) -> bool:
    return (page.parent / target.partition("?")[0]).exists()


def test_a_page_needs_no_network_and_three_files(folder: Path) -> None:
    """Itself, one style sheet, one script; nothing is fetched from elsewhere.

    What an index of so many stories takes is in benchmarks/pages.py.
    """
    for path in folder.rglob("*.html"):
        loaded = {t for t in Page(path).targets if t.endswith((".css", ".js"))}
        assert {target.rpartition("/")[2] for target in loaded} == {"style.css", "script.js"}
    for path in folder.rglob("*.*"):
        assert not re.search(r"https?://|@import|url\(|fetch\(", _own(path)), path


def _own(path: Path) -> str:
    """Return a file's text without what a story says."""
    return re.sub(r"(?s)<main.*</main>", "", path.read_text("utf-8"))


def test_pages_of_many_stories_are_small(tmp_path: Path) -> None:
    """A thousand bytes a story in the index; a story's page does not grow with their number."""
    theme = tmp_path / "theme"
    theme.mkdir()
    for number in range(120):
        (theme / f"story-{number}.toml").write_text(ROTATION.read_text("utf-8"), "utf-8")
    site.write([play(path, ["fakes"]) for path in theme.iterdir()], tmp_path / "pages")
    assert (tmp_path / "pages" / "index.html").stat().st_size < 120 * 1000
    assert (tmp_path / "pages" / "stories" / "story-0.html").stat().st_size < 60_000


def test_what_a_story_can_be_found_by(folder: Path) -> None:
    """Rule, command, line of the specification, level and verdict stand in the index."""
    found = {
        str(element["data-line"]): element
        for tag, element in Page(folder / "index.html").elements
        if tag == "li"
    }
    rotation = found[" ".join(reading.read(ROTATION).shows_that)]
    assert rotation["data-rule"] == "keys-revoked"
    assert rotation["data-command"] == "login|whoami"
    assert rotation["data-level"] == "fakes boto3 terminal"
    assert rotation["data-verdict"] == "holds"
    assert found[SHOWS_THAT]["data-verdict"] == "fails"
    assert "2 of 4 stories do not hold" in (folder / "index.html").read_text("utf-8")


def test_a_failing_story_has_both_sides_once(folder: Path) -> None:
    """Levels that fail alike are one part, with what is told and what was seen."""
    text = (folder / "stories" / "bad.html").read_text("utf-8")
    assert text.count("What does not hold at fakes and boto3") == 1
    assert re.search(r'class="told">authkit 0\.0\.0<', text)
    assert re.search(r'class="seen">authkit \d', text)
    assert re.search(r'<span id="L4" class="line marked table">\[\[step\]\]', text)
    assert "did you mean" in (folder / "stories" / "unreadable.html").read_text("utf-8")


def test_a_level_that_is_excepted_says_why(folder: Path) -> None:
    """It is no level of the story, and the page has the reason."""
    text = (folder / "stories" / "no-room.html").read_text("utf-8")
    assert "not at terminal: a story has no full file system" in text
    assert "boto3 holds" in text


def test_text_of_a_story_is_no_markup(tmp_path: Path) -> None:
    """Whatever a story says is escaped, in the terminal, the diagram and the file's text."""
    path = tmp_path / "markup.toml"
    path.write_text(GOOD.replace('about = "a"', 'about = "<b>&"').replace("--version", "'<i>'"))
    site.write([play(path, ["fakes"])], tmp_path / "pages")
    for page in (tmp_path / "pages").rglob("*.html"):
        assert "<i>" not in page.read_text("utf-8")
        assert "<b>&" not in page.read_text("utf-8")


def test_pages_of_stories_that_are_gone_are_removed(tmp_path: Path) -> None:
    """A second run leaves the pages of its own stories; two of one name have a page each."""
    path = tmp_path / "here" / "same.toml"
    other = tmp_path / "there" / "same.toml"
    for file in (path, other):
        file.parent.mkdir()
        file.write_text(GOOD, "utf-8")
    pages = tmp_path / "pages"
    site.write([play(ROTATION, ["fakes"])], pages)
    site.write([play(path, ["fakes"]), play(other, ["fakes"]), play(path, ["fakes"])], pages)
    names = sorted(page.name for page in (pages / "stories").iterdir())
    assert names == ["same-2.html", "same.html"]


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    """A file, and a folder with another's index.html; an index of ours is written anew."""
    assert site.unfit(tmp_path / "new") == ""
    (tmp_path / "file").write_text("")
    assert site.unfit(tmp_path / "file").endswith("File exists")
    (tmp_path / "index.html").write_text("<title>another's</title>")
    assert "not ours" in site.unfit(tmp_path)
    ours = tmp_path / "ours"
    site.write([play(ROTATION, ["fakes"])], ours)
    assert site.unfit(ours) == ""


def test_the_command_of_a_line() -> None:
    """The first words that are a command; a line without one is authkit's own."""
    for words, command in (
        (["--no-input", "login", "dev"], "login"),
        (["user", "configure"], "user configure"),
        (["--version"], "authkit"),
    ):
        assert site.command_of(words) == command


def test_the_words_of_the_specification() -> None:
    """Each line by its number, without marks."""
    line = reading.read(ROTATION).shows_that[-1]
    assert site.specification()[line].startswith("Success prints the block of the seed")
    assert "`" not in "".join(site.specification().values())


def test_a_level_that_was_not_replayed_is_said_so() -> None:
    """It can be found by that level, and has no verdict there."""
    played = play(ROTATION, ["fakes", "boto3"])
    (entry,) = site.entries([played])
    assert entry.levels == {"fakes": "holds", "boto3": "holds", "terminal": ""}
