"""Has a revision play stories: its files in a folder, its code in a process of its own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scenarios.replay.revisions import player

if TYPE_CHECKING:
    from collections.abc import Iterable

CHECKOUT = Path(__file__).parents[3]
_LONGEST = 600  # seconds that a revision may take to play all stories


class CannotPlay(Exception):
    """Raised when a revision does not exist, or cannot play stories; the text says why."""


def commit(revision: str, checkout: Path = CHECKOUT) -> str:
    """Return the short id of a revision's commit.  Raises CannotPlay."""
    wanted = f"{revision}^{{commit}}"
    return _git(checkout, "rev-parse", "--verify", "--short", wanted).decode().strip()


def extract(revision: str, folder: Path, checkout: Path = CHECKOUT) -> None:
    """Write the files of a commit into a folder.  Raises CannotPlay."""
    archive = _git(checkout, "archive", "--format=tar", revision)
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")


def played(tree: Path, texts: Iterable[tuple[Path, str]]) -> list[dict[str, Any]]:
    """Return what `player` tells of each text, played by the code of a tree.  Raises CannotPlay.

    A text comes with the path that its messages name.
    """
    stories = [{"path": str(path), "text": text} for path, text in texts]
    path = os.pathsep.join(map(str, (tree, tree / "fakes" / "sts-simulator")))
    environ = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(  # noqa: S603 - this file's neighbour
            [sys.executable, "-P", player.__file__],
            cwd=tree,
            env=environ,
            input=json.dumps(stories),
            capture_output=True,
            check=False,
            encoding="utf-8",
            timeout=_LONGEST,
        )
    except subprocess.TimeoutExpired as late:
        output = late.stdout.decode() if isinstance(late.stdout, bytes) else late.stdout or ""
        name = stories[output.count("\n")]["path"]
        raise CannotPlay(f"{name} does not end within {_LONGEST} s in {tree}") from None
    if done.returncode:
        last = (done.stderr.strip() or f"exit status {done.returncode}").splitlines()[-1]
        raise CannotPlay(f"it does not play stories as this revision does ({last})")
    return [json.loads(line) for line in done.stdout.splitlines()]


def _git(checkout: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - git alone, on this checkout
            ["git", "-C", str(checkout), *arguments],  # noqa: S607 - wherever it is installed
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise CannotPlay("git is not installed") from None
    if b"Needed a single revision" in done.stderr:
        raise CannotPlay("git knows no such revision")
    if done.returncode:
        raise CannotPlay(done.stderr.decode(errors="replace").strip())
    return done.stdout
