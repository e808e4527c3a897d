"""The files of the repository that become pages of the site, and the links between them.

A link of a page leads to a file of the repository, so that it works where the repository
is read.  In the site it leads to the page that the file has become; a story's file to the
page on which it is played; any other file to the repository's own address.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path, PurePosixPath

from authkit import manual

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
PACKAGES = (ROOT, ROOT / "fakes" / "sts-simulator")
STORIES = PurePosixPath("scenarios")  # the folder of the pages about stories

# Pages that stand elsewhere in the repository than in the site.  Those of docs/ and of
# docs/site/pages/ keep their names.
_MOVED = {
    "README.md": "guide.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "fakes/sts-simulator/README.md": "sts-simulator.md",
}
# Folders that pages link to.
_FOLDERS = {"docs/decisions": "decisions/index.md", "scenarios": "scenarios/index.html"}
_LINK = re.compile(
    r"(?P<before>\]\(|<img src=\")(?P<path>[^)#\"\s:]+)(?P<place>#[^)\"\s]*)?(?=[)\"])"
)
_FENCED = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)


def pages() -> dict[PurePosixPath, Path]:
    """Return the pages of the site, by their path in it, and the files they are made of."""
    found = {PurePosixPath(page): ROOT / name for name, page in _MOVED.items()}
    for folder in (ROOT / "docs", HERE / "pages"):
        for path in sorted(folder.rglob("*.md")):
            if folder == HERE / "pages" or HERE not in path.parents:
                found[PurePosixPath(path.relative_to(folder).as_posix())] = path
    return found


def write(folder: Path) -> None:
    """Write the settings and all pages into a folder, as Zensical reads them."""
    found = pages()
    moved = {path: page for page, path in found.items()}
    for page, path in found.items():
        written = folder / "docs" / page
        written.parent.mkdir(parents=True, exist_ok=True)
        written.write_text(rewritten(path.read_text("utf-8"), path, page, moved), "utf-8")
    (folder / "docs" / "decisions" / "index.md").write_text(_decisions(found), "utf-8")
    shutil.copytree(ROOT / "docs" / "assets", folder / "docs" / "assets")
    shutil.copy(HERE / "site.css", folder / "docs")
    settings = (HERE / "zensical.toml").read_text("utf-8")
    decisions = ["decisions/index.md", *map(str, filter(_is_decision, found))]
    settings = settings.replace("DECISIONS", json.dumps(decisions))
    settings = settings.replace("PACKAGES", json.dumps([str(path) for path in PACKAGES]))
    (folder / "zensical.toml").write_text(settings, "utf-8")


def rewritten(text: str, path: Path, page: PurePosixPath, moved: dict[Path, PurePosixPath]) -> str:
    """Return the text of a page with links that lead somewhere in the site.

    `path` is the page's file, `page` its path in the site, and `moved` the pages by file.
    """

    def link(found: re.Match[str]) -> str:
        target = Path(os.path.normpath(path.parent / found["path"]))
        led = _target(target, moved)
        if isinstance(led, PurePosixPath):
            led = os.path.relpath(led, page.parent)
        return f"{found['before']}{led}{found['place'] or ''}"

    parts = _FENCED.split(text)
    return "".join(part if part.startswith("```") else _LINK.sub(link, part) for part in parts)


def _target(path: Path, moved: dict[Path, PurePosixPath]) -> PurePosixPath | str:
    """Return where a link to a file leads: a path in the site, or an address."""
    if page := moved.get(path):
        return page
    name = path.relative_to(ROOT).as_posix()
    if name in _FOLDERS:
        return PurePosixPath(_FOLDERS[name])
    if path.suffix == ".toml" and path.is_relative_to(ROOT / "scenarios"):
        return STORIES / "stories" / f"{path.stem}.html"
    if path.is_relative_to(ROOT / "docs" / "assets"):
        return PurePosixPath(path.relative_to(ROOT / "docs").as_posix())
    return f"{manual.DOCS}/{'tree' if path.is_dir() else 'blob'}/main/{name}"


def _is_decision(page: PurePosixPath) -> bool:
    return page.parent.name == "decisions"


def _decisions(found: dict[PurePosixPath, Path]) -> str:
    """Return the page that lists the decisions by their titles."""
    titles = {
        page.name: path.read_text("utf-8").splitlines()[0].removeprefix("# ")
        for page, path in found.items()
        if _is_decision(page)
    }
    lead = "Choices that a maintainer may question, and why they were made."
    return "\n".join(
        ("# Decisions", "", lead, "", *(f"- [{title}]({name})" for name, title in titles.items()))
    )
