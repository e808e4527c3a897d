"""Builds both distributions, and tries what was built: ``python -m tests.release [DIR]``.

The source archive is made from the checkout, and the wheel from the unpacked source
archive.  Twine checks both.  The wheel is installed into an empty virtual environment with
what it requires, and the installed command, package and metadata are asked their version.
What was built stays in DIR, by default ``dist``.  Exit 1 after the first thing that does
not hold.  Takes a minute, and needs the network for what pip installs.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tarfile
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zipfile import ZipFile

import authkit
import sts_simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
_ASK = (
    "import {package}, importlib.metadata as m; print({package}.__version__, m.version('{name}'))"
)


class Distribution(NamedTuple):
    """A distribution: its name, folder, package, the command it installs, and its version."""

    name: str
    folder: Path
    package: str
    command: str
    version: str


DISTRIBUTIONS = (
    Distribution("aws-authkit", ROOT, "authkit", "authkit", authkit.__version__),
    Distribution(
        "sts-simulator",
        ROOT / "fakes" / "sts-simulator",
        "sts_simulator",
        "sts-simulator",
        sts_simulator.__version__,
    ),
)


class Wrong(Exception):
    """Something does not hold of what was built."""


def main(arguments: list[str]) -> int:
    """Build and try both; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.release", description=__doc__)
    parser.add_argument("folder", nargs="?", default=ROOT / "dist", metavar="DIR")
    folder = Path(parser.parse_args(arguments).folder).absolute()
    try:
        changes_are_told(authkit.__version__, (ROOT / "CHANGELOG.md").read_text("utf-8"))
        with environment("twine>=6") as programs:
            for each in DISTRIBUTIONS:
                source, wheel = build(each, folder)
                run(str(programs / "twine"), "check", "--strict", str(source), str(wheel))
                holds_its_package_alone(wheel, each.package)
                holds_what_is_shared(wheel, each.folder / "share")
                says_its_version(wheel, each)
                print(f"{each.name} {each.version}: {source.name}, {wheel.name}", flush=True)
    except Wrong as wrong:
        print(wrong, file=sys.stderr)
        return 1
    return 0


def changes_are_told(version: str, changes: str) -> None:
    """Check that a version to be released has a part of CHANGELOG.md.  Raises Wrong."""
    if "dev" not in version and f"\n## {version}" not in changes:
        raise Wrong(f"CHANGELOG.md has no '## {version}'")


def build(each: Distribution, folder: Path) -> tuple[Path, Path]:
    """Build the source archive, and from it the wheel; return both.  Raises Wrong."""
    built = f"{each.name.replace('-', '_')}-*"
    for old in folder.glob(built):
        old.unlink()
    hatchling = (sys.executable, "-m", "hatchling", "build", "-d", str(folder), "-t")
    run(*hatchling, "sdist", cwd=each.folder)
    (source,) = folder.glob(f"{built}.tar.gz")
    with tempfile.TemporaryDirectory(prefix="release-") as name, tarfile.open(source) as archive:
        archive.extractall(name, filter="data")
        run(*hatchling, "wheel", cwd=next(Path(name).iterdir()))
    (wheel,) = folder.glob(f"{built}.whl")
    return source, wheel


def holds_its_package_alone(wheel: Path, package: str) -> None:
    """Check that a wheel holds nothing beside its package, metadata and what it shares.

    Raises Wrong.
    """
    tops = {name.split("/")[0] for name in ZipFile(wheel).namelist()}
    ours = (".dist-info", ".data")
    if strange := {top for top in tops if top != package and not top.endswith(ours)}:
        raise Wrong(f"{wheel.name} holds more than {package}: {', '.join(sorted(strange))}")


def holds_what_is_shared(wheel: Path, share: Path) -> None:
    """Check that a wheel installs each file of a folder ``share/``, and no others, there."""
    files = (path for path in share.rglob("*") if path.is_file())
    wanted = {path.relative_to(share.parent).as_posix() for path in files}
    found = {name.partition(".data/data/")[2] for name in ZipFile(wheel).namelist()} - {""}
    if found != wanted:
        raise Wrong(f"{wheel.name} shares {', '.join(sorted(found)) or 'nothing'}")


def says_its_version(wheel: Path, each: Distribution) -> None:
    """Install a wheel into an empty environment, and ask it its version.  Raises Wrong."""
    asked = _ASK.format(package=each.package, name=each.name)
    with environment(str(wheel)) as programs:
        said = [
            run(str(programs / each.command), "--version", cwd=programs).split()[-1],
            *run(str(programs / "python"), "-I", "-c", asked, cwd=programs).split(),
        ]
    if {*said} != {each.version}:
        raise Wrong(f"{wheel.name} says {', '.join(said)} and not {each.version}")


@contextmanager
def environment(wanted: str) -> Iterator[Path]:
    """Make an empty environment with one distribution; yield the folder of its programs.

    Twine has one too: what it requires does not go together with the AWS CLI.  Raises Wrong.
    """
    with tempfile.TemporaryDirectory(prefix="release-") as name:
        run(sys.executable, "-m", "venv", name)
        programs = Path(name, "Scripts" if sys.platform == "win32" else "bin")
        run(str(programs / "python"), "-m", "pip", "install", "-q", wanted, cwd=programs)
        yield programs


def run(*command: str, cwd: Path = ROOT) -> str:
    """Run a program; return what it prints.  Raises Wrong when it fails."""
    done = subprocess.run(  # noqa: S603 - our own commands
        command, cwd=cwd, capture_output=True, text=True, check=False, start_new_session=True
    )
    if done.returncode:
        raise Wrong(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
