"""authkit --help: the manual's pages."""

from __future__ import annotations

from authkit import manual

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.arguments import Options
    from authkit.core.ports import World


def run(world: World, options: Options) -> int:
    """Print the page of a command, or of authkit itself."""
    world.screen.put(manual.page(options.about))
    return 0
