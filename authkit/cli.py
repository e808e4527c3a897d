"""The command line: arguments, wiring, exit codes.

`main` parses, makes the World, runs one command, and turns whatever it raised
into a message and an exit status.  On the cached path: what a command needs is
imported by the function that runs it.
"""

from __future__ import annotations

import sys

from authkit import __version__
from authkit.arguments import Options, parse, split, usage
from authkit.core import render
from authkit.core.messages import CANCELLED, FAILED, NOT_RUN, Failure
from authkit.core.ports import Cancelled, KeyringTrouble, StateTrouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from authkit.core.identity import Identity
    from authkit.core.ports import World

    MakeWorld = Callable[[Options], World]

DONE = 0


def main(argv: Sequence[str] | None = None, make_world: MakeWorld | None = None) -> int:
    """Run the command line and return the exit status."""
    make_world = make_world or _system
    line = sys.argv[1:] if argv is None else list(argv)
    options = Options(line)
    world = None
    try:
        try:
            options = parse(line)
            world = make_world(options)
            return _RUN[options.name](world, options)
        except (Exception, KeyboardInterrupt) as trouble:  # noqa: BLE001 - B-A02
            return _ended(world or make_world(options), options, trouble)
    except BrokenPipeError:  # the reader has left, and needs no words
        return FAILED
    except KeyboardInterrupt:  # pressed again, while the first was being answered
        return CANCELLED


def _system(options: Options) -> World:
    from authkit.adapters.world import System

    return System(options.config, no_input=options.no_input)


# What ends a command.


def _ended(world: World, options: Options, trouble: BaseException) -> int:
    """Show what ended the command, and return the exit status that says so."""
    if isinstance(trouble, BrokenPipeError):
        raise trouble
    failure = _failure(options, trouble)
    if failure.name == "unexpected" and world.environ.get("AUTHKIT_DEBUG") == "1":
        _show_traceback(world, trouble)
    world.screen.say(render.text(failure.name, **failure.values))
    if options.name == "exec" and failure.status == FAILED:
        return NOT_RUN
    return failure.status


def _failure(options: Options, trouble: BaseException) -> Failure:
    if isinstance(trouble, Failure):
        return trouble
    if isinstance(trouble, (Cancelled, KeyboardInterrupt)):
        command = _again(options)
        stopped = render.text("stopped")
        return Failure("cancelled", CANCELLED, done=stopped, command=command)
    if isinstance(trouble, KeyringTrouble):
        done = trouble.done or str(render.text("nothing-changed"))
        facts = {"identity": trouble.identity, "reason": trouble.reason, "done": done}
        return Failure(f"keyring-{trouble.state}", **facts)
    if isinstance(trouble, StateTrouble):
        done = trouble.done or render.text("nothing-removed")
        return Failure("state-trouble", path=trouble.path, reason=trouble.reason, done=done)
    from authkit.core.model import masked

    said = masked(str(trouble)) or "no more is known"
    return Failure("unexpected", error=f"{type(trouble).__name__}: {said}")


def _again(options: Options) -> str:
    """Return the line to type again; the child's part of it is the person's own to repeat."""
    from shlex import join

    ours, childs = split(options.line)
    return join(["authkit", *ours]) + (" -- …" if childs else "")


def _show_traceback(world: World, trouble: BaseException) -> None:
    from traceback import format_exception

    from authkit.core.model import masked

    lines = masked("".join(format_exception(trouble))).splitlines()
    world.screen.say("\n".join(map(render.visible, lines)))


# The commands.


def _login(world: World, options: Options) -> int:
    from authkit.login.obtain import login

    login(world, _identity(world, options), force=options.force)
    return DONE


def _whoami(world: World, options: Options) -> int:
    from authkit.commands import show

    as_json = options.output == "json"
    return show.whoami(world, options.given, offline=options.offline, as_json=as_json)


def _exec(world: World, options: Options) -> int:
    from authkit.commands.exec import execute

    return execute(
        world, options.given, options.child, least=options.min_ttl, probe=not options.no_probe
    )


def _env(world: World, options: Options) -> int:
    from authkit.commands import show

    return show.env(world, options.given, form=options.format)


def _credential_process(world: World, options: Options) -> int:
    from authkit.commands import show

    return show.credential_process(world, options.given)


def _list(world: World, options: Options) -> int:
    from authkit.commands import show

    as_json = options.output == "json"
    return show.list_identities(world, check=options.check, as_json=as_json)


def _logout(world: World, options: Options) -> int:
    from authkit.commands.logout import logout
    from authkit.core import config

    if options.all and options.given:
        raise usage("Give an identity or --all, not both", "logout")
    if options.all:
        found = config.read(world.config)
        names = sorted({*config.known(world, found), *world.sessions.names()})
        kinds = {name: found.kind_of(name) for name in names}
    else:
        identity = _identity(world, options)
        kinds = {identity.name: identity.kind}
    return logout(world, kinds, keys=options.keys)


def _configure(world: World, options: Options) -> int:
    from authkit.commands.user_configure import configure

    identity = _identity(world, options)
    return configure(world, identity, from_stdin=options.stdin, verify=not options.no_verify)


def _identity(world: World, options: Options) -> Identity:
    from authkit.core import config

    return config.resolve(world, options.given, options.name)


def _help(world: World, options: Options) -> int:
    from authkit import manual

    world.screen.put(manual.page(options.about))
    return DONE


def _version(world: World, _options: Options) -> int:
    world.screen.put(f"authkit {__version__}")
    return DONE


_RUN: dict[str, Callable[[World, Options], int]] = {
    "login": _login,
    "whoami": _whoami,
    "exec": _exec,
    "logout": _logout,
    "user configure": _configure,
    "list": _list,
    "env": _env,
    "credential-process": _credential_process,
    "help": _help,
    "version": _version,
}
