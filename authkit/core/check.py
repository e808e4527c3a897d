"""Is a cached session good?  By the clock, and by STS, which is asked once and never waited for.

This module is on the cached path.
"""

from __future__ import annotations

from authkit.core.failures import CallFailed, Refused
from authkit.core.model import DEFAULT_REGION, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.core.model import CachedSession
    from authkit.core.ports import World


class Verdict(Value):
    """Whether a session is good.

    `valid` is None when nothing is known: STS could not be asked, or is in trouble
    itself.  `reason` is the name of a row in the table of rules, or "expired",
    "absent", "unreachable" or "".  `code` is AWS's error code, "" where the clock
    decides, and `detail` says in words what the trouble is.
    """

    valid: bool | None
    reason: str = ""
    code: str = ""
    detail: str = ""


def by_sts(world: World, cached: CachedSession, region: str) -> Verdict:
    """Return what STS in this region says of a session; one that is not AWS's is not asked of."""
    if cached.variables:
        return Verdict(valid=True)
    try:
        world.sts(region).get_caller_identity(cached.session)
    except CallFailed as trouble:
        from authkit.core import endings, rules  # not needed on the cached path

        rule = rules.meaning(trouble, rules.Circumstances(region))
        valid = False if rule.of_session else None
        reason = rule.name if isinstance(trouble, Refused) else "unreachable"
        whose = {"access_key_id": cached.session.access_key_id, "principal": cached.principal}
        why = endings.meaning(rule, endings.facts(trouble, region=region, **whose))
        return Verdict(valid=valid, reason=reason, code=trouble.code, detail=why)
    return Verdict(valid=True)


def verdict(world: World, cached: CachedSession | None, *, offline: bool) -> Verdict:
    """Judge by the clock, and unless `offline` by STS, whose word is the last (B-W03)."""
    if cached is None:
        return Verdict(valid=False, reason="absent")
    if cached.left(world.clock.time()) <= 0:
        return Verdict(valid=False, reason="expired")
    if offline:
        return Verdict(valid=True)
    return by_sts(world, cached, cached.region or DEFAULT_REGION)
