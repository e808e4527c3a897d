"""authkit whoami: the session's state.  On the cached path."""

from __future__ import annotations

from authkit.core import render, sessions
from authkit.core.check import verdict
from authkit.core.failures import StateTrouble
from authkit.core.model import DEFAULT_REGION
from authkit.core.render import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.arguments import Options
    from authkit.core.check import Verdict
    from authkit.core.model import CachedSession
    from authkit.core.ports import World


def run(world: World, options: Options) -> int:
    """Show the session's state (B-W01 to B-W06); return 0 when valid or not verified, else 1.

    Raises Failure, StateTrouble.
    """
    told = False  # that the session cannot be looked at
    try:
        name, cached = sessions.current(world, options.given)
    except StateTrouble as trouble:
        name, cached, told = _tell(world, options, trouble), None, True
    judged = verdict(world, cached, offline=options.offline)
    if options.output == "json":
        world.screen.put(_as_json(world, name, cached, judged))
    elif cached:
        _as_text(world, options, name, cached, judged)
    elif not told:
        raise sessions.missing(world, name)
    return 1 if judged.valid is False else 0


def _tell(world: World, options: Options, trouble: StateTrouble) -> str:
    """Tell of a state folder or a session that is not to be used; return the identity (B-S06)."""
    from authkit.core import config, endings  # not needed on the cached path

    name = config.resolve(world, options.given).name
    world.screen.say(endings.skipped(trouble))
    return name


def _as_text(
    world: World, options: Options, name: str, cached: CachedSession, judged: Verdict
) -> None:
    titles = render.EXPIRED_ROWS if judged.reason == "expired" else render.WHOAMI_ROWS
    left = cached.left(world.clock.time())  # AWS may have told that the clock is wrong
    rows = render.session_rows(titles, name, cached, world.clock.zone(), _remark(left, judged))
    mark = "✗" if judged.valid is False else "✓"
    world.screen.put(text("current", mark=mark, rows=rows))
    if judged.valid is False:
        from authkit import again  # not needed on the cached path

        world.screen.say(text("may-be-expired", login=again.command(options, "login", name)))
    elif judged.valid is None:
        world.screen.say(text("not-verified", why=judged.detail))


def _remark(left: float, judged: Verdict) -> str:
    """Return what stands in brackets after Expires: AWS's word comes before the clock (B-W03)."""
    said = "expired" if judged.reason == "expired" else judged.code
    by_the_clock = judged.valid is False and not judged.code
    return said if by_the_clock else render.remark(left, valid=judged.valid, said=said)


def _as_json(world: World, name: str, cached: CachedSession | None, judged: Verdict) -> str:
    if cached is None:
        from authkit.core import config  # not needed on the cached path

        identity = config.resolve(world, name)
        kind, region = identity.kind.name, None if identity.kind.flow else identity.region
    else:
        kind = cached.kind
        region = None if cached.variables else cached.region or DEFAULT_REGION
    return render.json_object(
        {
            "identity": name,
            "kind": kind,
            "provider": render.provider(kind),
            "principal": cached.principal if cached else None,
            "account": cached.account if cached else None,
            "region": region,
            "expires": render.rfc3339(cached.session.expiration) if cached else None,
            "last_updated": render.rfc3339(cached.session.granted) if cached else None,
            "valid": judged.valid,
            "reason": judged.reason or None,
        }
    )
