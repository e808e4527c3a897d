"""What a marker tells a login: which keyring backend keeps the keys (B-S09)."""

from __future__ import annotations

from authkit.core.render import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.core.ports import World


def elsewhere(world: World, name: str) -> str:
    """Return what to say of keys that another keyring backend keeps than the one at hand, or "".

    It is said before anything is asked.  Raises StateTrouble, KeyringTrouble.
    """
    marker = world.markers.read(name)
    if marker is None or marker.backend in {"", *world.keyring.backends}:
        return ""
    return text("kept-elsewhere", identity=name, theirs=marker.backend, ours=world.keyring.backend)
