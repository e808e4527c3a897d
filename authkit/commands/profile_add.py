"""authkit profile add: a profile in AWS's config file whose credentials are an identity's."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from authkit import again
from authkit.aws_files import profiles
from authkit.aws_files.editing import changed
from authkit.core import config, markers, render
from authkit.core.failures import Failure, FileTrouble, StateTrouble
from authkit.core.render import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.arguments import Options
    from authkit.aws_files.profiles import Profile
    from authkit.core.ports import World


def run(world: World, options: Options) -> int:
    """Add the profile, and warn of what keeps AWS programs from using it.

    Raises Failure, StateTrouble.
    """
    identity = config.resolve(world, options.given)
    if identity.kind.flow:  # its session is not AWS's
        raise Failure("not-for-aws", identity=identity.name, kind=identity.kind.name)
    profile = profiles.of(world, identity.name, options.profile)
    made = changed(
        world.files,
        profile.path,
        partial(
            profile.added,
            command=_command(world, identity.name),
            region=options.region or identity.settings.get("region", ""),
            by_option=bool(options.region),
        ),
    )
    with suppress(StateTrouble):  # the profile is there: this is no reason to fail
        if near := markers.nearest(world, config.read(world.config), identity.name):
            world.screen.say(text("new-here", identity=identity.name, near=near))
    world.screen.say(profiles.told(options, profile, made))
    if not made.region:
        name = [f"--name {render.quoted(options.profile)}"] if options.profile else []
        located = again.command(options, options.name, identity.name, *name, "--region REGION")
        said = {"profile": profile.profile, "located": located}
        world.screen.say(text("profile-without-region", **said))
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
    try:
        path = profiles.credentials_file(world)
        line, keys = profiles.shadowing(world.files.read(path) or b"", profile.profile)
    except FileTrouble as trouble:  # the profile is there: this is no reason to fail
        where = {"path": trouble.values["path"], "reason": trouble.values["reason"]}
        world.screen.say(text("profile-unchecked", profile=profile.profile, **where))
        return
    if keys:
        world.screen.say(text("profile-shadowed", path=path, number=line, keys=keys, **facts))
