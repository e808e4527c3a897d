"""What is said of trouble, and the `Failure` that a command ends with.  Pure."""

from __future__ import annotations

import re
from datetime import datetime

from authkit.core import keyring_hints
from authkit.core.failures import Failure, KeyringTrouble
from authkit.core.messages import CURES, DENIED_BY, MESSAGES
from authkit.core.render import Template, Visible, clock_is_off, fill, text
from authkit.core.rules import Action

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from authkit.core.failures import CallFailed, StateTrouble
    from authkit.core.rules import Rule


def facts(trouble: CallFailed, **others: object) -> dict[str, object]:
    """Return what a row's templates may name; `others` are what the flow knows."""
    return {
        "operation": trouble.operation,
        "code": trouble.code,
        "message": trouble.message.strip(),
        "status": trouble.status,
        "request_id": trouble.request_id or "none",
        "reason": trouble.reason,
        "offset": clock_is_off(clock_offset(trouble.message)),
        **others,
    }


def meaning(rule: Rule, facts: Mapping[str, object]) -> str:
    """Return what the trouble means; of refused keys also who says so, if it is not AWS (B-L04)."""
    said = fill(rule.meaning, **facts)
    if rule.action in {Action.REPLACE_KEYS, Action.REPLACE_SECRET} and facts.get("endpoint"):
        return text("says-endpoint", meaning=said, endpoint=facts["endpoint"])
    return said


def ending(rule: Rule, facts: Mapping[str, object], *, done: str) -> Failure:
    """Return what a command without a remedy ends with: the meaning, what was done, the hint."""
    what = meaning(rule, facts)
    hint = Template(denied_by(str(facts["message"])) or rule.hint)
    said = text("aws-says", **facts) if facts["message"] else ""
    more = {"meaning": what, "said": said, "done": done, "hint": hint}
    return Failure(rule.ending, **{**facts, **more, "tries": len(rule.pauses) + 1})


def denied_by(message: str) -> str:
    """Return whom to ask, if AWS names the kind of policy that denies something, else ""."""
    said = re.search(rf"\b(?:in an?|no) ({'|'.join(DENIED_BY)})\b", message, re.IGNORECASE)
    return DENIED_BY[said[1].lower()] if said else ""


def clock_offset(message: str) -> float | None:
    """Return by how many seconds AWS's clock is ahead; None if a skew message has no times.

    The first instant is the request's; the one in brackets is AWS's own.
    """
    instants = re.findall(r"\d{8}T\d{6}Z", message)
    try:
        ours, _limit, theirs = map(datetime.fromisoformat, instants[:3])
    except ValueError:  # too few, or no instants at all
        return None
    return (theirs - ours).total_seconds()


def ended_by(trouble: KeyringTrouble | StateTrouble, *, done: str = "") -> Failure:
    """Return what a command ends with; `done` says what it had changed before the trouble."""
    if isinstance(trouble, KeyringTrouble):
        done = done or MESSAGES["nothing-changed"]
        hint = Visible(trouble.hint) or keyring_hints.hint(trouble.state, "", desktop=False)
        facts = {"identity": trouble.identity, "reason": trouble.reason, "done": done, "hint": hint}
        return Failure(trouble.says or f"keyring-{trouble.state}", **facts)
    from shlex import quote

    facts = {"path": trouble.path, "place": quote(trouble.path), "reason": trouble.reason}
    return Failure(trouble.says, **facts, done=done or MESSAGES["nothing-removed"])


def skipped(trouble: StateTrouble) -> str:
    """Return the line about a state folder or a file in it that a command goes on without."""
    return text("state-skipped", path=trouble.path, reason=trouble.reason, cure=cure(trouble))


def cure(trouble: StateTrouble) -> str:
    """Return what to do about it, without a full stop."""
    from shlex import quote

    return fill(CURES[trouble.says], place=quote(trouble.path))
