"""The simulator's pages name every fault, request, error code, header and operation."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from benchmarks import size
from sts_simulator.account import account_schema, errors, operations
from sts_simulator.account.account import Account
from sts_simulator.account.clock import real_time
from sts_simulator.account.directory import DictDirectory
from sts_simulator.account.faults import BREAKAGES, FAULT_SCHEMA
from sts_simulator.account.saml import errors as saml_errors
from sts_simulator.client import Simulator
from sts_simulator.server import control, delays
from tests.support import public_model
from tests.support.pages import blocks

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "simulator.md").read_text(encoding="utf-8")
GRADES = (DOCS / "simulator_grades.md").read_text(encoding="utf-8")
# What stands as code in the text and the tables, without the blocks of code.
NAMED = "\n".join(
    code
    for page in (PAGE, GRADES)
    for code in re.findall(
        r"`([^`\n]+)`", re.sub(r"^ *```.*?^ *```$", "", page, flags=re.MULTILINE | re.DOTALL)
    )
)
CODES = {
    error.code
    for module in (errors, saml_errors)
    for error in vars(module).values()
    if isinstance(error, errors.AwsError)
}


@pytest.mark.parametrize(
    "name",
    sorted(
        {*BREAKAGES, *FAULT_SCHEMA["properties"], *CODES, *errors.DEFAULTS}
        - {"AccessDenied", "ExpiredTokenException"}
    ),
)
def test_every_word_of_the_vocabulary_is_told(name: str) -> None:
    """The pages have each fault's name, each field of a fault and each error code."""
    assert re.search(rf"\b{name}\b", NAMED)


def test_every_grade_has_its_source_and_its_day() -> None:
    """A row is a behaviour, the letters of its sources, and the day of the last comparison."""
    rows = [line for line in GRADES.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 50
    form = re.compile(r"\| .+ \| (?:none|.*\b[A-DI]\b.*) \| 20\d\d-\d\d-\d\d \|")
    assert [row for row in rows if not form.fullmatch(row)] == []
    days = [date.fromisoformat(row.rpartition(" | ")[2].strip(" |")) for row in rows]
    assert max(days) <= datetime.now(UTC).date()


def test_the_size_is_told_with_its_day() -> None:
    """The page has the bounds, and a measurement that keeps them; benchmarks.size writes it."""
    assert f"| at most | {size.BOUNDS.packages} | {size.BOUNDS.megabytes} |" in PAGE
    ((day, packages, megabytes),) = size.ROW.findall(PAGE)
    found = size.Size(int(packages), int(megabytes))
    assert size.fits(found)
    assert found.packages > 10
    assert found.row(date.fromisoformat(day)) in PAGE
    assert not size.fits(found._replace(packages=41))
    assert not size.fits(found._replace(megabytes=161))


def test_every_request_is_told() -> None:
    """The page has every request of the control interface, and its headers."""
    asked = control.ACTIONS
    posted = {path for method, path in asked if method == "POST"}
    only_read = {path for _, path in asked} - posted
    assert [path for path in sorted(posted) if f"`POST {path}" not in PAGE] == []
    assert [path for path in sorted(only_read) if f"`GET {path}`" not in PAGE] == []
    assert [
        header for header in (delays.REPORT_DELAY, delays.DELAY) if f"`{header}`" not in PAGE
    ] == []


def test_every_method_of_the_fixture_is_told() -> None:
    """The page lists every public name of the fixture `sts_simulator`."""
    public = {name for name in vars(Simulator) if not name.startswith("_")}
    told = PAGE.partition("It has `endpoint`")[2].partition("Its users")[0]
    assert {name for name in public if f"`{name}" not in told} == {"control", "pid"}


def test_every_operation_that_is_not_imitated_is_named() -> None:
    """Every operation of STS is simulated, or the page names it as not simulated."""
    model = public_model.known(public_model.installed())
    missing = set(model["operations"]) - set(operations.OPERATIONS)
    assert {name for name in missing if name not in PAGE} == set()


def test_the_world_on_the_page_is_one() -> None:
    """The example of an account on the page is valid, and has every table but the simple fields."""
    told = PAGE.partition("## Changing the accounts and the clock")[2]
    table = json.loads(blocks(told, "json")[0])
    account = Account.from_table(table, real_time, directory=DictDirectory())
    assert account.directory.role("arn:aws:iam::123456789012:role/deploy")
    shown = set(table) | {"id", "partition", "latency", "skew", "session_ids"}
    assert shown == set(account_schema.ACCOUNT_SCHEMA["properties"])
