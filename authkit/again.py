"""The commands that go on from where one ended, with the options that were given (B-L27).

Messages name such a command as ``{login}``, ``{configure}`` or ``{logout}``.  Not on the
cached path: they are needed when a command ends in trouble.
"""

from __future__ import annotations

from contextlib import suppress
from shlex import quote

from authkit.core import durations, render
from authkit.core.failures import USAGE
from authkit.core.messages import BY_OPTION, BY_SETTING
from authkit.core.render import Visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from authkit.arguments import Options
    from authkit.core.config import Config
    from authkit.core.failures import Failure
    from authkit.core.ports import World

_IN_DOUBLE = frozenset('"$`\\!\n')  # what means something within double quotes
_LOG_IN = ("login", "exec")  # the commands that do


def line(options: Options) -> str:
    """Return the line to type again, without the child's command."""
    return _joined(options.ours) + (" -- …" if options.child else "")


def attended(options: Options) -> Visible:
    """Return the line to type again where somebody is to be asked."""
    asking = [word for word in options.ours if word != "--no-input"]
    return Visible(render.visible(_joined(asking)))


def as_command(options: Options, name: str = "") -> str:
    """Return exec's line with the word that it took for the identity as the command.

    It names an identity where it has to: where none is meant without a name.
    """
    named = [_joined(options.ours[: options.word]), *([name] if name else [])]
    return " ".join([*named, "--", render.visible(_quoted(options.given)), "…"])


def command(options: Options, verb: str, name: str, *more: str) -> Visible:
    """Return authkit's command `verb` for an identity: with `more` options, and the line's.

    Where no identity is known the command has the word NAME in its place.
    """
    words = dict.fromkeys([*more, *_given(options, verb)])
    shown = render.quoted(render.visible(name or "NAME"))
    return Visible(" ".join([f"authkit {verb} --identity {shown}", *words]))


def renamed(options: Options, name: str, profile: str = "NAME") -> Visible:
    """Return the command about a profile of an identity once more, with the profile's name."""
    shown = render.quoted(render.visible(profile))
    return command(options, options.name, name, f"--name {shown}")


def without_identity(options: Options, verb: str, *words: str) -> Visible:
    """Return authkit's command `verb` for no identity that is known, with the line's options."""
    return Visible(" ".join(["authkit", verb, *words, *_given(options, verb)]))


def first(options: Options, found: Config) -> Visible:
    """Return how to have an identity that is yet to be named.

    Where there is a config file, only what stands in it, or has keys, is one (B-K04).
    """
    login = without_identity(options, "login", "NAME")
    if found.found:
        return render.text("first-table", path=found.path, login=login)
    return render.text("first-login", login=login)


def guides(world: World, options: Options, failure: Failure) -> dict[str, object]:
    """Return the commands that the message of a Failure may name, as values for it.

    What `login` and `exec` end with is about the identity that the person asked for, also
    where the login of a role's source ended.  A session that is too short for `exec
    --min-ttl` is good enough for a login without ``--force``.
    """
    about = ("identity", "other", "profile", "source")
    named, other, profile, source = (str(failure.values.get(which, "")) for which in about)
    meant = _meant(world, options, failure) or named
    of_role = "session-made" if meant == named else "session-of-role-kept"
    asked = meant if options.name in _LOG_IN else named or meant
    force = ["--force"] if options.min_ttl else []
    keys = " --keys" * options.keys
    child = " -- COMMAND" if options.name == "exec" else ""
    return {
        "again": line(options),
        "list": without_identity(options, "list"),
        "first_login": without_identity(options, "login", "NAME"),
        "meant": meant,
        **_settings(options, named or meant),
        "by": _by(world, options, named),
        "session_made": render.text(of_role, meant=meant),
        "named": Visible(f"{_joined(options.ours)} NAME{child}"),
        "login": command(options, "login", asked, *force),
        "configure": command(options, "user configure", named or meant),
        "logout": command(options, f"logout{keys}", named or meant),
        "renamed": renamed(options, named or meant),
        "of_other": renamed(options, other, profile),
        "source_login": _of_source(options, source),
    }


def said(world: World, options: Options, failure: Failure) -> Visible:
    """Return the message of a Failure, with the commands that it names."""
    return render.text(failure.name, **{**guides(world, options, failure), **failure.values})


def old_session(world: World, options: Options, status: int) -> str:
    """Return a line about the session that still holds where another was asked for, else ""."""
    another = options.force or options.min_ttl or options.duration or options.region
    if not another or options.name not in _LOG_IN or status == USAGE:
        return ""
    from authkit.core import config, sessions

    with suppress(Exception):  # nothing here may hide what ended the command
        name = config.resolve(world, options.given).name
        cached = sessions.load(world, name, quiet=True)
        if cached and cached.left(world.clock.time()) > 0:
            until = render.instant(cached.session.expiration, world.clock.zone())
            return "\n  " + render.text("old-session-holds", until=until)
    return ""


def _settings(options: Options, name: str) -> dict[str, str]:
    """Return what hints name of the settings that the line gives, else the config file."""
    given = dict.fromkeys(BY_OPTION, options.region) | {"set_duration": options.duration}
    by = {what: BY_OPTION if given[what] else BY_SETTING for what in BY_OPTION}
    return {what: render.fill(words[what], identity=name) for what, words in by.items()}


def _by(world: World, options: Options, name: str) -> str:
    """Return where the name of an identity comes from, "" where the line or a file has it."""
    from authkit.core.names import meant

    by_variable = not options.given and name and name == meant("", world.environ)
    return render.text("by-variable") if by_variable else ""


def _joined(words: Sequence[str]) -> str:
    return " ".join(["authkit", *map(_quoted, words)])


def _quoted(word: str) -> str:
    """Return a word as a shell takes it, in double quotes where they will do, as a name is.

    They can stand in a message's single quotes.
    """
    in_shell = quote(word)
    return in_shell if in_shell == word or _IN_DOUBLE.intersection(word) else f'"{word}"'


def _given(options: Options, verb: str) -> list[str]:
    """Return the options of the line that a command of this verb bears too, each with its value."""
    same = verb == options.name
    made = verb == "login" and options.name in _LOG_IN
    region = options.region if made or verb == "profile add" else ""
    words = {
        "--force": same and options.force,
        "--no-verify": same and options.no_verify,
        f"--config {render.visible(_quoted(options.config or ''))}": options.config is not None,
        f"--duration {durations.spell(options.duration)}": verb == "login" and options.duration,
        f"--region {region}": region,
    }
    return [word for word, wanted in words.items() if wanted]


def _of_source(options: Options, source: str) -> Visible:
    """Return the login of a role's source: what was asked of the role's is not asked of it."""
    plain = type(options)()
    plain.config = options.config
    return command(plain, "login", source, "--force")


def _meant(world: World, options: Options, failure: Failure) -> str:
    """Return the identity that the line means, "" where that cannot be told."""
    from authkit.core import config
    from authkit.core.names import meant

    name = meant(options.given, world.environ)
    with suppress(Exception):  # nothing here may hide what ended the command
        if not name and failure.status != USAGE:
            name = config.resolve(world, "").name
    return name
