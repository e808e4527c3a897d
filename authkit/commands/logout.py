"""authkit logout: drop the session, and with --keys the keys; say what is left (B-O01)."""

from __future__ import annotations

from contextlib import suppress

from authkit.arguments import usage
from authkit.core import config, endings, entries
from authkit.core.failures import FAILED, Failure, KeyringTrouble, StateTrouble
from authkit.core.render import quoted, text
from authkit.login.lock import single_flight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.arguments import Options
    from authkit.core.kinds import Kind
    from authkit.core.ports import World


def run(world: World, options: Options) -> int:
    """Drop the sessions, and if asked the keyring entries; return 1 if something is left.

    Raises Failure, StateTrouble.
    """
    left: list[StateTrouble] = []
    kinds = _kinds(world, options, left)
    if not kinds and not left:
        world.screen.say(text("no-identities"))
    if options.keys:
        with suppress(KeyringTrouble):  # it is told when the keys are to be removed
            world.keyring.unlock()
    done = [_log_out(world, *identity, options) for identity in kinds.items()]
    return FAILED if left or any(done) else 0


def _kinds(world: World, options: Options, left: list[StateTrouble]) -> dict[str, Kind]:
    """Return the identities that are meant, and the kind of each.  Raises Failure (2).

    With --all those of a state folder that is not to be used are `left` out, which
    is said (B-S06).
    """
    if options.all and options.given:
        raise usage("Give an identity or --all, not both", options.name)
    if not options.all:
        identity = config.resolve(world, options.given, options.name)
        return {identity.name: identity.kind}
    found = config.read(world.config)
    try:
        names = sorted({*config.known(world, found), *world.sessions.names()})
    except StateTrouble as trouble:
        world.screen.say(endings.skipped(trouble))
        left.append(trouble)
        names = sorted(found.identities)
    return {name: found.kind_of(name) for name in names}


def _log_out(world: World, name: str, kind: Kind, options: Options) -> int:
    try:
        with single_flight(world, name):
            # A role has no entry, unless it was an IAM user before.
            has_entry = options.keys and (bool(kind.credentials) or name in world.markers.marked())
            _drop(world, name)
            return _remove(world, name) if has_entry else 0
    except Failure as failure:
        if failure.name != "lock-held" or not options.all:
            raise
        given = " --keys" if options.keys else ""
        again = f"authkit logout{given} --identity {quoted(name)}"
        world.screen.say(text(failure.name, again=again, **failure.values))
        return failure.status
    except StateTrouble as trouble:
        facts = {"reason": f"{trouble.path}: {trouble.reason}", "cure": endings.cure(trouble)}
        given = " --keys" if options.keys else ""
        world.screen.say(text("logout-impossible", identity=name, keys=given, **facts))
        return FAILED


def _drop(world: World, name: str) -> None:
    """Drop the session, or what is in its place, and say which it was.  Raises StateTrouble."""
    unread = None
    try:
        world.sessions.read(name)
    except StateTrouble as trouble:
        unread = trouble
    if not world.sessions.drop(name):
        world.screen.say(text("no-session-to-drop", identity=name))
    elif unread:
        where = {"path": unread.path, "reason": unread.reason}
        world.screen.say(text("session-cleared", identity=name, **where))
    else:
        world.screen.say(text("session-gone", identity=name))


def _remove(world: World, name: str) -> int:
    """Remove the keys and the marker, and say so; return 1 if something is left."""
    try:
        there = entries.remove(world.keyring, name)
    except KeyringTrouble as trouble:
        _tell(world, endings.ended_by(trouble, done=text("keys-left", identity=name)))
        return FAILED
    world.screen.say(text("keys-gone" if there else "no-keys-to-remove", identity=name))
    try:
        world.markers.unmark(name)
    except StateTrouble as trouble:
        facts = {"path": trouble.path, "reason": trouble.reason}
        world.screen.say(text("marker-left", identity=name, **facts))
        return FAILED
    return 0


def _tell(world: World, left: Failure) -> None:
    """Show what would end another command."""
    world.screen.say(text(left.name, **left.values))
