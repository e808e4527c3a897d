"""authkit profile remove: take out of AWS's config file what ``profile add`` has put there."""

from __future__ import annotations

from authkit.aws_files import profiles
from authkit.aws_files.editing import changed
from authkit.core import config, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.arguments import Options
    from authkit.core.ports import World


def run(world: World, options: Options) -> int:
    """Remove the profile.  An identity that is named need not be there any more.

    Raises Failure, StateTrouble.
    """
    name = names.meant(options.given, world.environ)
    name = name or config.resolve(world, "").name
    profile = profiles.of(world, name, options.profile)
    made = changed(world.files, profile.path, profile.removed)
    world.screen.say(profiles.told(options, profile, made))
    return 0
