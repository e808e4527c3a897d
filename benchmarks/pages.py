"""How long a browser takes to open the pages about stories."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.timing import Figure, spread
from scenarios.replay.presentation import site
from scenarios.replay.runner.replay import play
from scenarios.replay.story import reading
from tests.support import browser as chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.browser import Browser

STORIES = 120
LONGEST = 1.0  # seconds
# Until the page and its scripts are loaded and something is painted; 0 if that is not yet so.
_OPENED = """
const [page] = performance.getEntriesByType("navigation");
const painted = performance.getEntriesByName("first-contentful-paint")[0];
return painted && page.loadEventEnd && Math.max(page.loadEventEnd, painted.startTime) / 1000;
"""


def pages(rounds: int) -> Iterator[Figure]:
    """Measure the index of `STORIES` stories, and the largest page of a story."""
    if chromium.MISSING:
        sys.stderr.write(f"pages: {chromium.MISSING}\n")
        return
    with tempfile.TemporaryDirectory() as folder, chromium.opened() as browser:
        paths = reading.stories()[:STORIES]
        index = site.write([play(path, ["fakes"]) for path in paths], Path(folder))
        largest = max((Path(folder) / "stories").iterdir(), key=lambda path: path.stat().st_size)
        for page, title in (
            (index, f"opening the index of {len(paths)} stories"),
            (largest, "opening the largest page of a story"),
        ):
            seconds(browser, page)  # loads the browser's own code before the first round
            times = [seconds(browser, page) for _ in range(rounds)]
            told = f"{page.stat().st_size / 1000:.0f} kB, {rounds} rounds"
            yield Figure(told, *spread(times), unit="s").named("pages", title, LONGEST)


def seconds(browser: Browser, page: Path) -> float:
    """Open a page; return the seconds that it took, by the browser's own clock."""
    browser.visit("about:blank")
    browser.open(page)
    browser.until(_OPENED)
    return float(browser.run(_OPENED))
