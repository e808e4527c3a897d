"""authkit env: the session as variables, in a shell's spelling or as JSON.  On the cached path."""

from __future__ import annotations

from authkit.core import environment, sessions
from authkit.core.model import Value
from authkit.core.render import json_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from authkit.arguments import Options
    from authkit.core.ports import World

# fish keeps universal variables for every shell of the person's: `env` leaves those, and says so.
_FISH_UNSET = (
    "set -qU {0}; and echo '{0} is a universal variable of fish, which stays: set -eU {0}' >&2; "
    "set -eg {0}"
)
# Within PowerShell's single quotes the typographic ones end the text too.
_POWERSHELL = {quote: quote * 2 for quote in "'\u2018\u2019\u201a\u201b"}

# In fish a backslash escapes a quote within single quotes: there the text ends one quote earlier
# than in sh, and what follows it is run.  In `eval (authkit env)` all lines are one, so that the
# comment hides the secrets, which fish would show with every command that it does not know.
# In the braces stands --unset, where the line has it.
_FOR_FISH = 'echo "This is for sh. In fish: authkit env{} --format fish | source" >&2; false'
_REFUSED_BY_FISH = rf": '\' '; {_FOR_FISH} # ';"


class Form(Value):
    """How a shell sets a variable, what is escaped within its quotes, and how it unsets one.

    `first` and `last` are lines around these.
    """

    line: str
    escapes: Mapping[str, str]
    unset: str = ""
    first: str = ""
    last: str = ""


# Many write eval $(authkit env) without quotes, where lines become one: unset must end.
_SH = Form("export {}='{}'", {"'": "'\\''"}, "unset {};", first=_REFUSED_BY_FISH)
FORMATS = {
    "sh": _SH,
    "bash": _SH,
    "zsh": _SH,
    # In fish `set -e` of a variable that is not set fails, and `set -gx` keeps that status.
    "fish": Form("set -gx {} '{}'", {"\\": "\\\\", "'": "\\'"}, _FISH_UNSET, last="true"),
    "powershell": Form("$Env:{} = '{}'", _POWERSHELL, "$Env:{} = $null"),
    "dotenv": Form("{}={}", {"\n": "\\n"}),
}


def run(world: World, options: Options) -> int:
    """Print what `exec` would set and strip, or with --unset what removes it again.

    Raises Failure when there is no session, StateTrouble.
    """
    values: dict[str, str | None]
    others = environment.others(world.environ)
    if options.unset:
        values = dict.fromkeys([*others, *_set_by_env(world, options)])
    else:
        name, cached = sessions.unexpired(world, options.given)
        if options.region:
            cached = cached.replaced(region=options.region)
        values = {**environment.variables(name, cached, world.environ)}
        values |= {name: None for name in (*others, *cached.variables) if name not in values}
    if options.format == "json":
        world.screen.put(json_object(values))
    elif FORMATS[options.format].unset:
        world.screen.put("\n".join(_lines(options.format, values)))
    else:
        _put_without_unsetting(world, options, values)
    return 0


def _lines(form: str, values: Mapping[str, str | None]) -> list[str]:
    """Return a line for each variable, those to unset (None) first."""
    shell = FORMATS[form]
    quoting = str.maketrans(dict(shell.escapes))
    gone = [shell.unset.format(name) for name, value in values.items() if value is None]
    there = [
        shell.line.format(name, value.translate(quoting))
        for name, value in values.items()
        if value is not None
    ]
    first = shell.first.format("" if there else " --unset")
    return [line for line in (first, *gone, *there, shell.last) if line]


def _put_without_unsetting(
    world: World, options: Options, values: Mapping[str, str | None]
) -> None:
    """Print what a form that cannot unset variables can say.  Raises Failure for --unset."""
    from authkit.arguments import usage
    from authkit.core.render import text

    if options.unset:
        raise usage(f"A {options.format} file cannot unset variables", options.name)
    world.screen.put("\n".join(_lines(options.format, values)))
    world.screen.say(text("cannot-unset"))


def _set_by_env(world: World, options: Options) -> list[str]:
    """Return the variables that `env` has set besides those of other credentials.

    A region is one of them where it is the session's: else it is the person's own.
    """
    from authkit.core import config
    from authkit.core.model import DEFAULT_REGION
    from authkit.core.names import meant

    name = meant(options.given, world.environ)
    identity = config.read(world.config).identities.get(name)
    region = options.region or (identity.region if identity else DEFAULT_REGION)
    elsewhere = identity and identity.kind.flow  # only its session tells the names
    cached = sessions.load(world, name, quiet=True) if elsewhere else None
    regions = [v for v in environment.REGIONS if name and world.environ.get(v) == region]
    theirs = cached.variables if cached else ()
    return [*regions, *theirs, "AWS_SESSION_EXPIRATION", "AUTHKIT_IDENTITY"]
