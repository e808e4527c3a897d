"""The pages of `python -m scenarios --html`, as somebody uses them in Chromium, without a mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scenarios.replay.presentation import site
from scenarios.replay.runner.replay import play
from scenarios.replay.story import reading
from tests.support import browser as chromium
from tests.support.story_tools import BAD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.browser import Browser

pytestmark = pytest.mark.skipif(bool(chromium.MISSING), reason=chromium.MISSING)

NAMES = (
    *("rotation", "expired-in-exec", "lock-held", "throttled-twice", "role-of-other-keys"),
    *("one-asks-one-waits", "setting-misspelt"),
)
LINE = reading.read(reading.story_file("lock-held")).shows_that[0]
WIDE, NARROW, NARROWEST = (1280, 900), (400, 860), (320, 640)
# What stands out of the window, or out of the box that it scrolls in.
OVERFLOW = """
const wide = (e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll");
return [...document.querySelectorAll("body *")].filter(wide).map((e) => e.outerHTML.slice(0, 80));
"""
# The contrast of text to its background, by WCAG 2, of each pair of colours on the page.
CONTRASTS = r"""
const rgb = (colour) => colour.match(/[\d.]+/g).map(Number);
const channel = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
function behind(e) {
  for (; e; e = e.parentElement) {
    const back = rgb(getComputedStyle(e).backgroundColor);
    if (back.length < 4 || back[3] > 0) return back;
  }
  return [255, 255, 255];
}
const found = {};
for (const e of document.querySelectorAll("body *")) {
  const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  if (!own || !e.getClientRects().length) continue;
  const style = getComputedStyle(e);
  const colour = e.closest("svg") ? style.fill : style.color;
  const both = [light(rgb(colour)), light(behind(e))].sort((a, b) => b - a);
  found[`${colour} ${e.className.baseVal ?? e.className}`] = (both[0] + 0.05) / (both[1] + 0.05);
}
return found;
"""
# Labels of the diagram that stand out of its drawing, or out of the box of their note.
OUTSIDE = """
function out(text) {
  const { width, height } = text.ownerSVGElement.viewBox.baseVal;
  const note = text.closest("g.note")?.querySelector("rect").getBBox();
  const [left, right] = note ? [note.x, note.x + note.width] : [0, width];
  const box = text.getBBox();
  return box.x < left || box.x + box.width > right || box.y < 0 || box.y + box.height > height;
}
return [...document.querySelectorAll("svg text")].filter(out).map((text) => text.textContent);
"""
# Where the present row begins and ends, and the part of the diagram that is seen.
ROW = """
const row = document.querySelector(".row.now").getBoundingClientRect();
const around = document.getElementById("diagram").getBoundingClientRect();
return [row.top, row.bottom, around.top, Math.min(around.bottom, innerHeight)];
"""
FOCUSED = "return document.activeElement.id || document.activeElement.name"
AT_THE_END = "const p = document.getElementById('position'); return p.value === p.max"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the pages of some stories; one does not hold."""
    bad = tmp_path_factory.mktemp("theme") / "bad.toml"
    bad.write_text(BAD, encoding="utf-8")
    paths = [*map(reading.story_file, NAMES), bad]
    folder = tmp_path_factory.mktemp("pages")
    site.write([play(path, ["fakes"]) for path in paths], folder)
    return folder


@pytest.fixture(scope="module")
def session() -> Iterator[Browser]:
    """Return a browser for all tests here."""
    with chromium.opened() as opened:
        yield opened


@pytest.fixture
def browser(session: Browser) -> Browser:
    """Return the browser, with a wide and light window."""
    session.look(*WIDE)
    return session


def story(pages: Path, name: str) -> Path:
    """Return the page of a story."""
    return pages / "stories" / f"{name}.html"


def listed(browser: Browser) -> list[str]:
    """Return the names of the stories that the index shows."""
    names: list[str] = browser.run(
        "return [...document.querySelectorAll('li.story:not([hidden]) > a')].map((a) => a.text)"
    )
    return names


def choose(browser: Browser, name: str, value: str) -> None:
    """Choose a value of a filter."""
    browser.run(
        "const field = document.querySelector(`#filter [name=${arguments[0]}]`);"
        "field.value = arguments[1]; field.dispatchEvent(new Event('input', {bubbles: true}));",
        name,
        value,
    )


def test_stories_are_filtered_and_opened_with_the_keyboard(browser: Browser, pages: Path) -> None:
    """Tab reaches the filters, typing filters, and Enter on the one that is left opens it."""
    browser.open(pages / "index.html")
    assert browser.text("#count") == f"{len(NAMES) + 1} of {len(NAMES) + 1} stories"
    browser.press("Tab", "Tab")
    assert browser.run(FOCUSED) == "words"
    browser.press(*"rotated")
    assert listed(browser) == ["rotation"]
    assert browser.text("#count") == f"1 of {len(NAMES) + 1} stories"
    browser.press(*["Tab"] * 7, "Enter")
    browser.until("return document.title.startsWith('rotation')")
    assert browser.text("h1") == "rotation"


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("rule", "keys-revoked", ["rotation"]),
        ("command", "whoami", ["rotation"]),
        ("command", "exec", ["expired-in-exec", "lock-held"]),
        ("line", LINE, ["lock-held"]),
        ("level", "terminal", sorted([*NAMES, "bad"])),
        ("verdict", "fails", ["bad"]),
    ],
)
def test_what_is_filtered_stands_in_the_address(
    browser: Browser, pages: Path, name: str, value: str, found: list[str]
) -> None:
    """The page is the same when it is opened there; Clear shows all again."""
    browser.open(pages / "index.html")
    choose(browser, name, value)
    assert set(found) <= {*listed(browser)} < {*NAMES, "bad", "none"}
    shown, address = listed(browser), browser.run("return location.search")
    assert address == f"?{name}={value}"
    browser.open(pages / "index.html", address)
    assert listed(browser) == shown
    browser.run("document.querySelector('button[type=reset]').click()")
    browser.until("return document.querySelectorAll('li.story[hidden]').length === 0")


def test_where_no_story_fits_that_is_said(browser: Browser, pages: Path) -> None:
    """And no theme is left without a story."""
    browser.open(pages / "index.html")
    choose(browser, "words", "nothing like it")
    assert browser.text("#none").startswith("No story fits.")
    assert browser.count("section.theme") == 0


def test_a_story_is_stepped_through(browser: Browser, pages: Path) -> None:
    """All is there at first; from the beginning on each step shows what has happened so far."""
    browser.open(story(pages, "rotation"))
    whole = browser.count(".frame")
    assert browser.run(AT_THE_END)
    browser.focus("#terminal")
    browser.press("Home")
    assert browser.text("#terminal") == "$ authkit login dev-admin"
    assert browser.count(".row:not(.ahead)") == 1
    browser.press("Right", "Right", "Right", "Right")
    assert browser.text("#caption") == "16:58:00 authkit keyring get dev-admin"
    assert browser.texts(".row.now title") == ["keyring get dev-admin"]
    browser.press("Left")
    assert browser.texts(".row.now title") == ["config read -> none"]
    browser.press("End")
    assert browser.count(".frame") == whole
    assert browser.count(".row.ahead") == 0


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_the_diagram_follows_the_terminal(
    browser: Browser, pages: Path, size: tuple[int, int]
) -> None:
    """At every step the present row is in the part of the diagram that is seen."""
    browser.look(*size, calm=True)
    browser.open(story(pages, "rotation"))
    browser.run("diagram.focus({preventScroll: innerWidth > 1000})")  # only a part of it is seen
    browser.press("Home")
    while not browser.run(AT_THE_END):
        browser.press("Right")
        top, bottom, first, last = browser.run(ROW)
        assert first <= top
        assert bottom <= last


def test_a_story_is_played_and_paused(browser: Browser, pages: Path) -> None:
    """Space on the button starts it, and stops it; it ends by itself with all that there is."""
    browser.look(*WIDE, calm=True)
    browser.open(story(pages, "bad"))
    before = browser.text("#terminal")
    browser.focus("#play")
    browser.press("Space")
    assert browser.text("#play") == "Pause"
    browser.press("Space")
    assert browser.text("#play") == "Play"
    assert not browser.run(AT_THE_END)
    browser.press("Space")
    browser.until("return document.getElementById('play').textContent === 'Play'")
    assert browser.run(AT_THE_END)
    assert browser.text("#terminal") == before


def test_the_labels_of_the_diagram(browser: Browser, pages: Path) -> None:
    """Who takes part, the calls with their refusal, the person's answers, and the jump."""
    browser.open(story(pages, "rotation"))
    assert browser.texts("svg.head text") == [
        *("person", "authkit", "keyring", "state", "folder", "STS", "child")
    ]
    labels = browser.texts("svg.sequence text")
    for label in (
        *("$ authkit login dev-admin", "GetCallerIdentity …OLDO", "InvalidClientTokenId"),
        *("AWS Secret Access Key:", "********", "GetSessionToken …XXXX 36 h mfa/user"),
        *("22 Dec 2024", "16:58:00.4", "37 h later", "24 Dec 2024", "exit status 1"),
    ):
        assert label in labels
    gap = browser.run("return document.querySelector('.row.jump').getBBox().height")
    assert gap > 2 * browser.run("return document.querySelector('.row.call').getBBox().height")


@pytest.mark.parametrize("name", [*NAMES, "bad"])
def test_no_label_is_outside_of_its_drawing(browser: Browser, pages: Path, name: str) -> None:
    """As wide as they are in the font that the browser has."""
    browser.open(story(pages, name))
    assert browser.run(OUTSIDE) == []


@pytest.mark.parametrize("size", [WIDE, NARROW, NARROWEST])
def test_nothing_is_wider_than_the_window(
    browser: Browser, pages: Path, size: tuple[int, int]
) -> None:
    """Index and stories, down to 320 pixels."""
    browser.look(*size)
    for page in ("index", *(f"stories/{name}" for name in (*NAMES, "bad"))):
        browser.open(pages / f"{page}.html")
        assert browser.run(OVERFLOW) == []
        assert browser.run("return document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("dark", [False, True])
def test_text_is_legible_in_light_and_dark(browser: Browser, pages: Path, *, dark: bool) -> None:
    """The contrast of all text is 4.5 at least; the two schemes differ."""
    browser.look(*WIDE, dark=dark)
    for page in ("index", "stories/rotation", "stories/lock-held", "stories/bad"):
        browser.open(pages / f"{page}.html")
        faint = {what: ratio for what, ratio in browser.run(CONTRASTS).items() if ratio < 4.5}
        assert faint == {}
    paper = browser.run("return getComputedStyle(document.body).backgroundColor")
    assert (paper == "rgb(20, 23, 26)") == dark


def test_the_focus_is_seen(browser: Browser, pages: Path) -> None:
    """Every stop of the Tab key has an outline, and is inside of the window."""
    browser.open(story(pages, "rotation"))
    stops = []
    for _ in range(14):
        browser.press("Tab")
        stop, outline, height = browser.run(
            "const e = document.activeElement, box = e.getBoundingClientRect();"
            "return [e.id || e.textContent.trim(), getComputedStyle(e).outlineWidth, box.height]"
        )
        assert outline == "3px", stop
        assert height > 0, stop
        stops.append(stop)
    assert stops[0] == "Skip to the content"
    assert {"All stories", "play", "back", "step", "position", "terminal", "diagram"} <= {*stops}


def test_less_motion_where_that_is_asked_for(browser: Browser, pages: Path) -> None:
    """No transition, and no smooth scrolling; an answer comes at once."""
    told = (
        "return [getComputedStyle(document.querySelector('.row')).transitionDuration,"
        "getComputedStyle(document.documentElement).scrollBehavior]"
    )
    browser.open(story(pages, "rotation"))
    assert browser.run(told) == ["0.2s", "smooth"]
    browser.look(*WIDE, calm=True)
    assert browser.run(told) == ["0s", "auto"]


def test_both_sides_of_a_story_that_does_not_hold(browser: Browser, pages: Path) -> None:
    """What is told and what was seen, beside each other, with a sign and not by colour alone."""
    browser.open(story(pages, "bad"))
    assert browser.text(".failing h2") == "What does not hold at fakes"
    told, seen = browser.texts(".sides .differs td")
    assert told == "authkit 0.0.0"
    assert seen.startswith("authkit 0.1")
    sign = "return getComputedStyle(document.querySelector(arguments[0]), '::before').content"
    assert [browser.run(sign, f".sides .{side}") for side in ("told", "seen")] == [
        *('"- "', '"+ "')
    ]


def test_a_story_that_was_not_replayed_says_so(browser: Browser, pages: Path) -> None:
    """Its page has no player; it has what the story shows, and the file."""
    browser.open(story(pages, "setting-misspelt"))
    assert browser.text("main > .lead").startswith("It is not replayed at these levels")
    assert browser.count("#player") == 0
    assert browser.count(".file .line") > 5


def test_without_scripts_all_is_there(browser: Browser, pages: Path) -> None:
    """The whole index, and the whole terminal and diagram, without controls that do nothing."""
    with browser.without_scripts():
        browser.open(pages / "index.html")
        assert browser.count("li.story") == len(NAMES) + 1
        assert browser.count("#filter") == 0
        browser.open(story(pages, "rotation"))
        assert "Enter MFA Token: 123456" in browser.text("#terminal")
        assert browser.count(".controls") == 0
        assert browser.count(".row.ahead") == 0


def test_a_page_is_three_requests_and_has_no_errors(browser: Browser, pages: Path) -> None:
    """Its own, the style sheet's and the script's; the browser complains about nothing."""
    browser.complaints()
    for page in ("/index.html", "/stories/rotation.html", "/stories/lock-held.html"):
        with chromium.served(pages) as (address, asked):
            browser.visit(address + page)
            assert sorted(asked) == sorted([page, "/script.js", "/style.css"])
    assert browser.complaints() == []
