"""What markers tell: which keyring backend keeps the keys (B-S09), which names are near (B-A05)."""

from __future__ import annotations

from contextlib import suppress

from authkit.core.failures import StateTrouble
from authkit.core.render import nearest_is, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.core.config import Config
    from authkit.core.ports import World


def elsewhere(world: World, name: str) -> str:
    """Return what to say of keys that another keyring backend keeps than the one at hand, or "".

    It is said before anything is asked; a marker that cannot be read says nothing.  Raises
    KeyringTrouble.
    """
    with suppress(StateTrouble):
        marker = world.markers.read(name)
        if marker and marker.backend not in {"", *world.keyring.backends}:
            ours = world.keyring.backend
            return text("kept-elsewhere", identity=name, theirs=marker.backend, ours=ours)
    return ""


def nearest(world: World, config: Config, name: str) -> str:
    """Return the end of a sentence that names the nearest identity to a new one, "" for none.

    Raises StateTrouble.
    """
    known = name in config.identities or not world.markers.others(name)
    names = [] if known else world.markers.marked()
    return "" if name in names else nearest_is(name, names)
