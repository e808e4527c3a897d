"""Only one module names AWS's error codes, and only tables differ between kinds of identity."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from authkit.core.failures import BROKEN_ANSWER, CANNOT_ASK, NO_ANSWER
from authkit.core.kinds import KINDS
from authkit.core.rules import RULES
from tests.project.test_imports import modules

if TYPE_CHECKING:
    from collections.abc import Iterator

AUTHKIT = [name for name in modules() if name.partition(".")[0] == "authkit"]
CODES = {code for rule in RULES for code in rule.codes} - {NO_ANSWER, BROKEN_ANSWER, CANNOT_ASK}
# What boto3 itself rejects before it sends anything has no error code of AWS's.
BY_BOTO3 = {"authkit.adapters.sts": {"ValidationError"}}


def texts(tree: ast.Module) -> Iterator[str]:
    """Yield every string constant of a module, without docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and node not in docstrings
            and isinstance(node.value, str)
        ):
            yield node.value


@pytest.mark.parametrize("name", [name for name in AUTHKIT if name != "authkit.core.rules"])
def test_error_codes_stand_in_the_table(name: str) -> None:
    """No module but the table of rules names an AWS error code."""
    assert set(texts(modules()[name])) & CODES <= BY_BOTO3.get(name, set())


def compared_kinds(tree: ast.Module) -> list[str]:
    """Return the comparisons with one kind."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
            if any(name.startswith("AWS_") for name in names):
                found.append(ast.unparse(node))
    return found


@pytest.mark.parametrize("name", [name for name in AUTHKIT if name != "authkit.core.kinds"])
def test_kinds_differ_in_tables(name: str) -> None:
    """No module compares a kind with a constant; differences are rows in ``login.flows``."""
    tree = modules()[name]
    assert set(texts(tree)) & KINDS.keys() == set()
    assert compared_kinds(tree) == []


def test_the_search_finds_what_it_is_for() -> None:
    """The searches find an error code, a kind's name and a comparison with a kind."""
    tree = ast.parse('"""aws/user"""\nif kind is AWS_USER or code == "Throttling": x = "aws/user"')
    assert {*texts(tree)} == {"Throttling", "aws/user"}
    assert compared_kinds(tree) == ["kind is AWS_USER"]
