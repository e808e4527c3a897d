"""What `authkit import --all --remove` makes of shapes of AWS's files, on a real disk.

``python -m tests.terminal.import_shapes`` prints the table of docs/moving-in.md, and writes it
there with ``--write``.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.authkit.importing.shapes import SHAPES
from tests.support.simulator import WORLD, Home, Simulator

if TYPE_CHECKING:
    from tests.authkit.importing.shapes import Shape

PAGE = Path(__file__).parents[2] / "docs" / "moving-in.md"
HEAD = """\
| shape | seen in | imported | not imported, and why | lines taken out |
|---|---|---|---|---|
"""
FILES = ("config", "credentials")


class Outcome(NamedTuple):
    """What came of a shape: what is imported, what is not, and the files before and after."""

    imported: list[str]
    not_imported: str
    before: dict[str, bytes]
    after: dict[str, bytes]
    said: str
    status: int


def tried(shape: Shape, home: Home) -> Outcome:
    """Import a shape in an empty home, in which the simulator is STS."""
    shape.write(home.path)
    before = contents(home)
    done = home.authkit("import", "--all", "--remove")
    config = home.path / "config" / "authkit" / "config.toml"
    tables = tomllib.loads(config.read_text("utf-8"))["identities"] if config.exists() else {}
    said = done.stderr.replace(f"{home.path}/", "~/")
    left = said.partition("Not imported:\n\n")[2].partition("\n\n")[0]
    return Outcome([*tables], left, before, contents(home), said, done.returncode)


def contents(home: Home) -> dict[str, bytes]:
    """Return the bytes of AWS's files."""
    paths = {name: home.path / ".aws" / name for name in FILES}
    return {name: path.read_bytes() for name, path in paths.items() if path.exists()}


def lines_gone(outcome: Outcome) -> list[int]:
    """Return the lines that are not in the credentials file any more, from 1.

    Raises ValueError where any other line has changed.
    """
    old = outcome.before.get("credentials", b"").splitlines(keepends=True)
    new = outcome.after.get("credentials", b"").splitlines(keepends=True)
    gone: list[int] = []
    for number, line in enumerate(old, 1):
        if new[:1] == [line]:
            del new[0]
        else:
            gone.append(number)
    if new:
        raise ValueError(new)
    return gone


def row(shape: Shape, outcome: Outcome) -> str:
    """Return the row of the table."""
    cells = [
        shape.name,
        shape.seen,
        ", ".join(f"`{name}`" for name in outcome.imported),
        "; ".join(map(_reason, _entries(outcome.not_imported))),
        ", ".join(map(str, lines_gone(outcome))),
    ]
    return f"| {' | '.join(cell or '-' for cell in cells)} |"


def _entries(told: str) -> list[str]:
    """Return what is told of each profile as one line; the lines below a name are indented."""
    return re.sub(r"\n {4}", "  ", told).splitlines()


def _reason(line: str) -> str:
    """Return a line of what is not imported: a name, two blanks or more, and the reason."""
    name, _, reason = line.strip().partition("  ")
    return f"`{name}`: {' '.join(reason.split())}"


def main(arguments: list[str]) -> None:
    """Print the table, or write it into the page."""
    name = "python -m tests.terminal.import_shapes"
    parser = argparse.ArgumentParser(prog=name, description=__doc__)
    parser.add_argument("--write", action="store_true", help="write it into docs/moving-in.md")
    options = parser.parse_args(arguments)
    with Simulator() as simulator:
        simulator.control("world", WORLD)
        rows = []
        for shape in SHAPES:
            with tempfile.TemporaryDirectory() as folder:
                rows.append(row(shape, tried(shape, Home(Path(folder), simulator.endpoint))))
    table = HEAD + "\n".join(rows) + "\n"
    if not options.write:
        print(table)  # noqa: T201 - it is a command
        return
    above, _, below = PAGE.read_text("utf-8").partition(HEAD)
    PAGE.write_text(above + table + below[f"\n{below}".index("\n\n") :], "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
