"""The commands that work from the cached session, and logout.

Each takes the World and what the command line said, shows its result on the
World's screen, and returns the exit status or raises Failure.  This module is
on the cached path (DESIGN.md): what a command needs only when there is no
session is imported where it is needed.
"""

from __future__ import annotations

import json
from datetime import timedelta

from authkit import child, durations, render, sessions
from authkit.messages import Failure
from authkit.model import Value
from authkit.ports import CannotRun, KeyringTrouble, Refused, Unreachable
from authkit.render import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from authkit.model import CachedSession
    from authkit.ports import World

SOON = timedelta(minutes=15)  # with less than this left, a session is said to end soon


class Verdict(Value):
    """Whether a session is good: None is "not verified"; `remark` is for the row Expires."""

    valid: bool | None
    reason: str  # a rule's name, "expired", "absent", "unreachable" or ""
    remark: str = ""
    detail: str = ""  # why STS could not be asked


def whoami(world: World, given: str, *, offline: bool, as_json: bool) -> int:
    """Show the session's state (B-W01 to B-W06); 0 when valid or not verified, else 1."""
    name, cached = sessions.current(world, given, "whoami")
    verdict = _verdict(world, cached, offline=offline)
    if as_json:
        world.screen.put(_whoami_json(name, cached, verdict))
    elif cached is None:
        marked = name in world.sessions.marked()
        raise Failure("no-session" if marked else "no-session-no-keys", identity=name)
    else:
        _whoami_text(world, name, cached, verdict)
    return 1 if verdict.valid is False else 0


def execute(
    world: World, given: str, command: Sequence[str], *, least: timedelta, probe: bool
) -> int:
    """Run the command with a session that lasts longer than `least`; return its exit status."""
    name, cached = sessions.current(world, given, "exec")

    def good(session: CachedSession) -> bool:
        return _left(world, session) > least

    if cached is None or not good(cached):
        from authkit import config, login

        cached = login.obtain(world, config.resolve(world, given, "exec"), good)
    if (left := _left(world, cached)) < SOON:
        world.screen.say(text("starts-late", identity=name, left=durations.left(left)))
    try:
        status = world.children.run(command, child.environment(world.environ, name, cached))
    except CannotRun as trouble:
        names = {127: "not-found", 126: "not-executable"}
        ending = names.get(trouble.status, "cannot-run")
        raise Failure(ending, trouble.status, command=command[0], reason=trouble.reason) from None
    world.screen.foreign()
    if status and _verdict(world, cached, offline=not probe).valid is False:
        world.screen.say(text("tip", identity=name))
    return status


def logout(world: World, names: Sequence[str], *, keys: bool) -> int:
    """Drop sessions, and with `keys` the keyring's entries too (B-O01)."""
    for name in names:
        gone = world.sessions.drop(name)
        world.screen.say(text("session-gone" if gone else "no-session-to-drop", identity=name))
        if keys:
            _remove_keys(world, name)
    return 0


def _remove_keys(world: World, name: str) -> None:
    from authkit.vault import SERVICE

    try:
        there = world.keyring.get_password(SERVICE, name) is not None
        if there:
            world.keyring.delete_password(SERVICE, name)
    except KeyringTrouble as trouble:
        raise Failure("logout-partial", identity=name, reason=trouble.reason) from None
    world.sessions.unmark(name)
    world.screen.say(text("keys-gone" if there else "no-keys-to-remove", identity=name))


def _left(world: World, cached: CachedSession) -> timedelta:
    return cached.session.expiration - world.clock.now()


def _verdict(world: World, cached: CachedSession | None, *, offline: bool) -> Verdict:
    """Judge by the clock, and unless `offline` by STS, whose word is the last (B-W03)."""
    if cached is None:
        return Verdict(valid=False, reason="absent")
    left = _left(world, cached)
    if left <= timedelta(0):
        return Verdict(valid=False, reason="expired", remark="expired")
    remark = durations.left(left) + (", ends soon" if left < SOON else "")
    if offline:
        return Verdict(valid=True, reason="", remark=remark)
    try:
        world.sts(cached.region).get_caller_identity(cached.session)
    except Unreachable as trouble:
        unverified = f"{remark}, not verified"
        return Verdict(
            valid=None, reason="unreachable", remark=unverified, detail=render.unreachable(trouble)
        )
    except Refused as refused:
        return _refused(refused, cached.region, remark)
    return Verdict(valid=True, reason="", remark=remark)


def _refused(refused: Refused, region: str, remark: str) -> Verdict:
    from authkit import rules

    rule = rules.meaning(refused, region)
    if rule.action is rules.Action.WAIT:
        unverified = f"{remark}, not verified"
        return Verdict(
            valid=None, reason=rule.name, remark=unverified, detail=rules.trouble(rule, refused)
        )
    said = rule.name if rule.name == "expired" else refused.code
    return Verdict(valid=False, reason=rule.name, remark=f"{said}, says AWS")


def _whoami_text(world: World, name: str, cached: CachedSession, verdict: Verdict) -> None:
    titles = render.EXPIRED_ROWS if verdict.reason == "expired" else render.WHOAMI_ROWS
    rows = render.session_rows(titles, name, cached, world.clock.zone(), verdict.remark)
    mark = "✗" if verdict.valid is False else "✓"
    world.screen.put(text("current", mark=mark, rows=rows))
    if verdict.valid is False:
        world.screen.say(text("may-be-expired", identity=name))
    elif verdict.valid is None:
        world.screen.say(text("not-verified", why=verdict.detail))


def _whoami_json(name: str, cached: CachedSession | None, verdict: Verdict) -> str:
    return json.dumps(
        {
            "identity": name,
            "kind": cached and cached.kind,
            "provider": cached and render.provider(cached.kind),
            "principal": cached and cached.principal,
            "account": cached and cached.account,
            "region": cached and cached.region,
            "expires": cached and render.rfc3339(cached.session.expiration),
            "last_updated": cached and render.rfc3339(cached.session.granted),
            "valid": verdict.valid,
            "reason": verdict.reason or None,
        },
        indent=2,
    )
