"""docs/simulator_compared.md, written from what each simulator answered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.simulators.accounts import ACCOUNTS
from benchmarks.simulators.authentication import AUTHENTICATION
from benchmarks.simulators.chains import CHAINS
from benchmarks.simulators.mfa import MFA
from benchmarks.simulators.roles import ROLES
from benchmarks.simulators.servers import VERSIONS
from benchmarks.simulators.sessions import SESSIONS
from benchmarks.simulators.web_identity import WEB_IDENTITY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from benchmarks.simulators.checks import Check, Seen

PAGE = Path(__file__).parents[2] / "docs" / "simulator_compared.md"
THEMES = {
    "Authentication": AUTHENTICATION,
    "Sessions": SESSIONS,
    "MFA": MFA,
    "Roles": ROLES,
    "Tags, source identity and chains of roles": CHAINS,
    "Web identity": WEB_IDENTITY,
    "Several accounts": ACCOUNTS,
}
CHECKS: list[Check] = [check for checks in THEMES.values() for check in checks]
LONGEST = 70  # characters of a text


def page(seen: Mapping[str, Sequence[Seen]], localstack: str, day: date) -> str:
    """Return the page: `seen` has the answers to CHECKS by the simulator's name."""
    lines = [_HEAD.format(day=day, count=len(CHECKS), **VERSIONS).rstrip(), ""]
    lines += ["| simulator | right |", "|---|---|"]
    for name, answers in seen.items():
        right = sum(check.right(answer) for check, answer in zip(CHECKS, answers, strict=True))
        lines.append(f"| {name} | {right} of {len(CHECKS)} |")
    told = f"LocalStack {VERSIONS['localstack']} did not start: {localstack}"
    lines += ["", _FOOT.format(localstack=told).rstrip()]
    for theme, checks in THEMES.items():
        columns = ["AWS", *seen]
        lines += ["", f"## {theme}", "", _row(columns), "|---" * len(columns) + "|"]
        for check in checks:
            place = CHECKS.index(check)
            cells = [cell(check, answers[place]) for answers in seen.values()]
            lines.append(_row([asked(check), *cells]))
    return "\n".join([*lines, ""])


def asked(check: Check) -> str:
    """Return the first cell of a check's row: what is asked, AWS's answer, and its source."""
    answer = f"{check.status} {check.code}".rstrip()
    return f"{check.name}: **{answer}**<br>{check.source}"


def cell(check: Check, seen: Seen) -> str:
    """Return what a simulator answered: ✓, or what was seen instead."""
    if check.right(seen):
        return "✓"
    if seen.status is None:
        return f"✗ {seen.text}"
    told = f"✗ {seen.status} {seen.code}".rstrip()
    if (seen.status, seen.code) == (check.status, check.code):
        text = seen.text if len(seen.text) <= LONGEST else f"{seen.text[:LONGEST]} …"
        told += f" `{text}`" if text else ", without a message"
    return told.replace("|", "\\|")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


_HEAD = """\
# The simulator beside others

Written by `python -m benchmarks.simulators` on {day}, from the answers of
[this simulator](simulator.md), moto {moto} and ministack {ministack} to {count} questions
about authentication, sessions, MFA, roles, web identity and several accounts.

Every simulator was asked the same questions, by the same signed requests over HTTP, in an
account that ordinary calls of IAM made.  A question is here only if AWS's answer to it has a
public source, which its row names with its [grade](simulator_grades.md).  An answer is right
if it has AWS's HTTP status and error code, and AWS's words where the code alone does not tell
what happened; a good answer is right if it has AWS's facts.  Tokens of OpenID Connect are
signed by this simulator's issuer, whose keys are not at the URL that a token names.
"""
_FOOT = """\
{localstack}.

*moto, authenticating* is moto's server with `INITIAL_NO_AUTH_ACTION_COUNT`, *ministack,
AUTH=true* is ministack with that setting.  Without these they authenticate nobody, by design.

The questions are about what this simulator is made for.  The others have what it has not:
moto's services that need more libraries, its evaluation of Allow, and its use inside the
process of the tests, without a server; ministack's 91 services of its own, its state kept
from run to run (`PERSIST_STATE`), and its containers for Lambda functions and databases.
LocalStack's container was not tried.  This simulator has moto's other services behind it,
and can stand in front of a moto or LocalStack that runs already.

✓ is a right answer.  Other cells have what was seen.
"""
