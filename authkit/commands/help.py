"""authkit help, and --help: the manual's pages."""

from __future__ import annotations

from authkit import manual
from authkit.core.failures import USAGE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.arguments import Options
    from authkit.core.ports import World


def run(world: World, options: Options) -> int:
    """Print the page of a command, or of authkit itself; return 2 if no command was given."""
    page = manual.page(options.about, world.width())
    if options.bare:
        world.screen.say(page)
        return USAGE
    world.screen.put(page)
    return 0
