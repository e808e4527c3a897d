"""Takes the pictures in docs/stories.md: ``python -m tests.browser.screenshots``.

The index and a story's page, at 1280 and 400 pixels; the story stands 37 hours after the
login, at the command that shows the end of the session.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from scenarios.replay.presentation import site
from scenarios.replay.runner.replay import play
from scenarios.replay.story import reading
from tests.support import browser as chromium

ASSETS = Path(__file__).parents[2] / "docs" / "assets"
SIZES = ((1280, 900), (400, 860))
STEP = "authkit whoami dev-admin"
# Goes to the step's command, and shows the part of the page that plays.
GO = """
const happenings = [...document.querySelectorAll("#happenings li:not([hidden])")];
const position = document.getElementById("position");
position.value = happenings.findIndex((each) => each.textContent.includes(arguments[0])) + 2;
position.dispatchEvent(new Event("input"));
document.querySelector(arguments[1])?.scrollIntoView();
"""


def main() -> None:
    """Write the pictures."""
    argparse.ArgumentParser(
        prog="python -m tests.browser.screenshots", description=__doc__
    ).parse_args()
    with tempfile.TemporaryDirectory() as folder, chromium.opened() as browser:
        stories = [play(path, ["fakes", "boto3"]) for path in reading.stories()]
        index = site.write(stories, Path(folder))
        for width, height in SIZES:
            browser.look(width, height, calm=True)
            browser.open(index)
            browser.picture(ASSETS / f"stories-{width}.png")
            browser.look(width, height, dark=True, calm=True)
            browser.open(index.parent / "stories" / "rotation.html")
            browser.run(GO, STEP, "#player" if width < 1000 else "none")
            browser.picture(ASSETS / f"story-{width}.png")


if __name__ == "__main__":
    main()
