"""What a check found: made from a row of ``doctor.words``, or from what other commands end with."""

from __future__ import annotations

from authkit import again
from authkit.core import render
from authkit.core.endings import cure, ended_by
from authkit.core.failures import Failure, KeyringTrouble, StateTrouble
from authkit.core.messages import DONE, MESSAGES
from authkit.core.model import Value
from authkit.doctor.words import CURES, DOUBTFUL, FINE, IN_THE_WAY, MILD, ROWS, WRONG

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.arguments import Options
    from authkit.core.ports import World

    Trouble = Failure | KeyringTrouble | StateTrouble

TROUBLES = (Failure, KeyringTrouble, StateTrouble)  # what ends other commands
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
    what, then = _happened_and_next(failure.name)
    values = {**again.guides(world, options, failure), **failure.values}
    variable, better = CURES.get(failure.name, ("", ""))
    is_to_blame = values["by"] if variable == "AUTHKIT_IDENTITY" else world.environ.get(variable)
    if better and (not variable or is_to_blame):
        then = better
    mark = DOUBTFUL if failure.name in MILD else WRONG
    words = render.fill(what, **values).rstrip(".")
    return Finding(failure.name, mark, words, render.fill(then, **values))


def _happened_and_next(name: str) -> tuple[str, str]:
    """Return what a message says of what happened, and of what to type next: two templates.

    What stands in between is what another command has done (B-A04).
    """
    template = name if isinstance(name, render.Template) else MESSAGES[name]
    lines = template.split("\n  ")
    done = next(number for number, line in enumerate(lines) if line.startswith(DONE))
    what = parted("\n  ".join(lines[:done]).removeprefix("✗ "))
    return what, "\n  ".join(lines[done + 1 :])


def parted(template: str) -> str:
    """Return a template with a line of its own for the reason and the code at its end.

    The name of the check stands before it, which the message itself has not.
    """
    return template.replace(": {reason}", ":\n  {reason}").replace(" ({code})", "\n  ({code})")


def _cleared(trouble: StateTrouble) -> str:
    """Return how to remove what stands in a file's place, "" for other trouble."""
    from shlex import quote

    words = (IN_THE_WAY[word] for word in IN_THE_WAY if word in trouble.reason)
    template = next(words, "") if trouble.says == "state-not-a-file" else ""
    return render.fill(template, place=quote(trouble.path))


def _one_line(text: str) -> str:
    return " ".join(text.split())
