"""authkit logout: drop the session, and with --keys the keys; say what is left (B-O01)."""

from __future__ import annotations

from contextlib import suppress

from authkit import again
from authkit.arguments import usage
from authkit.core import config, endings, entries, markers, sessions
from authkit.core.failures import FAILED, Failure, KeyringTrouble, StateTrouble
from authkit.core.kinds import AWS_USER
from authkit.core.render import text
from authkit.login.keys import drop_unfit
from authkit.login.lock import single_flight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.arguments import Options
    from authkit.core.config import Config
    from authkit.core.identity import Identity
    from authkit.core.kinds import Kind
    from authkit.core.model import CachedSession
    from authkit.core.ports import Keyring, World


def run(world: World, options: Options) -> int:
    """Drop the sessions, and if asked the keyring entries; return 1 if something is left.

    Raises Failure, StateTrouble.
    """
    if options.all and options.given:
        raise usage("Give an identity or --all, not both", options.name)
    config.lock_timeout(world.environ)  # a wrong one is told before anything is asked
    left: list[StateTrouble] = []
    found = config.read(world.config)
    kinds = _kinds(world, options, found, left)
    if not kinds and not left:
        world.screen.say(text("no-identities", first=again.first(options, found)))
    if options.keys:
        with suppress(KeyringTrouble):  # it is told when the keys are to be removed
            world.keyring.unlock()
    done = [
        _log_out(world, name, kind, found.reached_from(name), options)
        for name, kind in kinds.items()
    ]
    return FAILED if left or any(done) else 0


def _kinds(
    world: World, options: Options, found: Config, left: list[StateTrouble]
) -> dict[str, Kind]:
    """Return the identities that are meant, and the kind of each.  Raises Failure (2).

    With --all those of a state folder that is not to be used are `left` out, which
    is said (B-S06).
    """
    if not options.all:
        return _the_one_meant(world, options, found)
    try:
        names = sorted({*config.known(world, found), *world.sessions.names()})
    except StateTrouble as trouble:
        world.screen.say(endings.skipped(trouble))
        left.append(trouble)
        names = sorted(found.identities)
    return {name: found.kind_of(name) for name in names}


def _the_one_meant(world: World, options: Options, found: Config) -> dict[str, Kind]:
    """Return it also where the config file has it no more, and a session of it is left."""
    try:
        identity = config.chosen(world, found, options.given)
    except Failure as failure:
        name = str(failure.values.get("identity", ""))
        if failure.name == "identity-unknown" and name in world.sessions.names():
            return {name: found.kind_of(name)}
        raise
    with suppress(StateTrouble):  # what is to be removed is removed all the same
        if near := markers.nearest(world, found, identity.name):
            world.screen.say(text("new-here", identity=identity.name, near=near))
    return {identity.name: identity.kind}


def _log_out(world: World, name: str, kind: Kind, roles: list[Identity], options: Options) -> int:
    logout = again.command(options, "logout" + " --keys" * options.keys, name)
    try:
        with single_flight(world, name):
            # A role has no entry, unless it was an IAM user before.
            may_have = bool(kind.credentials or kind.trouble)
            has_entry = options.keys and (may_have or name in world.markers.marked())
            if has_entry:
                drop_unfit(world, roles, _fits_no_more)
            _drop(world, name)
            left = _remove(world, options, name, kind, roles) if has_entry else 0
            if not options.all:
                _name_left(world, options, name, roles)
            return left
    except Failure as failure:
        if failure.name != "lock-held" or not options.all:
            raise
        world.screen.say(text(failure.name, again=logout, **failure.values))
    except StateTrouble as trouble:
        facts = {"reason": f"{trouble.path}: {trouble.reason}", "cure": endings.cure(trouble)}
        world.screen.say(text("logout-impossible", identity=name, logout=logout, **facts))
    return FAILED


def _fits_no_more(_cached: CachedSession) -> bool:
    """Return False: no session fits keys that are removed."""
    return False


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


def _name_left(world: World, options: Options, name: str, roles: list[Identity]) -> None:
    """Name the sessions of roles that can still be used, and what drops them."""
    for role in roles:
        with suppress(StateTrouble):  # what cannot be read cannot be used
            cached = sessions.load(world, role.name, quiet=True)
            if cached and cached.left(world.clock.time()) > 0:
                logout = again.command(options, "logout", role.name)
                world.screen.say(text("role-left", identity=name, role=role.name, logout=logout))


def _remove(world: World, options: Options, name: str, kind: Kind, roles: list[Identity]) -> int:
    """Remove the keys and the marker, and say so; return 1 if something is left."""
    try:
        with world.keyring.alone():
            drop_unfit(world, roles, _fits_no_more)  # a role's login may have ended just now
            there, keys = _removed_entry(world.keyring, name, kind)
    except (KeyringTrouble, StateTrouble) as trouble:
        logout = again.command(options, "logout --keys", name)
        done = text("keys-left", identity=name, logout=logout)
        world.screen.say(again.said(world, options, endings.ended_by(trouble, done=done)))
        return FAILED
    said = "keys-gone" if keys else "settings-gone" if there else "no-keys-to-remove"
    world.screen.say(text(said, identity=name))
    try:
        world.markers.unmark(name)
    except StateTrouble as trouble:
        commands = {
            "logout": again.command(options, "logout --keys", name),
            "list": again.without_identity(options, "list"),
        }
        facts = {"path": trouble.path, "reason": trouble.reason, **commands}
        world.screen.say(text("marker-left", identity=name, **facts))
        return FAILED
    return 0


def _removed_entry(keyring: Keyring, name: str, kind: Kind) -> tuple[bool, bool]:
    """Delete the entry, whatever is in it; tell whether there was one, and keys in it.

    Raises KeyringTrouble.
    """
    written = keyring.get_password(entries.SERVICE, name)
    if written is None:
        return False, False
    keyring.delete_password(entries.SERVICE, name)
    with suppress(KeyringTrouble):
        if kind.trouble:
            return True, True
        kind = kind if kind.credentials else AWS_USER
        return True, entries.is_configured(kind, entries.decode(written, kind))
    return True, True  # nobody knows what was in it
