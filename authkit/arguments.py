"""The command line: what there is to say, as data, and how a line is read by it.  Pure.

Every option is read in the same way wherever it stands, since none means two
things; which of them a command takes is a list of their names.  This is on the
cached path, where argparse would be three tenths of the interpreter's own start
(docs/decisions/the-command-line-is-a-table.md).
"""

from __future__ import annotations

from datetime import timedelta

from authkit.core import durations
from authkit.core.failures import USAGE, Failure
from authkit.core.model import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Options:
    """What a line asks for.  The defaults are what it asks for by not saying anything."""

    name = "help"  # the command
    about = ""  # help: of which command
    given = ""  # the identity
    child: Sequence[str] = ()  # exec: the command to run, and its arguments
    config: str | None = None
    no_input = False
    force = False
    offline = False
    output = "text"
    min_ttl = timedelta(0)
    no_probe = False
    keys = False
    all = False
    stdin = False
    no_verify = False
    check = False
    format = "sh"

    def __init__(self, line: Sequence[str] = ()) -> None:
        self.line = list(line)


class Option(Value):
    """An option; `takes` names its value, and is "" where it has none.

    `read` makes of the value what the command works with, or raises ValueError
    with a reason that can be shown.
    """

    help: str
    takes: str = ""
    short: str = ""
    choices: tuple[str, ...] = ()
    read: Callable[[str], object] = str


class Command(Value):
    """A command: what it is for, and the options that it takes beside `ANYWHERE`."""

    help: str
    options: tuple[str, ...]
    identity: bool = True  # whether it is about one
    usage: str = ""  # what its line ends with


def _time_left(text: str) -> timedelta:
    left = durations.parse(text)
    if left > durations.LONGEST:
        raise ValueError(f"no session lasts longer than {durations.spell(durations.LONGEST)}")
    return left


OPTIONS = {
    "--identity": Option("the same, as an option", takes="NAME", short="-i"),
    "--force": Option("make a new session in any case"),
    "--offline": Option("judge by the clock, do not ask STS"),
    "--output": Option("text (the default) or json", takes="FORM", choices=("text", "json")),
    "--min-ttl": Option(
        "log in again first if less is left, like 1h", takes="DURATION", read=_time_left
    ),
    "--no-probe": Option("do not ask STS after a failure"),
    "--keys": Option("remove the keys too"),
    "--all": Option("of every identity"),
    "--stdin": Option("read the fields as JSON, ask nothing"),
    "--no-verify": Option("do not try the keys with STS"),
    "--check": Option("look into the keyring"),
    "--format": Option(
        "sh (the default), fish, powershell, dotenv or json",
        takes="FORM",
        choices=("sh", "fish", "powershell", "dotenv", "json"),
    ),
    "--config": Option("the config file to use", takes="FILE"),
    "--no-input": Option("never ask anything"),
    "--version": Option("show which authkit this is, and do nothing"),
    "--help": Option("show this, or what a command takes", short="-h"),
}
ANYWHERE = ("--config", "--no-input", "--help")
COMMANDS = {
    "login": Command("get a session; recovers from dead keys by itself", ("--force",)),
    "whoami": Command("show who you are, and when the session ends", ("--offline", "--output")),
    "exec": Command(
        "run a command with the session",
        ("--min-ttl", "--no-probe"),
        usage=" -- COMMAND [ARG...]",
    ),
    "logout": Command("drop the session; the keys stay in the keyring", ("--keys", "--all")),
    "user configure": Command(
        "enter keys, MFA ARN and session duration", ("--stdin", "--no-verify")
    ),
    "list": Command("show every identity", ("--check", "--output"), identity=False),
    "env": Command('print the session as variables: eval "$(authkit env)"', ("--format",)),
    "credential-process": Command("print the session for the AWS SDKs", ()),
}
_FLAGS = {option.short: flag for flag, option in OPTIONS.items() if option.short}


def parse(line: Sequence[str]) -> Options:
    """Return what the line asks for.  Raises Failure (2).

    It is split at the first ``--``: what follows is the child's, byte for byte.
    """
    options = Options(line)
    ours, childs = split(options.line)
    words, said = _read(ours)
    wants_help = ("--help", "") in said
    if not words and (wants_help or ("--version", "") in said):
        options.name = "help" if wants_help else "version"
        return options
    name, names = _command(words, begun_will_do=wants_help)
    names += [value for flag, value in said if flag == "--identity"]
    options.given = _identity(name, names)
    if wants_help:
        options.about = name
        return options
    options.name = name
    for flag, value in said:
        _set(options, flag, value)
    if name == "exec":
        options.child = childs[1:]
        if not options.child:
            raise usage("No command to run: it comes after '--'", name)
    elif childs:
        raise usage("Only exec takes a command after '--'", name)
    return options


def split(line: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return what is authkit's of a line, and what is the child's, from the first ``--`` on."""
    cut = line.index("--") if "--" in line else len(line)
    return [*line[:cut]], [*line[cut:]]


def usage(reason: str, command: str = "") -> Failure:
    """Return what a line that cannot be read ends with."""
    return Failure("usage", USAGE, reason=reason, command=f"{command} " if command else "")


def _read(line: Sequence[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the words that are no options, and the options with their values.  Raises Failure."""
    words: list[str] = []
    said: list[tuple[str, str]] = []
    rest = iter(line)
    for word in rest:
        if word == "-" or not word.startswith("-"):
            words.append(word)
            continue
        flag, equals, value = word.partition("=")
        if word[:2] in _FLAGS:
            flag, equals, value = _FLAGS[word[:2]], word[2:], word[2:].removeprefix("=")
        if flag not in OPTIONS:
            raise _strange(words, f"There is no option {flag}")
        takes = OPTIONS[flag].takes
        if equals and not takes:
            raise _strange(words, f"{flag} takes no value")
        if takes and not equals:
            value = next(rest, "-")
            if value.startswith("-"):
                raise _strange(words, f"{flag} takes a {takes}")
        said.append((flag, value))
    return words, said


def _strange(words: Sequence[str], reason: str) -> Failure:
    """Return what a line ends with in which this stands behind these words."""
    name = _begun(words)
    return usage(f"{reason}{_AFTER if name == 'exec' and len(words) > 1 else ''}", name)


_AFTER = "; what is to be run comes after '--'"  # what it is forgotten for, most often


def _command(words: Sequence[str], *, begun_will_do: bool) -> tuple[str, list[str]]:
    """Return the command that the words begin with, and the words behind it.  Raises Failure.

    `begun_will_do`: the first of a command's two words stands for both.
    """
    if name := _begun(words):
        return name, [*words[len(name.split()) :]]
    for name in COMMANDS if begun_will_do else ():
        if [*words] == name.split()[:1]:
            return name, []
    if not words:
        raise usage("No command is given")
    from authkit.core.render import nearest

    word = words[0] or "''"
    raise usage(f"There is no command {word}; the nearest is {nearest(word, COMMANDS)[0]}")


def _begun(words: Sequence[str]) -> str:
    """Return the command that the words begin with, "" for none."""
    begins = (" ".join(words[:length]) for length in (1, 2))
    return next((name for name in begins if name in COMMANDS), "")


def _identity(name: str, names: Sequence[str]) -> str:
    """Return the identity that is named, "" for none.  Raises Failure."""
    if not names:
        return ""
    if "" in names:  # an unset variable in quotes must not mean the default identity
        raise Failure("identity-bad-name", USAGE, identity="''")
    if not COMMANDS[name].identity:
        raise usage(f"{name} takes no identity", name)
    if len({*names}) > 1:
        after = _AFTER if name == "exec" else ""
        raise usage(f"Two identities are given, {names[0]} and {names[1]}{after}", name)
    return names[0]


def _set(options: Options, flag: str, value: str) -> None:
    """Set what an option says.  Raises Failure."""
    name, option = options.name, OPTIONS[flag]
    if flag == "--identity":
        return  # one of the names
    if flag not in (*COMMANDS[name].options, *ANYWHERE):
        raise usage(f"{name} takes no {flag}", name)
    if option.choices and value not in option.choices:
        raise usage(f"{flag} takes {', '.join(option.choices)}, not {value or 'nothing'}", name)
    try:
        told = option.read(value) if option.takes else True
    except ValueError as error:
        raise usage(f"{flag} {value}: {error}", name) from None
    setattr(options, flag[2:].replace("-", "_"), told)
