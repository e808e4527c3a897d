"""authkit profile add: a profile in AWS's config file whose credentials are an identity's."""

from __future__ import annotations

from functools import partial

from authkit import again
from authkit.aws_files import profiles
from authkit.aws_files.editing import changed
from authkit.core import config
from authkit.core.failures import Failure, FileTrouble
from authkit.core.render import quoted, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.arguments import Options
    from authkit.aws_files.profiles import Profile
    from authkit.core.ports import World


def run(world: World, options: Options) -> int:
    """Add the profile, and warn of what keeps AWS programs from using it.

    Raises Failure, StateTrouble.
    """
    identity = config.resolve(world, options.given, options.name)
    profile = profiles.of(world, identity.name, options.profile)
    region = identity.settings.get("region", "")
    change = partial(profile.added, command=_command(world, identity.name), region=region)
    made = changed(world.files, profile.path, change)
    facts = {**profile._asdict(), "kept": made.kept, "named": quoted(profile.profile)}
    login = again.command(options, "login", identity.name)
    world.screen.say(text(made.says, **facts, login=login))
    _warn(world, options, profile)
    return 0


def _command(world: World, identity: str) -> str:
    """Return the command that prints the credentials, as the file has it.  Raises Failure."""
    if world.config.path.startswith("/dev/"):  # --config <(command)
        raise Failure("profile-config-ends", path=world.config.path)
    words = [*world.program(), "credential-process", identity]
    try:
        return profiles.command_line(words)
    except ValueError as error:
        raise Failure("profile-command", program=" ".join(words), reason=error) from None


def _warn(world: World, options: Options, profile: Profile) -> None:
    renamed = again.renamed(options, profile.identity)
    facts = {"profile": profile.profile, "renamed": renamed}
    if not profiles.found_by_all(profile.profile):
        world.screen.say(text("profile-not-found-by-all", **facts))
    path = profiles.credentials_file(world)
    try:
        line, keys = profiles.shadowing(world.files.read(path) or b"", profile.profile)
    except FileTrouble as trouble:
        world.screen.say(text("profile-unchecked", **{**trouble.values, **facts}))
        return
    if keys:
        world.screen.say(text("profile-shadowed", path=path, line=line, keys=keys, **facts))
