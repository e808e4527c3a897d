"""The commands that show what is in the session cache, and hand it on.

Each takes the World and what the command line said, shows its result on the
World's screen, and returns the exit status or raises Failure.  This module is
on the cached path (docs/architecture.md): what a command needs only when there
is no session is imported where it is needed.
"""

from __future__ import annotations

import json
from datetime import timedelta

from authkit.core import durations, environment, render, sessions
from authkit.core.messages import Failure
from authkit.core.model import Value
from authkit.core.ports import Refused, StateTrouble, Unreachable
from authkit.core.render import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.core.model import CachedSession
    from authkit.core.ports import World


# How each shell writes a variable: the line, and what is escaped within its quotes.
FORMATS = {
    "sh": ("export {}='{}'", {"'": "'\\''"}),
    "fish": ("set -gx {} '{}'", {"\\": "\\\\", "'": "\\'"}),
    "powershell": ("$Env:{} = '{}'", {"'": "''"}),
    "dotenv": ("{}={}", {"\n": "\\n"}),
}


class Verdict(Value):
    """Whether a session is good: None is "not verified"; `remark` is for the row Expires."""

    valid: bool | None
    reason: str  # a rule's name, "expired", "absent", "unreachable" or ""
    remark: str = ""
    detail: str = ""  # why STS could not be asked


def whoami(world: World, given: str, *, offline: bool, as_json: bool) -> int:
    """Show the session's state (B-W01 to B-W06); 0 when valid or not verified, else 1."""
    name, cached = sessions.current(world, given, "whoami")
    judged = verdict(world, cached, offline=offline)
    if as_json:
        world.screen.put(_whoami_json(world, name, cached, judged))
    elif cached is None:
        raise _no_session(world, name)
    else:
        _whoami_text(world, name, cached, judged)
    return 1 if judged.valid is False else 0


def env(world: World, given: str, *, form: str) -> int:
    """Print what `exec` would set, in a shell's spelling or as JSON; 1 without a session."""
    name, cached = _unexpired(world, given, "env")
    variables = environment.variables(name, cached)
    if form == "json":
        world.screen.put(json.dumps(variables, indent=2))
    else:
        line, escapes = FORMATS[form]
        quoting = str.maketrans(escapes)
        lines = [line.format(name, value.translate(quoting)) for name, value in variables.items()]
        world.screen.put("\n".join(lines))
    return 0


def credential_process(world: World, given: str) -> int:
    """Print the session as the AWS SDKs' process credentials; never asks; 1 without a session."""
    _, cached = _unexpired(world, given, "credential-process")
    session = cached.session
    credentials = {
        "Version": 1,
        "AccessKeyId": session.access_key_id,
        "SecretAccessKey": session.secret_access_key.reveal(),
        "SessionToken": session.session_token.reveal(),
        "Expiration": render.rfc3339(session.expiration),
    }
    world.screen.put(json.dumps(credentials, indent=2))
    return 0


def list_identities(world: World, *, check: bool, as_json: bool) -> int:
    """Show every identity: kind, whether it has keys, session (B-I01).  Calls no service."""
    from authkit.core import config, entries  # off the cached path of the others

    found = config.read(world.config)
    marked = set(world.sessions.marked())
    facts = []
    for name in sorted({*found.identities, *marked}):
        kind = found.kind_of(name)
        if not kind.credentials:
            keys = "-"  # it has none of its own
        else:
            keys = entries.state(world.keyring, kind, name) if check else _stored(name, marked)
        state, expires = _session(world, name)
        facts.append((name, kind.name, keys, state, expires))
    if as_json:
        names = ("identity", "kind", "keys", "session", "expires")
        listed = [dict(zip(names, fact, strict=True)) for fact in facts]
        world.screen.put(json.dumps(listed, indent=2))
    elif facts:
        head = ("IDENTITY", "KIND", "KEYS", "SESSION")
        world.screen.put(render.table([head, *((n, k, keys, s) for n, k, keys, s, _ in facts)]))
    else:
        world.screen.say(text("no-identities"))
    return 0


def _unexpired(world: World, given: str, command: str) -> tuple[str, CachedSession]:
    """Return the identity and its session.  Raises Failure when there is none, or it is over."""
    name, cached = sessions.current(world, given, command)
    if cached is None:
        raise _no_session(world, name)
    if left_of(world, cached) <= timedelta(0):
        raise Failure("session-over", identity=name)
    return name, cached


def _no_session(world: World, name: str) -> Failure:
    from authkit.core import config  # off the cached path

    kind = config.read(world.config).kind_of(name)
    has_keys = not kind.credentials or name in world.sessions.marked()
    return Failure("no-session" if has_keys else "no-session-no-keys", identity=name)


def _stored(name: str, marked: set[str]) -> str:
    return "stored" if name in marked else "none"


def _session(world: World, name: str) -> tuple[str, str | None]:
    """Return a session's state by the clock, ``35h 59m``, ``expired``, ``none`` or ``unreadable``.

    And when it expires, if that is known.
    """
    try:
        cached = sessions.load(world, name)
    except StateTrouble as trouble:  # one file in trouble must not hide the other identities
        facts = {"path": trouble.path, "reason": trouble.reason}
        world.screen.say(text("session-unreadable", identity=name, **facts))
        return "unreadable", None
    if cached is None:
        return "none", None
    left = left_of(world, cached)
    state = durations.left(left) if left > timedelta(0) else "expired"
    return state, render.rfc3339(cached.session.expiration)


def left_of(world: World, cached: CachedSession) -> timedelta:
    """Return how long the session still lasts, by the clock."""
    return cached.session.expiration - world.clock.now()


def verdict(world: World, cached: CachedSession | None, *, offline: bool) -> Verdict:
    """Judge by the clock, and unless `offline` by STS, whose word is the last (B-W03)."""
    if cached is None:
        return Verdict(valid=False, reason="absent")
    left = left_of(world, cached)
    if left <= timedelta(0):
        return Verdict(valid=False, reason="expired", remark="expired")
    remark = durations.left(left) + (", ends soon" if left < durations.SOON else "")
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
    from authkit.core import rules

    rule = rules.meaning(refused, region)
    if rule.action is rules.Action.WAIT:
        unverified = f"{remark}, not verified"
        return Verdict(
            valid=None, reason=rule.name, remark=unverified, detail=rules.trouble(rule, refused)
        )
    said = rule.name if rule.name == "expired" else refused.code
    detail = refused.message.strip()
    return Verdict(valid=False, reason=rule.name, remark=f"{said}, says AWS", detail=detail)


def _whoami_text(world: World, name: str, cached: CachedSession, judged: Verdict) -> None:
    titles = render.EXPIRED_ROWS if judged.reason == "expired" else render.WHOAMI_ROWS
    rows = render.session_rows(titles, name, cached, world.clock.zone(), judged.remark)
    mark = "✗" if judged.valid is False else "✓"
    world.screen.put(text("current", mark=mark, rows=rows))
    if judged.valid is False:
        world.screen.say(text("may-be-expired", identity=name))
    elif judged.valid is None:
        world.screen.say(text("not-verified", why=judged.detail))


def _whoami_json(world: World, name: str, cached: CachedSession | None, judged: Verdict) -> str:
    if cached is None:
        from authkit.core import config  # off the cached path

        identity = config.resolve(world, name, "whoami")
        kind, region = identity.kind.name, identity.region
    else:
        kind, region = cached.kind, cached.region
    return json.dumps(
        {
            "identity": name,
            "kind": kind,
            "provider": render.provider(kind),
            "principal": cached and cached.principal,
            "account": cached and cached.account,
            "region": region,
            "expires": cached and render.rfc3339(cached.session.expiration),
            "last_updated": cached and render.rfc3339(cached.session.granted),
            "valid": judged.valid,
            "reason": judged.reason or None,
        },
        indent=2,
    )
