"""The contracts play every operation of STS, and every refusal that each can answer.

What exists is read off the code: the rows of errors that stand in the modules of
``sts_simulator.account``, and for each operation the rows that its function can reach.
What is exercised is recorded while each contract plays its stories in process.

Whoever adds an operation, or a row, sees it named here until a story has it.  A module of
this folder with stories has a function ``play_in_process``.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

import pytest

import sts_simulator.account
from sts_simulator.account import errors, operations
from sts_simulator.account.account import Account
from sts_simulator.account.errors import AwsError
from sts_simulator.account.operations import MODELLED
from sts_simulator.account.refusing_operations import REFUSING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sts_simulator.account.calls import Outcome, Request

_PACKAGE = "sts_simulator.account"
_WORKS = "it succeeds"
_ANY = "any operation"
_FIELD = re.compile(r"\{\w+\}")

_UNSIGNED = ("AssumeRoleWithSAML", "AssumeRoleWithWebIdentity")

Refusal = tuple[str, str]  # an operation, and a row or `_WORKS`

# What no story can show, by its reason.  What is exercised after all must leave this list.
UNREACHED: dict[str, set[Refusal]] = {
    "IAM's answer: tests/sts_simulator/account/test_trust_form.py": {
        (_ANY, f"errors.{name}")
        for name in (
            *(
                "TRUST_ACTIONS",
                "TRUST_FEDERATED",
                "TRUST_NO_JSON",
                "TRUST_NO_PRINCIPAL",
                "TRUST_PRINCIPAL",
            ),
            *("TRUST_PROHIBITED", "TRUST_SHARED", "TRUST_TOO_LARGE"),
        )
    },
    "IAM's answer: tests/sts_simulator/server/": {
        (_ANY, name)
        for name in (
            *("errors.NOT_A_USER", "errors.NO_SUCH_USER", "errors.WRONG_CODES"),
            "saml.errors.NO_METADATA",
        )
    },
    "botocore knows the operations: tests/sts_simulator/wire/test_query_api.py": {
        (_ANY, "errors.NO_OPERATION")
    },
    "the libraries are installed: tests/sts_simulator/account/test_assume_role_with_saml.py": {
        ("AssumeRoleWithSAML", "saml.errors.NOT_INSTALLED")
    },
    "it has no TransitiveTagKeys": {("GetFederationToken", "errors.NO_SUCH_TAG")},
    "its Policy may have 2,048 characters, which is checked before": {
        (operation, "errors.POLICY_TOO_LARGE") for operation in ("GetFederationToken", *_UNSIGNED)
    },
    "nobody signs it, so it is no chain and inherits no tags": {
        (operation, f"errors.{name}")
        for operation in _UNSIGNED
        for name in ("OVER_CHAINS_LIMIT", "TAG_IS_TRANSITIVE")
    },
    "no session may call it, so it inherits no tags": {
        ("GetFederationToken", "errors.TAG_IS_TRANSITIVE")
    },
}


@cache
def rows() -> dict[str, AwsError]:
    """Return the rows of errors by name: ``errors.HALF_MFA``."""
    found: dict[str, AwsError] = {}
    for module in _modules():
        for name, value in vars(module).items():
            if isinstance(value, AwsError) and not any(value is known for known in found.values()):
                found[f"{module.__name__.removeprefix(f'{_PACKAGE}.')}.{name}"] = value
    return found


def _modules() -> Iterator[ModuleType]:
    yield errors
    for module in walk_packages(sts_simulator.account.__path__, f"{_PACKAGE}."):
        yield import_module(module.name)


def functions() -> dict[str, FunctionType]:
    """Return the function of each operation, of whichever table of `operations` it stands in."""
    tables = [table for table in vars(operations).values() if isinstance(table, dict)]
    return {
        name: function
        for table in tables
        for name, function in table.items()
        if name in MODELLED and isinstance(function, FunctionType)
    }


def reached(function: FunctionType, seen: set[FunctionType]) -> set[str]:
    """Return the rows that a function names, and those that it calls, of the account's modules."""
    if function in seen:
        return set()
    seen.add(function)
    found: set[str] = set()
    for code in _codes(function.__code__):
        for value in _named(code, function.__globals__):
            if isinstance(value, AwsError):
                found |= {name for name, row in rows().items() if row is value}
            elif isinstance(value, FunctionType) and value.__module__.startswith(_PACKAGE):
                found |= reached(value, seen)
    return found


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _named(code: CodeType, known: dict[str, Any]) -> Iterator[object]:
    """Yield what a code's names are in its module, and in the modules that it names."""
    for name in code.co_names:
        value = known.get(name)
        yield value
        if isinstance(value, ModuleType) and value.__name__.startswith(_PACKAGE):
            yield from (vars(value).get(attribute) for attribute in code.co_names)


def existing() -> set[Refusal]:
    """Return every operation with what it can answer, and every row with any operation."""
    of_operations = {
        (operation, row)
        for operation, function in functions().items()
        for row in reached(function, set())
    }
    named = {row for _, row in of_operations}
    works = {(operation, _WORKS) for operation in functions() if operation not in REFUSING}
    others = {(_ANY, row) for row in rows() if row not in named}
    return of_operations | works | others


def row_of(error: AwsError) -> str | None:
    """Return the row that an answer was made from: of those that fit, the one with most words."""
    fitting = [
        (len(_FIELD.sub("", row.message or "")), name)
        for name, row in rows().items()
        if (row.code, row.status) == (error.code, error.status) and _fits(row, error.message)
    ]
    return max(fitting)[1] if fitting else None


def _fits(row: AwsError, message: str | None) -> bool:
    if row.message is None or message is None:
        return row.message == message
    pattern = "(?s:.*)".join(map(re.escape, _FIELD.split(row.message)))
    return re.fullmatch(pattern, message) is not None


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    """Return what accounts answer while every contract plays its stories."""
    found: list[Outcome] = []
    real = Account.call

    def call(account: Account, request: Request) -> Outcome:
        found.append(real(account, request))
        return found[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Account, "call", call)
        for play in plays():
            play()
    return found


def plays() -> list[Callable[[], None]]:
    """Return the function of each contract that plays its stories."""
    contracts = sorted(Path(__file__).parent.glob("test_*_contract.py"))
    return [import_module(f"{__package__}.{path.stem}").play_in_process for path in contracts]


@pytest.fixture(scope="module")
def exercised(outcomes: list[Outcome]) -> set[Refusal]:
    """Return what the stories exercise, as `existing`."""
    found: set[Refusal] = set()
    for outcome in outcomes:
        answer = outcome.answer
        row = row_of(answer) if isinstance(answer, AwsError) else answer and _WORKS
        if row:
            found |= {(outcome.operation, row), (_ANY, row)}
    return found


def test_every_refusal_of_every_operation_is_played(exercised: set[Refusal]) -> None:
    """What exists is exercised, or stands in `UNREACHED` with a reason; and that is not stale."""
    listed = set().union(*UNREACHED.values())
    assert sorted(existing() - exercised - listed) == []
    assert sorted(listed & exercised) == [], "remove it from UNREACHED: it is exercised"
    assert sorted(listed - existing()) == [], "remove it from UNREACHED: it does not exist"


def test_every_operation_of_the_model_is_called(outcomes: list[Outcome]) -> None:
    """Also those that are not simulated."""
    assert set(MODELLED) <= {outcome.operation for outcome in outcomes}


def test_every_code_that_has_a_message_of_its_own_is_answered(outcomes: list[Outcome]) -> None:
    """Each row of `DEFAULTS`, which a fault stands for."""
    codes = {o.answer.code for o in outcomes if isinstance(o.answer, AwsError)}
    assert set(errors.DEFAULTS) <= codes


@pytest.mark.parametrize(
    "problem",
    [errors.WRONG_REGION, errors.WRONG_SERVICE, errors.WRONG_TERMINATOR, errors.WRONG_DAY],
)
def test_every_problem_of_a_scope_is_answered(outcomes: list[Outcome], problem: str) -> None:
    """Each text that a scope is refused with."""
    pattern = ".*".join(map(re.escape, _FIELD.split(problem)))
    messages = [o.answer.message for o in outcomes if isinstance(o.answer, AwsError)]
    assert any(re.search(pattern, message or "") for message in messages)


def test_what_an_operation_reaches_is_read_off_its_code() -> None:
    """Rows are found through the helpers that an operation calls in other modules."""
    found = reached(functions()["GetSessionToken"], set())
    assert {"errors.HALF_MFA", "errors.SESSION_CALLS", "errors.REGION_DISABLED"} <= found
    assert "errors.NOT_ASSUMABLE" not in found
