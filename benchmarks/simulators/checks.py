"""What a check is: a question to STS whose right answer has a source."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.simulators.account import Account, Answer, CannotSetUp

if TYPE_CHECKING:
    from collections.abc import Callable

    Steps = Callable[[Account], "Answer | Seen"]

# Public sources that several checks cite.
SNAPSHOTS = "A: LocalStack's snapshots, recorded on AWS"
STS_REFERENCE = "C: STS API reference"
IAM_GUIDE = "C: IAM user guide"


class Seen(NamedTuple):
    """What came back: the HTTP status, the error code ("" for none), and its text or the facts."""

    status: int | None
    code: str
    text: str


class Check(NamedTuple):
    """A question and its right answer.

    `steps` ask it in an account.  `text` is a pattern of the message, or of the facts that
    `steps` return for an answer of 200; "" where the code says it all.  `source` begins with
    the letter of the grade.
    """

    name: str
    steps: Steps
    status: int
    code: str
    text: str
    source: str

    def right(self, seen: Seen) -> bool:
        """Return whether what was seen is what AWS answers."""
        good = seen.status == self.status and seen.code == self.code
        return good and bool(re.search(self.text, seen.text))


def ask(check: Check, account: Account) -> Seen:
    """Run a check; return what was seen, or what prevented it."""
    try:
        seen = check.steps(account)
    except CannotSetUp as refused:
        return Seen(None, "", f"could not be set up: {refused}")
    except (OSError, ValueError) as trouble:
        return Seen(None, "", f"no usable answer: {type(trouble).__name__}")
    return Seen(seen.status, seen.code, seen.message) if isinstance(seen, Answer) else seen


def facts(answer: Answer, *told: object) -> Answer | Seen:
    """Return facts about a good answer, for `Check.text`; a refusal as it is."""
    if answer.status != 200:
        return answer
    return Seen(200, "", " ".join(str(fact) for fact in told))


def refusal(  # noqa: PLR0913 - the columns of the table
    checks: list[Check], name: str, status: int, code: str, source: str, *, text: str = ""
) -> Callable[[Steps], Steps]:
    """Add the decorated steps to the checks, as a question that AWS refuses."""

    def add(steps: Steps) -> Steps:
        checks.append(Check(name, steps, status, code, text, source))
        return steps

    return add


def success(checks: list[Check], name: str, source: str, *, text: str) -> Callable[[Steps], Steps]:
    """Add the decorated steps to the checks, as a question that AWS answers with these facts."""
    return refusal(checks, name, 200, "", source, text=text)
