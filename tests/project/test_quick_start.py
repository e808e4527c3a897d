"""What the first command of the README's quick start installs: enough to replay, and no more."""

from __future__ import annotations

import ast
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.sts_simulator.test_wheel import canonical, closure

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "pyproject.toml", ROOT / "fakes" / "sts-simulator" / "pyproject.toml")
REPLAYING = ("authkit", "fakes", "scenarios")
NOT_NEEDED = {"awscli", "cfn-lint", "hypothesis", "mypy", "networkx", "ruff", "sympy", "tox"}
OUR_OWN = {"authkit", "fakes", "scenarios", "sts_simulator", "tests"}
# pytest collects stories too, secretstorage brings jeepney, and SAML has an extra of its own: none
# is needed to replay.
MAY_BE_MISSING = {"pytest", "cryptography", "jeepney", "keyrings", "lxml", "signxml"}


def installed() -> set[str]:
    """Return the names of the distributions that the command installs."""
    ours, simulator = (tomllib.loads(page.read_text())["project"] for page in PAGES)
    replay = ours["optional-dependencies"]["replay"]
    return closure([*ours["dependencies"], *simulator["dependencies"], *replay])


def test_it_is_the_extra_replay() -> None:
    """The first command installs it, and none of the tools that only developers use."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    first = readme.partition("## Quick start")[2].partition("```sh\n")[2].splitlines()[0]
    assert "'.[replay]' -e fakes/sts-simulator" in first
    assert installed() & NOT_NEEDED == set()
    assert len(installed()) <= 54  # half of what it was


def test_it_is_enough() -> None:
    """Every library that authkit, the fakes and the stories import comes with it."""
    providers = packages_distributions()
    used = {
        name
        for folder in REPLAYING
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in imported(node)
    } - OUR_OWN
    lacking = {
        name
        for name in used
        if name in providers and not {canonical(p) for p in providers[name]} & installed()
    }
    assert lacking <= MAY_BE_MISSING


def imported(node: ast.AST) -> set[str]:
    """Return the packages that a statement imports."""
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return {node.module.partition(".")[0]}
    return set()
