"""docs/moto-suites.md: moto's own tests, each judged by what it did against the simulator."""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

from benchmarks import moto_suites as suites
from benchmarks.moto_suites import IN_PROCESS, PASSES, RIGHTLY, SKIPPED, UNJUDGED, Judgement, Seen

if TYPE_CHECKING:
    from pathlib import Path

WRONG_TOKEN = Judgement(["sts.*"], "tokens differ", "AQo")
ELSEWHERE = Judgement(["*.test_server.*"], "in its own process")
# A suite in small: what the command needs of a checkout, with a test of each outcome.
TESTS = """
import boto3, os, pytest
endpoint = os.environ["TEST_SERVER_MODE_ENDPOINT"]
def client(): return boto3.client("sts", "us-east-1", endpoint_url=endpoint)
def test_right(): assert client().get_caller_identity()["Arn"].endswith("user/dev-admin")
def test_wrong(): assert client().get_session_token()["Credentials"]["SessionToken"] == "AQo"
def test_not(): pytest.skip("not here")
"""


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        (Seen("sts.a", RIGHTLY, "IQo is not AQo"), RIGHTLY),
        (Seen("sts.a", RIGHTLY, "refused"), UNJUDGED),
        (Seen("iam.a", RIGHTLY, "IQo is not AQo"), UNJUDGED),
        (Seen("sts.a", PASSES), PASSES),
        (Seen("sts.test_server.a", PASSES), IN_PROCESS),
        (Seen("sts.test_server.a", RIGHTLY, "refused"), UNJUDGED),
        (Seen("sts.a", SKIPPED, "not here"), SKIPPED),
    ],
)
def test_a_judgement_covers_a_test_and_what_it_did(seen: Seen, verdict: str) -> None:
    """A judged test that fails with another message is not judged."""
    rows, _ = suites.judged([seen], [WRONG_TOKEN, ELSEWHERE])
    assert [row.verdict for row in rows] == [verdict]


def test_a_judgement_that_covers_nothing_is_told() -> None:
    """A test that passes again makes its judgement stale."""
    _, stale = suites.judged([Seen("sts.a", PASSES)], [WRONG_TOKEN])
    assert stale == [WRONG_TOKEN]


def test_the_command_runs_tests_against_a_simulator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A small checkout is run: what fails unjudged is named, and the exit status is 1."""
    (tmp_path / "tests/test_sts").mkdir(parents=True)
    (tmp_path / "tests/test_sts/test_it.py").write_text(TESTS)
    monkeypatch.setattr(suites, "SUITES", [suites.Suite("test_sts", suites.KEY)])
    monkeypatch.setattr(suites, "version_of", lambda _: version("moto"))
    monkeypatch.setattr(suites, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(sys, "argv", ["moto_suites", "--moto", str(tmp_path), "--write"])
    monkeypatch.setattr(suites, "judgements", list)
    assert suites.main() == 1
    assert "not judged: test_sts.test_it.test_wrong" in capsys.readouterr().out
    monkeypatch.setattr(suites, "judgements", lambda: [Judgement(["*_wrong"], "why", "AQo")])
    assert suites.main() == 0
    page = (tmp_path / "page.md").read_text()
    assert "3 tests: 1 fails rightly, 1 passes, 1 skipped." in page
    assert "| `test_sts.test_it.test_wrong` | fails rightly | why |" in page


def test_the_committed_page_has_the_judgements() -> None:
    """The page has every judgement, no failure for another reason, and none that is open."""
    page = suites.PAGE.read_text(encoding="utf-8")
    assert UNJUDGED not in page
    for judgement in suites.judgements():
        assert f"| {suites.cell(judgement.why)} |" in page
    told = {line.split("|")[-2].strip() for line in page.splitlines() if f"| {RIGHTLY} |" in line}
    assert told <= {suites.cell(judgement.why) for judgement in suites.judgements()}
