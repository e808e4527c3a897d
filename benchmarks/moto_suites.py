"""Runs moto's own tests of STS and IAM against the simulator, and judges each of them.

    python -m benchmarks.moto_suites --moto CHECKOUT [--write]

CHECKOUT is moto's source with its tests, of the version that is installed: an unpacked
source distribution or a clone.  Its tests run in moto's server mode, against a simulator
in a process of its own.  They expect what moto answers, so those where AWS answers
otherwise have to fail.  moto_judgements.toml says which, with what, and why.  The exit
status is 1 when a test fails that no judgement covers, and when a judgement covers no
failure.  With --write the table goes into docs/moto-suites.md.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree as ET

from sts_simulator.client import Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PAGE = Path(__file__).parent.parent / "docs" / "moto-suites.md"
JUDGEMENTS = Path(__file__).with_name("moto_judgements.toml")
LONGEST = 900  # seconds: one suite
KEY = {"id": "AKIAMOTOMOTOMOTOMOTO", "secret": "the-secret-of-the-tests"}

PASSES, SKIPPED, RIGHTLY, UNJUDGED = "passes", "skipped", "fails rightly", "**unjudged**"
IN_PROCESS = "passes, in process"

# moto replaces the environment's credentials by its own unless it is told not to.
_PYTEST = """
import sys
import pytest
from moto.core.config import default_user_config
default_user_config["core"]["mock_credentials"] = False
sys.exit(pytest.main(sys.argv[1:]))
"""


class Suite(NamedTuple):
    """A folder of moto's tests, and the world that they run in.

    A `key` of root has no user, so that tests may count the users; that of a user may assume
    roles.  `now` is the instant that the tests freeze.  `accounts` are those beside the first.
    """

    folder: str
    key: dict[str, Any]
    now: str | None = None
    accounts: Mapping[str, Any] = MappingProxyType({})


SUITES = (
    Suite(
        "test_sts",
        KEY,
        "2012-01-01T12:00:00Z",
        {"111111111111": {"roles": {"my-role": {"trusts": ["123456789012"]}}}},
    ),
    Suite("test_iam", KEY | {"root": True}),
)


class Seen(NamedTuple):
    """What one test did.  `said` is the message of its failure or of its skip."""

    test: str
    outcome: str
    said: str = ""


@dataclass(frozen=True)
class Judgement:
    """Why tests that match one of `tests` fail rightly, with a message that matches `seen`.

    Without `seen` they pass, but call moto in their own process.
    """

    tests: Sequence[str]
    why: str
    seen: str = ""

    def covers(self, seen: Seen) -> bool:
        """Return whether the judgement is about this test and what it did."""
        named = any(fnmatchcase(seen.test, pattern) for pattern in self.tests)
        fitting = seen.outcome == (RIGHTLY if self.seen else PASSES)
        return named and fitting and re.search(self.seen, seen.said) is not None


class Row(NamedTuple):
    """A test's row of the table."""

    test: str
    verdict: str
    why: str = ""


def judgements() -> list[Judgement]:
    """Return the judgements that are written down."""
    written = tomllib.loads(JUDGEMENTS.read_text(encoding="utf-8"))
    return [Judgement(**judgement) for judgement in written["judgement"]]


def judged(seen: Sequence[Seen], known: Sequence[Judgement]) -> tuple[list[Row], list[Judgement]]:
    """Return a row for each test, and the judgements that cover none."""
    rows, used = [], set()
    for one in seen:
        found = next((number for number, each in enumerate(known) if each.covers(one)), None)
        if found is not None:
            used.add(found)
            judgement = known[found]
            verdict = RIGHTLY if judgement.seen else IN_PROCESS
            rows.append(Row(one.test, verdict, judgement.why))
        else:
            verdict = UNJUDGED if one.outcome == RIGHTLY else one.outcome
            rows.append(Row(one.test, verdict, one.said if verdict == UNJUDGED else ""))
    return rows, [each for number, each in enumerate(known) if number not in used]


def version_of(checkout: Path) -> str | None:
    """Return the version of moto that a checkout has, None where it has none."""
    source = checkout / "moto" / "__init__.py"
    text = source.read_text(encoding="utf-8") if source.exists() else ""
    found = re.search(r'__version__ = "([^"]+)"', text)
    return found and found[1]


def observed(suite: Suite, checkout: Path) -> list[Seen]:
    """Run a suite; return what each of its tests did."""
    with tempfile.TemporaryDirectory() as folder, Simulator() as simulator:
        report = Path(folder) / "report.xml"
        simulator.world({"keys": {"tests": suite.key}, "accounts": {**suite.accounts}})
        if suite.now:
            simulator.control("POST", "clock", {"now": suite.now, "tick": False})
        environ = os.environ | {
            "AWS_ACCESS_KEY_ID": suite.key["id"],
            "AWS_SECRET_ACCESS_KEY": suite.key["secret"],
            "NO_PROXY": "127.0.0.1",
            "TEST_SERVER_MODE": "true",
            "TEST_SERVER_MODE_ENDPOINT": simulator.endpoint,
        }
        options = ("-q", "-p", "no:cacheprovider", "--tb=no", f"--junitxml={report}")
        subprocess.run(  # noqa: S603 - moto's own tests
            [sys.executable, "-c", _PYTEST, *options, f"tests/{suite.folder}"],
            cwd=checkout,
            env=environ,
            stdout=subprocess.DEVNULL,
            timeout=LONGEST,
            check=False,  # some of them fail, rightly
        )
        return list(_read(report))


def _read(report: Path) -> Iterator[Seen]:
    """Yield what a report of pytest's in JUnit's format tells of each test."""
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 - pytest wrote it
        test = f"{case.get('classname', '').removeprefix('tests.')}.{case.get('name')}"
        outcome, said = PASSES, ""
        for tag, found in (("skipped", SKIPPED), ("failure", RIGHTLY), ("error", RIGHTLY)):
            if (trouble := case.find(tag)) is not None:
                outcome, said = found, trouble.get("message", "")
        yield Seen(test, outcome, said)


def page(rows: Sequence[Row], moto: str) -> str:
    """Return docs/moto-suites.md."""
    counts = Counter(row.verdict for row in rows)
    told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in sorted(counts))
    lines = [
        "# moto's own tests, run against the simulator",
        "",
        f"`python -m benchmarks.moto_suites` wrote this page on {datetime.now(UTC):%Y-%m-%d}, from",
        f"a run of the tests of STS and IAM of moto {moto} in its server mode.  They expect what",
        "moto answers.  Where AWS answers otherwise the simulator answers as AWS does, and the",
        "test has to fail; which, and with what message, is written in",
        "[`benchmarks/moto_judgements.toml`](../benchmarks/moto_judgements.toml).  The command's",
        "exit status is 1 when a test fails that is not judged there.",
        "",
        f"{len(rows)} tests: {told}.",
        "",
        f"*{IN_PROCESS}*: the test calls moto's code without a server, also in server mode.  It",
        "says nothing about the simulator.  *skipped*: moto skips it in server mode.",
        "",
        "## Why tests fail",
        "",
        "| tests | why |",
        "|---|---|",
    ]
    reasons = Counter(row.why for row in rows if row.verdict == RIGHTLY)
    lines += [f"| {count} | {cell(why)} |" for why, count in reasons.most_common()]
    lines += ["", "## Every test", "", "| test | result | why |", "|---|---|---|"]
    lines += [f"| `{cell(row.test)}` | {row.verdict} | {cell(row.why)} |" for row in rows]
    return "\n".join([*lines, ""])


def cell(text: str) -> str:
    """Return a text as a cell of a table: one line, shortened."""
    line = " ".join(text.split()).replace("|", "\\|")
    return line if len(line) <= 240 else f"{line[:240]} …"


def main() -> int:
    """Run the suites, print what is not judged, and return 1 where there is something."""
    options = _parser().parse_args()
    installed, theirs = version("moto"), version_of(options.moto)
    if installed != theirs:
        sys.stderr.write(f"moto {installed} is installed; {options.moto} has {theirs}\n")
        return 2
    seen = [test for suite in SUITES for test in observed(suite, options.moto)]
    rows, stale = judged(seen, judgements())
    unjudged = [row for row in rows if row.verdict == UNJUDGED]
    for row in unjudged:
        sys.stdout.write(f"not judged: {row.test}: {cell(row.why)}\n")
    for judgement in stale:
        sys.stdout.write(f"covers no test: {judgement.why}\n")
    for verdict, count in sorted(Counter(row.verdict for row in rows).items()):
        sys.stdout.write(f"{count:5} {verdict}\n")
    if options.write:
        PAGE.write_text(page(rows, installed), encoding="utf-8")
    return 1 if unjudged or stale or not rows else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.moto_suites", description=__doc__)
    parser.add_argument("--moto", type=Path, required=True, metavar="CHECKOUT")
    parser.add_argument("--write", action="store_true", help="write docs/moto-suites.md")
    return parser


if __name__ == "__main__":
    sys.exit(main())
