"""The oldest versions that are allowed are those that the environment `oldest` runs.

``tests/oldest.txt`` is its constraints file.  Every bound of both distributions is in
it, but for the tools that no test imports.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "pyproject.toml", ROOT / "fakes" / "sts-simulator" / "pyproject.toml")
TOOLS = {"mypy", "ruff", "tox"}  # `tox run -e lint` and `types` take the newest
SAME = {"botocore": "boto3"}  # released together


def bounds(page: Path) -> dict[str, str]:
    """Return the least version of each requirement of a distribution, by its name."""
    project = tomllib.loads(page.read_text(encoding="utf-8"))["project"]
    extras = project.get("optional-dependencies", {}).values()
    requirements = [*project["dependencies"], *(r for extra in extras for r in extra)]
    found = (re.match(r"([\w.-]+)(?:\[.*\])?>=([\w.]+)", each) for each in requirements)
    return {match[1].lower(): match[2] for match in found if match}


def pinned() -> dict[str, str]:
    """Return the version of each distribution in the constraints file."""
    lines = (ROOT / "tests" / "oldest.txt").read_text(encoding="utf-8").splitlines()
    pins = (line.split("#")[0].strip().split("==") for line in lines)
    return {pin[0]: pin[1] for pin in pins if len(pin) == 2}


def release(version: str) -> tuple[int, ...]:
    """Return a version to compare: 1.35 is 1.35.0."""
    numbers = [int(part) for part in version.split(".")]
    return (*numbers, *[0] * (3 - len(numbers)))


def test_every_bound_is_run() -> None:
    """What pyproject.toml allows at the least is what the environment installs."""
    wanted = {name: version for page in PAGES for name, version in bounds(page).items()}
    wanted |= {name: wanted[other] for name, other in SAME.items()}
    expected = {n: release(v) for n, v in wanted.items() if n not in TOOLS}
    assert {name: release(version) for name, version in pinned().items()} == expected


def test_the_two_distributions_agree() -> None:
    """A requirement of both has one bound: else the lower one is never run."""
    first, second = map(bounds, PAGES)
    assert {name: first[name] for name in first.keys() & second.keys()} == {
        name: second[name] for name in first.keys() & second.keys()
    }
