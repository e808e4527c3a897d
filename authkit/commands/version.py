"""authkit --version."""

from __future__ import annotations

from authkit import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.arguments import Options
    from authkit.core.ports import World


def run(world: World, _options: Options) -> int:
    """Print the version."""
    world.screen.put(f"authkit {__version__}")
    return 0
