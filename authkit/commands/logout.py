"""logout: the session goes, and if asked for the keys; what could not go is said (B-O01)."""

from __future__ import annotations

from authkit.core import entries
from authkit.core.ports import KeyringTrouble, StateTrouble
from authkit.core.render import text
from authkit.login.patience import single_flight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from authkit.core.kinds import Kind
    from authkit.core.ports import World


def logout(world: World, kinds: Mapping[str, Kind], *, keys: bool) -> int:
    """Drop the sessions of these identities, and with `keys` their keyring entries too (B-O01).

    Return 1 if something is left.
    """
    if not kinds:
        world.screen.say(text("no-identities"))
    return max((_log_out(world, *identity, keys=keys) for identity in kinds.items()), default=0)


def _log_out(world: World, name: str, kind: Kind, *, keys: bool) -> int:
    try:
        with single_flight(world, name):
            return _drop(world, name, kind, keys=keys)
    except StateTrouble as trouble:
        reason = f"{trouble.path}: {trouble.reason}"
        world.screen.say(text("logout-impossible", identity=name, reason=reason))
        return 1


def _drop(world: World, name: str, kind: Kind, *, keys: bool) -> int:
    gone = world.sessions.drop(name)
    world.screen.say(text("session-gone" if gone else "no-session-to-drop", identity=name))
    if not keys or not (kind.credentials or name in world.sessions.marked()):
        return 0  # a role has no entry, unless it was an IAM user before
    try:
        there = entries.remove(world.keyring, name)
    except KeyringTrouble as trouble:
        world.screen.say(text("logout-partial", identity=name, reason=trouble.reason))
        return 1
    world.screen.say(text("keys-gone" if there else "no-keys-to-remove", identity=name))
    try:
        world.sessions.unmark(name)
    except StateTrouble as trouble:
        facts = {"path": trouble.path, "reason": trouble.reason}
        world.screen.say(text("marker-left", identity=name, **facts))
        return 1
    return 0
