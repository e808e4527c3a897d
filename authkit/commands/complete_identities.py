"""authkit complete-identities: a name a line, for the shells' completions.

Help does not show it.  It says nothing and succeeds whatever is wrong: what a person has
typed so far must not be disturbed.
"""

from __future__ import annotations

from contextlib import suppress

from authkit.config_names import names
from authkit.core.failures import Failure, StateTrouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.arguments import Options
    from authkit.core.ports import World


def run(world: World, _options: Options) -> int:
    """Print the names of the config file and of the markers; return 0.

    Nothing is printed where the config file cannot be read: no command works then.
    """
    try:
        found = names(world.config.read() or b"")
    except (Failure, StateTrouble, ValueError):
        return 0
    with suppress(StateTrouble):  # the names of the config file can be used all the same
        found |= {*world.markers.marked()}
    if found:
        world.screen.put("\n".join(sorted(found)))
    return 0
