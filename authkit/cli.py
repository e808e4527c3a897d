"""The command line: arguments, wiring, exit codes.

`main` parses, makes the World, runs one command, and turns whatever it raised
into a message and an exit status.  On the cached path: what a command needs is
imported by the function that runs it.
"""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta
from functools import cache

from authkit import __version__, durations, render
from authkit.messages import Failure
from authkit.ports import Cancelled, KeyringTrouble, StateTrouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, NoReturn

    from authkit.identity import Identity
    from authkit.ports import World

    MakeWorld = Callable[[argparse.Namespace], World]
    Run = Callable[[World, argparse.Namespace], int]
    Option = tuple[tuple[str, ...], dict[str, Any]]

DONE, FAILED, USAGE, NOT_RUN, CANCELLED = 0, 1, 2, 125, 130


def main(argv: Sequence[str] | None = None, make_world: MakeWorld | None = None) -> int:
    """Run the command line and return the exit status."""
    make_world = make_world or _system
    line = sys.argv[1:] if argv is None else list(argv)
    options = argparse.Namespace(config=None, no_input=False, name="", given="", line=line)
    world = None
    try:
        try:
            options = parse(line)
            world = make_world(options)
            return _COMMANDS[options.name][0](world, options)
        except (Exception, KeyboardInterrupt) as trouble:  # noqa: BLE001 - B-A02
            return _ended(world or make_world(options), options, trouble)
    except BrokenPipeError:  # the reader has left, and needs no words
        return FAILED
    except KeyboardInterrupt:  # pressed again, while the first was being answered
        return CANCELLED
    except SystemExit as ending:  # argparse has shown --help or --version
        return int(ending.code or DONE)


def _system(options: argparse.Namespace) -> World:
    from authkit.system import System

    return System(options.config, no_input=options.no_input)


# What ends a command.


def _ended(world: World, options: argparse.Namespace, trouble: BaseException) -> int:
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


def _failure(options: argparse.Namespace, trouble: BaseException) -> Failure:
    if isinstance(trouble, Failure):
        return trouble
    if isinstance(trouble, (Cancelled, KeyboardInterrupt)):
        command = " ".join(["authkit", *options.line])
        stopped = render.text("stopped")
        return Failure("cancelled", CANCELLED, done=stopped, command=command)
    if isinstance(trouble, KeyringTrouble):
        done = trouble.done or str(render.text("nothing-changed"))
        facts = {"identity": trouble.identity, "reason": trouble.reason, "done": done}
        return Failure(f"keyring-{trouble.state}", FAILED, **facts)
    if isinstance(trouble, StateTrouble):
        done = trouble.done or render.text("nothing-removed")
        return Failure("state-trouble", path=trouble.path, reason=trouble.reason, done=done)
    from authkit.model import masked

    said = masked(str(trouble)) or "no more is known"
    return Failure("unexpected", error=f"{type(trouble).__name__}: {said}")


def _show_traceback(world: World, trouble: BaseException) -> None:
    from traceback import format_exception

    from authkit.model import masked

    lines = masked("".join(format_exception(trouble))).splitlines()
    world.screen.say("\n".join(map(render.visible, lines)))


# The commands.


def _login(world: World, options: argparse.Namespace) -> int:
    from authkit.login import login

    login(world, _identity(world, options), force=options.force)
    return DONE


def _whoami(world: World, options: argparse.Namespace) -> int:
    from authkit import commands

    as_json = options.output == "json"
    return commands.whoami(world, options.given, offline=options.offline, as_json=as_json)


def _exec(world: World, options: argparse.Namespace) -> int:
    from authkit.execute import execute

    return execute(
        world, options.given, options.child, least=options.min_ttl, probe=not options.no_probe
    )


def _env(world: World, options: argparse.Namespace) -> int:
    from authkit import commands

    return commands.env(world, options.given, form=options.format)


def _credential_process(world: World, options: argparse.Namespace) -> int:
    from authkit import commands

    return commands.credential_process(world, options.given)


def _list(world: World, options: argparse.Namespace) -> int:
    from authkit import commands

    as_json = options.output == "json"
    return commands.list_identities(world, check=options.check, as_json=as_json)


def _logout(world: World, options: argparse.Namespace) -> int:
    from authkit import commands, config

    if options.all and options.given:
        raise _usage("give an identity or --all, not both", "logout")
    if options.all:
        found = config.read(world.config)
        names = sorted({*config.known(world, found), *world.sessions.names()})
        kinds = {name: found.kind_of(name) for name in names}
    else:
        identity = _identity(world, options)
        kinds = {identity.name: identity.kind}
    return commands.logout(world, kinds, keys=options.keys)


def _configure(world: World, options: argparse.Namespace) -> int:
    from authkit.configure import configure

    identity = _identity(world, options)
    return configure(world, identity, from_stdin=options.stdin, verify=not options.no_verify)


def _identity(world: World, options: argparse.Namespace) -> Identity:
    from authkit import config

    identity = config.resolve(world, options.given, options.name)
    options.given = identity.name
    return identity


# The arguments.


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options: `name` is the command, `given` the identity or "".

    The line is split at the first ``--``: what follows is the child's, byte for
    byte.  Raises Failure (2), and SystemExit once help or version was shown.
    """
    ours, child = list(arguments), None
    if "--" in ours:
        cut = ours.index("--")
        ours, child = ours[:cut], ours[cut + 1 :]
    word = ours[0] if ours and not ours[0].startswith("-") else ""
    if word and word not in _WORDS:
        raise _usage(f"there is no command {word}")
    options, strange = _parser(word).parse_known_args(ours)
    if strange and options.name == "exec":
        raise _usage("the command to run comes after '--'", "exec")
    if strange:
        raise _usage(f"unrecognized arguments: {' '.join(strange)}", options.name)
    if options.name == "exec" and not child:
        raise _usage("no command to run: it comes after '--'", "exec")
    if options.name != "exec" and child is not None:
        raise _usage("only exec takes a command after '--'", options.name)
    if options.identity and options.positional and options.identity != options.positional:
        raise _usage("two identities are given", options.name)
    given = [name for name in (options.identity, options.positional) if name is not None]
    if "" in given:  # an unset variable in quotes must not mean the default identity
        raise Failure("identity-bad-name", USAGE, identity="''")
    options.given = given[0] if given else ""
    options.child, options.line = child, arguments
    return options


def _usage(reason: str, command: str = "") -> Failure:
    reason = reason[:1].upper() + reason[1:]
    return Failure("usage", USAGE, reason=reason, command=f"{command} " if command else "")


class _Parser(argparse.ArgumentParser):
    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - argparse's
        super().__init__(**settings, formatter_class=_Help, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        raise _usage(message, self.prog.removeprefix("authkit").strip())


class _Help(argparse.RawDescriptionHelpFormatter):
    """Eighty columns wide: asking the terminal would load shutil, on every start."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=80)


@cache
def _parser(word: str) -> _Parser:
    """Return the parser of the commands that begin with the word; of all, if none does.

    A parser costs as much as a module to import, and a line has use for one.
    """
    parser = _Parser(prog="authkit", description=_ABOUT, epilog=_EXAMPLES)
    parser.add_argument("--config", metavar="FILE", help="the config file to use")
    parser.add_argument("--no-input", action="store_true", help="never ask anything")
    parser.add_argument("--version", action="version", version=f"authkit {__version__}")
    groups = {"": _commands_of(parser)}
    for name in [name for name in _COMMANDS if name.split()[0] == word] or _COMMANDS:
        group, _, last = name.rpartition(" ")
        if group not in groups:
            groups[group] = _commands_of(groups[""].add_parser(group, help=_GROUPS[group]))
        _, about, *options = _COMMANDS[name]
        command = groups[group].add_parser(
            last, help=about, description=about, usage=_USAGES.get(name)
        )
        command.set_defaults(name=name, identity=None, positional=None)
        for flags, settings in options:
            command.add_argument(*flags, **settings)
    return parser


def _commands_of(parser: _Parser) -> argparse._SubParsersAction[_Parser]:
    return parser.add_subparsers(
        prog=parser.prog, title="commands", metavar="COMMAND", required=True
    )


def _duration(text: str) -> timedelta:
    try:
        return durations.within(text, shortest=timedelta(0))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


_ABOUT = """\
Log in to AWS as an IAM user.  Keys live in the keyring, sessions last as long
as you configured (36 hours with MFA, if you like), and when keys were rotated
or revoked, login notices, asks for the new ones and goes on.
"""

_EXAMPLES = """\
first steps:
  authkit login dev-admin                  log in (asks for keys the first time)
  authkit whoami dev-admin                 until when?
  authkit exec dev-admin -- aws s3 ls      run a command with the session

Without a config file any name is an IAM user in us-east-1.
"""


# The table of the commands.


def _option(*flags: str, **settings: Any) -> Option:  # noqa: ANN401 - argparse's
    return flags, settings


_IDENTITY = (
    _option("positional", nargs="?", metavar="IDENTITY", help="which identity"),
    _option("-i", "--identity", metavar="NAME", help="the same, as an option"),
)
_OUTPUT = _option(
    "--output", choices=("text", "json"), default="text", help="text (default) or json"
)

# A command's words: what runs it, what it is for, and its options.
_COMMANDS: dict[str, tuple[Run, str, *tuple[Option, ...]]] = {
    "login": (
        _login,
        "get a session; recovers from dead keys by itself",
        *_IDENTITY,
        _option("--force", action="store_true", help="make a new session in any case"),
    ),
    "whoami": (
        _whoami,
        "show who you are, and when the session ends",
        *_IDENTITY,
        _option("--offline", action="store_true", help="judge by the clock, do not ask STS"),
        _OUTPUT,
    ),
    "exec": (
        _exec,
        "run a command with the session: exec [IDENTITY] -- COMMAND",
        *_IDENTITY,
        _option(
            "--min-ttl",
            type=_duration,
            default=timedelta(0),
            metavar="DURATION",
            help="log in again first if less is left, like 1h",
        ),
        _option("--no-probe", action="store_true", help="do not ask STS after a failure"),
    ),
    "logout": (
        _logout,
        "drop the session; the keys stay in the keyring",
        *_IDENTITY,
        _option("--keys", action="store_true", help="remove the keys too"),
        _option("--all", action="store_true", help="of every identity"),
    ),
    "user configure": (
        _configure,
        "enter keys, MFA ARN and session duration",
        *_IDENTITY,
        _option("--stdin", action="store_true", help="read them as JSON, ask nothing"),
        _option("--no-verify", action="store_true", help="do not try the keys with STS"),
    ),
    "list": (
        _list,
        "show every identity",
        _option("--check", action="store_true", help="look into the keyring"),
        _OUTPUT,
    ),
    "env": (
        _env,
        'print the session as variables: eval "$(authkit env)"',
        *_IDENTITY,
        _option(
            "--format",
            choices=("sh", "fish", "powershell", "dotenv", "json"),
            default="sh",
            help="sh is the default",
        ),
    ),
    "credential-process": (
        _credential_process,
        "print the session for the AWS SDKs",
        *_IDENTITY,
    ),
}
_WORDS = {name.split()[0] for name in _COMMANDS}
_GROUPS = {"user": "change what is stored: user configure"}
_USAGES = {"exec": "authkit exec [IDENTITY] [OPTION...] -- COMMAND [ARG...]"}
