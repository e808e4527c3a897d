"""The site of the docs, as `python -m docs.site` builds it: links, sources, pages in a browser."""

from __future__ import annotations

import re
import tomllib
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import pytest

from authkit import manual
from docs.site import __main__ as program
from docs.site import sources
from tests.support import browser as chromium

ROOT = Path(__file__).parents[2]
# What a browser loads for a page, as elements and their attributes.
LOADED = {
    *(("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("video", "src")),
    *(("audio", "src"), ("embed", "src"), ("object", "data"), ("img", "srcset"), ("use", "href")),
}
LOADING_LINKS = {"stylesheet", "icon", "preload", "prefetch", "modulepreload", "preconnect"}
IN_STYLES = re.compile(r"""(?:url\(\s*|@import\s+)["']?\s*((?:https?:)?//[^"')\s]+)""")
WIDTHS = (1280, 400)
FOREIGN = """
return performance.getEntriesByType("resource").map((e) => e.name)
  .filter((name) => !name.startsWith(location.origin) && !name.startsWith("data:"));
"""


class Page(HTMLParser):
    """What a page links to, what it loads, and the anchors that it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the attributes of one element."""
        values = {name: value or "" for name, value in attrs}
        self.anchors |= {values[name] for name in ("id", "name") if name in values}
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag == "link" and LOADING_LINKS & {*values.get("rel", "").split()}:
            self.loaded.append(values["href"])
        self.loaded += [values[name] for of, name in LOADED if of == tag and name in values]
        self.loaded += IN_STYLES.findall(values.get("style", ""))


class Site(NamedTuple):
    """A built site: its folder, and its pages by their path."""

    folder: Path
    pages: dict[Path, Page]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site, built once for these tests."""
    if not find_spec("zensical"):
        pytest.skip("Zensical is not installed: pip install -e '.[site]'")
    folder = tmp_path_factory.mktemp("built") / "site"
    assert program.main([str(folder)]) == 0
    return Site(folder, {p: Page(p.read_text("utf-8")) for p in folder.rglob("*.html")})


def broken(site: Site, path: Path, link: str) -> bool:
    """Return whether a link of a page leads to no file of the site, or to no anchor of one."""
    parts = urlsplit(link)
    target = Path(path.parent, unquote(parts.path)).resolve() if parts.path else path
    if target.is_dir():
        target /= "index.html"
    if not target.is_file() or not target.is_relative_to(site.folder):
        return True
    anchor = unquote(parts.fragment)
    return bool(anchor) and target in site.pages and anchor not in site.pages[target].anchors


def test_every_link_leads_somewhere(site: Site) -> None:
    """Every link within the site leads to a page of it, and its anchor is there."""
    found = {
        f"{path.relative_to(site.folder)}: {link}"
        for path, page in site.pages.items()
        for link in (*page.links, *page.loaded)
        if not urlsplit(link).scheme and path.name != "404.html"
        if broken(site, path, link)
    }
    assert sorted(found) == []


def test_a_wrong_link_is_found(site: Site) -> None:
    """The check above tells a page and an anchor that are there from others."""
    start = site.folder / "index.html"
    good = (
        "simulator.html",
        "simulator.html#faults",
        "scenarios/index.html?rule=throttled",
        "#authkit",
    )
    wrong = ("simulators.html", "simulator.html#fault", "../index.html", "#nowhere", "assets/")
    assert not any(broken(site, start, link) for link in good)
    assert all(broken(site, start, link) for link in wrong)


def test_links_into_the_repository_lead_somewhere(site: Site) -> None:
    """A link to the repository's address is to a file or folder that the checkout has."""
    places = re.compile(rf"{re.escape(manual.DOCS)}/(?:blob|tree)/main/([^#?]*)")
    linked = [
        found
        for page in site.pages.values()
        for link in page.links
        if (found := places.match(link))
    ]
    assert len(linked) > 100
    assert sorted({each[1] for each in linked if not (ROOT / each[1]).exists()}) == []


def test_nothing_is_loaded_from_the_network(site: Site) -> None:
    """No page and no style sheet loads anything from another address."""
    loaded = {link for page in site.pages.values() for link in page.loaded}
    for sheet in site.folder.rglob("*.css"):
        loaded |= {*IN_STYLES.findall(sheet.read_text("utf-8"))}
    assert sorted(link for link in loaded if urlsplit(link).netloc) == []


def test_every_page_can_be_reached(site: Site) -> None:
    """Links lead from the start page to every page of the site."""
    reached, waiting = set[Path](), [site.folder / "index.html"]
    while waiting:
        if (path := waiting.pop()) in reached or path not in site.pages:
            continue
        reached.add(path)
        links = (urlsplit(link) for link in site.pages[path].links)
        waiting += [Path(path.parent, unquote(u.path)).resolve() for u in links if not u.netloc]
    assert {p.name for p in site.pages.keys() - reached} <= {"404.html"}


def test_every_public_name_is_described(site: Site) -> None:
    """The pages about the Python interface have an anchor for what tests of others use."""
    anchors = set[str]().union(*(p.anchors for p in site.pages.values()))
    wanted = ("advance", "fault", "rotate", "code", "calls", "environ", "reset")
    assert {f"sts_simulator.client.Simulator.{name}" for name in wanted} <= anchors
    assert {"authkit.core.ports.Sts", "fakes.world.scene"} <= anchors


@pytest.mark.skipif(bool(chromium.MISSING), reason=chromium.MISSING)
def test_the_start_page_plays_a_story(site: Site) -> None:
    """In a browser the start page plays the rotation story to its end, and loads only its own."""
    with chromium.opened() as window, chromium.served(site.folder) as (address, _):
        window.look(1280, 900)
        window.visit(f"{address}/index.html")
        framed = "const inside = document.querySelector('iframe.player').contentDocument;"
        window.until(f"{framed} return inside.querySelector('#play').textContent === 'Pause'")
        window.run(f"{framed} inside.querySelector('#position').value = 999;")
        window.run(f"{framed} inside.querySelector('#position').dispatchEvent(new Event('input'));")
        shown = window.run(f"{framed} return inside.querySelector('#terminal').innerText")
        assert "was rotated or revoked" in shown
        assert "Authentication successful" in shown
        assert (
            window.run(f"{framed} return inside.querySelector('#diagram').checkVisibility()")
            is False
        )
        assert window.run(FOREIGN) == []
        assert window.complaints() == []


@pytest.mark.skipif(bool(chromium.MISSING), reason=chromium.MISSING)
def test_pages_fit_their_window(site: Site) -> None:
    """Pages have a light and a dark form, and none is wider than its window."""
    pages = ("index", "guide", "messages", "behaviour", "python/simulator", "contributing")
    with chromium.opened() as window, chromium.served(site.folder) as (address, _):
        for page in pages:
            colours = set()
            for width in WIDTHS:
                for dark in (False, True):
                    window.look(width, 900, dark=dark, calm=True)
                    window.visit(f"{address}/{page}.html")
                    wide = window.run("return document.documentElement.scrollWidth - innerWidth")
                    assert wide <= 0, (page, width)
                    body = "return getComputedStyle(document.body).backgroundColor"
                    colours.add(window.run(body))
            assert len(colours) == 2, page
            assert window.run(FOREIGN) == []


def test_every_page_has_its_place(tmp_path: Path) -> None:
    """Each page is in the order of the pages, once, and nothing else is."""
    sources.write(tmp_path)
    settings = tomllib.loads((tmp_path / "zensical.toml").read_text("utf-8"))
    listed = re.findall(r"'([^']+\.md)'", str(settings["project"]["nav"]))
    written = {p.relative_to(tmp_path / "docs").as_posix() for p in tmp_path.rglob("*.md")}
    assert sorted(listed) == sorted(written)


MOVED = {
    ROOT / "README.md": PurePosixPath("guide.md"),
    ROOT / "docs" / "simulator.md": PurePosixPath("simulator.md"),
    ROOT / "docs" / "decisions" / "own-locks.md": PurePosixPath("decisions/own-locks.md"),
}


@pytest.mark.parametrize(
    ("link", "led"),
    [
        ("[a](../simulator.md#faults)", "[a](../simulator.md#faults)"),
        ("[a](../../README.md)", "[a](../guide.md)"),
        ("[a](../decisions/)", "[a](index.md)"),
        (
            "[a](../../scenarios/mfa/wrong-device.toml)",
            "[a](../scenarios/stories/wrong-device.html)",
        ),
        ("[a](../../scenarios/)", "[a](../scenarios/index.html)"),
        ('<img src="../assets/a.png" alt="">', '<img src="../assets/a.png" alt="">'),
        ("[a](../../authkit/cli.py)", f"[a]({manual.DOCS}/blob/main/authkit/cli.py)"),
        ("[a](../../authkit/core)", f"[a]({manual.DOCS}/tree/main/authkit/core)"),
        ("[a](https://example.com/x)", "[a](https://example.com/x)"),
        ("[a](#here)", "[a](#here)"),
        ("```\n[a](../../README.md)\n```", "```\n[a](../../README.md)\n```"),
    ],
)
def test_links_of_the_repository_are_links_of_the_site(link: str, led: str) -> None:
    """A link to a file leads to the page it has become, to its story, or to the repository."""
    path = ROOT / "docs" / "decisions" / "own-locks.md"
    assert sources.rewritten(link, path, MOVED[path], MOVED) == led


def test_a_folder_of_others_is_not_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that was not built here is left as it is, and the command says so."""
    (tmp_path / "mine.txt").touch()
    assert program.main([str(tmp_path)]) == 2
    assert "name another folder" in capsys.readouterr().err
    assert (tmp_path / "mine.txt").exists()
