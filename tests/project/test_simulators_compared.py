"""The checks of benchmarks/simulators: all right here, and their page shows them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from benchmarks.simulators import page, servers
from benchmarks.simulators.account import Account, Answer, CannotSetUp
from benchmarks.simulators.checks import Check, Seen, ask
from tests.support.aws_client import fresh_client

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTHING = Seen(200, "", "")
ELSEWHERE = Seen(403, "SomethingElse", "for another reason")


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """An account of the simulator in this process, beside another one, for all checks."""
    client = fresh_client()
    client.control("POST", "world", servers.WORLD)
    made = Account(client.endpoint, servers.FIRST, lambda _: servers.SECOND)
    yield made
    made.client.close()


@pytest.mark.parametrize("check", page.CHECKS, ids=lambda check: check.name)
def test_ours_is_right(check: Check, account: Account) -> None:
    """The simulator answers as AWS does."""
    seen = ask(check, account)
    assert check.right(seen), seen


@pytest.mark.parametrize("check", page.CHECKS, ids=lambda check: check.name)
def test_a_check_can_fail(check: Check) -> None:
    """An empty success and another refusal are wrong, whatever is asked."""
    assert not check.right(NOTHING)
    assert not check.right(ELSEWHERE)


def test_there_are_enough_checks_and_each_has_a_source() -> None:
    """Their names differ; a source is a grade and where it can be read, and none is inferred."""
    names = [check.name for check in page.CHECKS]
    assert len(names) == len(set(names)) >= 36
    wrong = [check.name for check in page.CHECKS if not re.match(r"[A-D]: \S+", check.source)]
    assert wrong == []


def test_what_prevents_a_check_is_told() -> None:
    """A refusal of what prepares a check, or a server that is gone, is a wrong answer."""

    def refused(_: Account) -> Answer:
        raise CannotSetUp("CreateUser: 403 AccessDenied")

    def gone(_: Account) -> Answer:
        raise ConnectionRefusedError

    for steps, told in (
        (refused, "CreateUser: 403 AccessDenied"),
        (gone, "ConnectionRefusedError"),
    ):
        check = page.CHECKS[0]._replace(steps=steps)
        seen = ask(check, None)  # type: ignore[arg-type]  # the steps do not use it
        assert told in seen.text
        assert not check.right(seen)


def test_a_cell_is_what_was_seen() -> None:
    """✓, or status and code, or the text where these are right, cut and with escaped pipes."""
    check = page.CHECKS[0]._replace(status=403, code="AccessDenied", text="invalid MFA")
    assert page.cell(check, Seen(403, "AccessDenied", "with invalid MFA code")) == "✓"
    assert page.cell(check, NOTHING) == "✗ 200"
    assert page.cell(check, ELSEWHERE) == "✗ 403 SomethingElse"
    assert page.cell(check, Seen(403, "AccessDenied", "a | b")) == "✗ 403 AccessDenied `a \\| b`"
    assert (
        page.cell(check, Seen(403, "AccessDenied", "")) == "✗ 403 AccessDenied, without a message"
    )
    assert page.cell(check, Seen(403, "AccessDenied", "x" * 200)).endswith(f"{'x' * 70} …`")
    assert page.cell(check, Seen(None, "", "could not be set up: x")) == "✗ could not be set up: x"


def test_the_committed_page_is_of_these_checks() -> None:
    """Its rows are the checks, all right for ours; only a run with an index rewrites it."""
    written = page.PAGE.read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in written.splitlines() if "<br>" in line]
    assert [row[0].removeprefix("| ") for row in rows] == [page.asked(c) for c in page.CHECKS]
    assert {row[1] for row in rows} == {"✓"}
    assert f"| sts-simulator | {len(page.CHECKS)} of {len(page.CHECKS)} |" in written
    for place, compared in enumerate(servers.COMPARED, 1):
        right = sum(row[place].removesuffix(" |") == "✓" for row in rows)
        assert f"| {compared.name} | {right} of {len(rows)} |" in written
    for name, version in servers.VERSIONS.items():
        assert f"{name} {version}" in written.lower()
