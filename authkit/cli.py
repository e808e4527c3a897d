"""The command line: arguments, wiring, exit codes.

`main` parses the line, makes the World, runs one command, and turns what it
raised into a message and an exit status.  On the cached path: a command's module
is imported only when the command is run.
"""

from __future__ import annotations

import sys

from authkit.arguments import Options, parse, unasked
from authkit.core.failures import (
    CANCELLED,
    FAILED,
    NOT_RUN,
    Cancelled,
    Failure,
    KeyringTrouble,
    StateTrouble,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from authkit.core.ports import World

    MakeWorld = Callable[[Options], World]


def main(argv: Sequence[str] | None = None, make_world: MakeWorld | None = None) -> int:
    """Run the command line and return the exit status."""
    make_world = _debugged(make_world or _real_world)
    line = sys.argv[1:] if argv is None else list(argv)
    if line and line[0].partition("=")[0] == "--record":
        from authkit.adapters.recording_file import RecordingFile
        from authkit.commands import record

        return record.run(line, _run, make_world, RecordingFile)
    return _run(line, make_world)


def _run(line: Sequence[str], make_world: MakeWorld) -> int:
    options = Options(line)
    world = None
    try:
        try:
            options = parse(line)
            world = make_world(options)
            return _command(options.name)(world, options)
        except (Exception, KeyboardInterrupt) as trouble:  # noqa: BLE001 - B-A02
            return _ended(world or make_world(options), options, trouble)
    except BrokenPipeError:  # the reader of standard output has gone: there is nobody to tell
        return FAILED
    except KeyboardInterrupt:  # pressed again while the first was handled
        return CANCELLED


def _debugged(make_world: MakeWorld) -> MakeWorld:
    """Return what makes the World: with AUTHKIT_DEBUG=1, one whose effects are shown."""

    def make(options: Options) -> World:
        world = make_world(options)
        if world.environ.get("AUTHKIT_DEBUG") != "1":
            return world
        from authkit import debug

        return debug.shown(world)

    return make


def _real_world(options: Options) -> World:
    from authkit.adapters.world import RealWorld

    return RealWorld(options.config, no_input=options.no_input, unasked=unasked(options))


def _command(name: str) -> Callable[[World, Options], int]:
    """Return the function `run` of the command's module, which has the command's name."""
    module = name.replace(" ", "_").replace("-", "_") + "_" * (name == "import")  # a keyword
    run: Callable[[World, Options], int]
    run = __import__(f"authkit.commands.{module}", fromlist=["run"]).run
    return run


# What ends a command.


def _ended(world: World, options: Options, trouble: BaseException) -> int:
    """Show what ended the command, and return its exit status."""
    if isinstance(trouble, BrokenPipeError):
        raise trouble
    from authkit import again  # the cached path says nothing

    failure = _limit(trouble, _failure(options, trouble))
    if KeyboardInterrupt in {type(trouble), type(trouble.__context__)}:
        world.screen.foreign()  # a terminal has shown ^C, and has not ended that line
    if failure.name in {"unexpected", "kind-raised"} and world.environ.get("AUTHKIT_DEBUG") == "1":
        _show_traceback(world, trouble)
    said = again.said(world, options, failure)
    world.screen.say(said + again.old_session(world, options, failure.status))
    if options.name == "exec" and failure.status == FAILED:
        return NOT_RUN
    return failure.status


def _failure(options: Options, trouble: BaseException) -> Failure:
    if isinstance(trouble, Failure):
        return trouble
    if isinstance(trouble, (Cancelled, KeyboardInterrupt)):
        from authkit.again import line
        from authkit.core.render import text

        command = line(options)
        return Failure("cancelled", CANCELLED, done=text("stopped"), command=command)
    if isinstance(trouble, (KeyringTrouble, StateTrouble)):
        from authkit.core.endings import ended_by

        return ended_by(trouble)
    from authkit.core.model import masked

    said = masked(str(trouble)) or "no more is known"
    error = f"{type(trouble).__name__}: {said}"
    from authkit.adapters.installed_kinds import brought_by

    if brought := brought_by(trouble.__traceback__):
        kind, distribution = brought
        return Failure("kind-raised", kind=kind, distribution=distribution, error=error)
    return Failure("unexpected", error=error)


def _limit(trouble: BaseException, failure: Failure) -> Failure:
    """Return the Failure that names the limit which the trouble comes from, if it does (B-A07)."""
    if failure.status == CANCELLED:
        return failure
    from authkit.adapters import limits
    from authkit.core.render import text

    vague = failure.name == "unexpected" or isinstance(trouble, KeyringTrouble)
    what, cure = limits.named(trouble, look=vague)
    if what and isinstance(trouble, KeyringTrouble):  # a backend's error is its trouble too (B-S05)
        what = f"{what} for the keyring"
    done = failure.values.get("done") or text("stopped")
    return Failure("limit-reached", what=what, done=done, cure=cure) if what else failure


def _show_traceback(world: World, trouble: BaseException) -> None:
    from traceback import format_exception

    from authkit.core.model import masked
    from authkit.core.render import visible

    lines = masked("".join(format_exception(trouble))).splitlines()
    world.screen.say("\n".join(map(visible, lines)))
