"""Is a cached session good?  By the clock, and by STS, which is asked once and never waited for.

This module is on the cached path.
"""

from __future__ import annotations

from authkit.core import durations
from authkit.core.model import Value
from authkit.core.ports import CallFailed, Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.core.model import CachedSession
    from authkit.core.ports import World


class Standing(Value):
    """What STS says of a session.

    `good` is None when nothing was said about the session: STS could not be
    asked, or is in trouble itself.  `rule` is the name of the row in the table of
    rules ("unreachable" for no answer at all, "" when the session is good), `code`
    AWS's error code, and `why` the reason in words.
    """

    good: bool | None
    rule: str = ""
    code: str = ""
    why: str = ""


class Verdict(Value):
    """Whether a session is good: None is "not verified"; `remark` is for the row Expires."""

    valid: bool | None
    reason: str  # a rule's name, "expired", "absent", "unreachable" or ""
    remark: str = ""
    detail: str = ""  # why STS could not be asked, or what it said


def standing(world: World, cached: CachedSession, region: str) -> Standing:
    """Return what STS in this region says of a session."""
    try:
        world.sts(region).get_caller_identity(cached.session)
    except CallFailed as trouble:
        from authkit.core import endings, rules  # not needed on the cached path

        rule = rules.meaning(trouble, rules.InRegion(region))
        name = rule.name if isinstance(trouble, Refused) else "unreachable"
        if rule.action is rules.Action.WAIT:
            return Standing(None, name, trouble.code, endings.why(rule, trouble))
        return Standing(good=False, rule=name, code=trouble.code, why=trouble.message.strip())
    return Standing(good=True)


def verdict(world: World, cached: CachedSession | None, *, offline: bool) -> Verdict:
    """Judge by the clock, and unless `offline` by STS, whose word is the last (B-W03)."""
    if cached is None:
        return Verdict(valid=False, reason="absent")
    left = cached.left(world.clock.now())
    if left <= durations.NONE:
        return Verdict(valid=False, reason="expired", remark="expired")
    remark = durations.left(left) + (", ends soon" if left < durations.SOON else "")
    if offline:
        return Verdict(valid=True, reason="", remark=remark)
    found = standing(world, cached, cached.region)
    if found.good is None:
        remark = f"{remark}, not verified"
    elif not found.good:
        said = "expired" if found.rule == "expired" else found.code
        remark = f"{said}, says AWS"
    return Verdict(found.good, found.rule, remark, found.why)
