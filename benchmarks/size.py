"""Measures how much the simulator's wheel installs into an empty environment.

    python -m benchmarks.size [--write]

Builds the wheel, installs it from a package index into a new virtual environment, counts the
distributions and adds up the files, pip's included.  With --write the figures go into
docs/simulator.md with the day.  The exit status is 1 when a bound is missed.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import venv
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "fakes" / "sts-simulator"
PAGE = ROOT / "docs" / "simulator.md"
ROW = re.compile(r"^\| on (\d{4}-\d\d-\d\d) \| (\d+) \| (\d+) \|$", re.MULTILINE)
_COUNT = "import importlib.metadata as m; print(len({d.name for d in m.distributions()}))"


class Size(NamedTuple):
    """What is installed: distributions, and megabytes of files."""

    packages: int
    megabytes: int

    def row(self, day: date) -> str:
        """Return the row of docs/simulator.md."""
        return f"| on {day} | {self.packages} | {self.megabytes} |"


BOUNDS = Size(40, 160)


def main(arguments: list[str]) -> int:
    """Measure, print and perhaps write the figures; return 1 when a bound is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.size", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write them into docs/simulator.md")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="sts-simulator-") as folder:
        size = measured(installed(Path(folder)))
    row = size.row(datetime.now(UTC).date())
    sys.stdout.write(f"{row}\n")
    if options.write:
        PAGE.write_text(ROW.sub(row, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0 if fits(size) else 1


def fits(size: Size) -> bool:
    """Return whether both bounds hold."""
    return size.packages <= BOUNDS.packages and size.megabytes <= BOUNDS.megabytes


def installed(folder: Path) -> Path:
    """Build the wheel in a folder and install it into a new environment there; return that."""
    made = folder / "venv"
    venv.create(made, with_pip=True)
    pip = [str(made / "bin" / "python"), "-m", "pip"]
    _run([*pip, "wheel", "-q", "--no-deps", "-w", str(folder), str(SOURCE)])
    _run([*pip, "install", "-q", *map(str, folder.glob("*.whl"))])
    return made


def measured(environment: Path) -> Size:
    """Return how much an environment holds."""
    counted = subprocess.run(  # noqa: S603 - our own
        [environment / "bin" / "python", "-I", "-c", _COUNT],
        capture_output=True,
        text=True,
        check=True,
        start_new_session=True,
    )
    files = (path for path in environment.rglob("*") if path.is_file() and not path.is_symlink())
    return Size(int(counted.stdout), sum(path.stat().st_size for path in files) // 10**6)


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True)  # noqa: S603 - our own


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
