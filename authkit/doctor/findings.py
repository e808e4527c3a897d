"""What a check found: made from a row of ``doctor.words``, or from what other commands end with."""

from __future__ import annotations

import re

from authkit import again
from authkit.core import render
from authkit.core.endings import cure, ended_by
from authkit.core.failures import Failure, KeyringTrouble, StateTrouble
from authkit.core.model import Value
from authkit.doctor.words import CURES, DOUBTFUL, FINE, IN_THE_WAY, MILD, ROWS, WRONG

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.arguments import Options
    from authkit.core.ports import World

    Trouble = Failure | KeyringTrouble | StateTrouble

TROUBLES = (Failure, KeyringTrouble, StateTrouble)  # what ends other commands
# The line between what happened and what to type next (B-A04).
_DONE = re.compile(r"\n  [^\n]*(?:Nothing (?:of [^\n]+ )?was|It was left|It stopped)[^\n]*")
_SPOKEN = {FINE: "ok", DOUBTFUL: "warning", WRONG: "fault"}


class Finding(Value):
    """One thing that was looked at: `name` is a row's or a Failure's, `mark` is ✓, ⚠ or ✗."""

    name: str
    mark: str
    words: str
    cure: str = ""

    def shown(self, check: str) -> str:
        """Return it as lines for a person."""
        lines = f"{self.mark} {check}: {self.words}" + (f"\n  {self.cure}" if self.cure else "")
        return render.Visible(lines)

    def facts(self, check: str) -> dict[str, str | None]:
        """Return it for JSON."""
        spoken = {"check": check, "name": self.name, "finding": _SPOKEN[self.mark]}
        return {**spoken, "words": _one_line(self.words), "cure": _one_line(self.cure) or None}


def finding(name: str, /, **values: object) -> Finding:
    """Return what the row of this name says, filled."""
    row = ROWS[name]
    words, mends = render.fill(row.words, **values), render.fill(row.cure, **values)
    return Finding(name, row.mark, words, mends)


def of_trouble(world: World, options: Options, trouble: Trouble) -> Finding:
    """Return what trouble means that would end another command."""
    if isinstance(trouble, StateTrouble):
        facts = {"path": trouble.path, "reason": trouble.reason}
        return finding("state-wrong", **facts, cure=_cleared(trouble) or cure(trouble))
    failure = trouble if isinstance(trouble, Failure) else ended_by(trouble)
    values = {**failure.values, "done": "Nothing was changed."}
    said = again.said(world, options, Failure(failure.name, failure.status, **values))
    what, _, then = (_DONE.sub("\0", said, count=1) + "\0").partition("\0")
    mends = then.strip("\0\n ")
    variable, better = CURES.get(failure.name, ("", ""))
    if better and (not variable or world.environ.get(variable)):
        mends = render.fill(better, **failure.values)
    mark = DOUBTFUL if failure.name in MILD else WRONG
    return Finding(failure.name, mark, what.lstrip("✗⚠ ").rstrip("."), mends)


def _cleared(trouble: StateTrouble) -> str:
    """Return how to remove what stands in a file's place, "" for other trouble."""
    from shlex import quote

    words = (IN_THE_WAY[word] for word in IN_THE_WAY if word in trouble.reason)
    template = next(words, "") if trouble.says == "state-not-a-file" else ""
    return render.fill(template, place=quote(trouble.path))


def _one_line(text: str) -> str:
    return " ".join(text.split())
