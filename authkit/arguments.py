"""The command line: tables of commands and options, and how a line is read by them.  Pure.

A line is read from left to right.  An option means the same for every command, so it
is read in the same way wherever it stands; a command lists the names of the options
that it takes.  This module is on the cached path, where argparse would add three tenths of the
interpreter's own start (docs/decisions/the-command-line-is-a-table.md).
"""

from __future__ import annotations

from authkit.core.failures import USAGE, Failure
from authkit.core.model import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence


class Options:
    """What a line asks for; the defaults are for what it does not say.

    `ours` is the part of the line that authkit has read: the rest is exec's command.
    """

    name = "help"  # the command
    about = ""  # for help: the command, "" for authkit itself
    bare = False  # for help: no command was given
    given = ""  # the identity
    word = 0  # for exec: where on the line `given` stands as a word
    child: Sequence[str] = ()  # for exec: the command to run, and its arguments; none: a shell
    doubtful = False  # for exec: `given` may be meant as the command, with '--' forgotten
    config: str | None = None
    no_input = False
    force = False
    offline = False
    output = "text"
    min_ttl = 0  # seconds
    no_probe = False
    keys = False
    all = False
    stdin = False
    no_verify = False
    check = False
    probe = False
    format = "sh"
    unset = False
    region = ""
    duration = 0  # seconds
    profile = ""  # the name of an AWS profile, "" for the identity's own
    profiles: Sequence[str] = ()  # for import: the AWS profiles, or what an identity is called
    csv = ""
    env = False
    remove = False

    def __init__(self, line: Sequence[str] = ()) -> None:
        self.line = self.ours = list(line)


class Option(Value):
    """An option; `takes` names its value, and is "" where it has none.

    `also` are its other spellings; one that is given here with a value, as in
    ``--json=json``, takes none.  `read` converts the value, or raises ValueError with
    a reason that can be shown.  `sets` is the attribute of `Options`, "" if it is called as the
    option; one with `many` may be given more than once.  `elsewhere` is the help of commands for
    which `help` is not right.
    """

    help: str
    takes: str = ""
    also: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    read: Callable[[str], object] = str
    sets: str = ""
    many: bool = False
    elsewhere: Mapping[str, str] = {}

    def about(self, command: str) -> str:
        """Return what it means for a command."""
        return self.elsewhere.get(command, self.help)


class Command(Value):
    """A command: what it is for, and which options it takes beside those of `ANYWHERE`.

    An option that is another spelling of one elsewhere is its own here (import's --profile).
    """

    help: str
    options: tuple[str, ...]
    identity: bool = True  # whether it takes one
    usage: tuple[str, ...] = ()  # its usage lines, where they are not the usual one


def _lasts(text: str) -> int:
    from authkit.core import durations  # not needed on the cached path

    return durations.within(text)


def _time_left(text: str) -> int:
    from authkit.core import durations  # the same

    left = durations.parse(text)
    if left > durations.LONGEST:
        raise ValueError(f"no session lasts longer than {durations.spell(durations.LONGEST)}")
    return left


def _name(text: str) -> str:
    from authkit.core import names

    name = names.normal(text)
    if not names.is_name(name):
        raise ValueError("a profile is called as an identity may be")
    return name


def _region(text: str) -> str:
    from authkit.core import regions  # not needed on the cached path

    return regions.check(text)


OPTIONS = {
    "--identity": Option(
        "the same, as an option (-p, --profile too)", takes="NAME", also=("-i", "-p", "--profile")
    ),
    "--force": Option("make a new session in any case"),
    "--duration": Option(
        "how long this session lasts, like 8h; default: the config file's, else the keyring's, "
        "else 12h (a role's: 1h)",
        takes="DURATION",
        read=_lasts,
    ),
    "--region": Option(
        "the region for this run; default: the config file's, else (exec, env) AWS_REGION or "
        "AWS_DEFAULT_REGION, else us-east-1",
        takes="REGION",
        read=_region,
        elsewhere={"profile add": "the region of the profile; default: the config file's"},
    ),
    "--offline": Option("judge by the clock, do not ask STS"),
    "--output": Option(
        "text (the default) or json; --json is the same as --output json",
        takes="FORM",
        also=("--json=json",),
        choices=("text", "json"),
    ),
    "--min-ttl": Option(
        "log in again first if less is left, like 1h; default: 0s",
        takes="DURATION",
        read=_time_left,
    ),
    "--no-probe": Option("do not ask STS after a failure"),
    "--keys": Option("remove the keys too"),
    "--all": Option("for every identity", elsewhere={"import": "import every AWS profile"}),
    "--stdin": Option("read the fields as JSON, ask nothing"),
    "--no-verify": Option("do not try the keys with STS"),
    "--check": Option("look into the keyring"),
    "--probe": Option("write an entry to the keyring, and remove it again"),
    "--format": Option(
        "sh (the default; bash and zsh are the same), fish (authkit env --format fish | source), "
        "powershell (authkit env --format powershell | Out-String | iex), dotenv or json",
        takes="FORM",
        choices=("sh", "bash", "zsh", "fish", "powershell", "dotenv", "json"),
    ),
    "--unset": Option("print what removes these variables again"),
    "--name": Option(
        "what the profile is called; default: as the identity",
        takes="NAME",
        read=_name,
        sets="profile",
    ),
    "--profile": Option(
        "an AWS profile to import (may be repeated); with --csv and --env: what the identity is "
        "called",
        takes="NAME",
        sets="profiles",
        many=True,
    ),
    "--csv": Option("import the key in a CSV of the AWS console", takes="FILE"),
    "--env": Option("import the key in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"),
    "--remove": Option("take the two lines of each saved key out of AWS's file"),
    "--config": Option("the config file to use; default: AUTHKIT_CONFIG", takes="FILE"),
    "--no-input": Option("never ask anything; CI=true does the same"),
    "--record": Option("write what happens as a scenario file, to be read and sent", takes="FILE"),
    "--record-texts": Option("with it, keep texts from outside too"),
    "--version": Option("show which authkit this is, and do nothing", also=("-V",)),
    "--help": Option("show this, or what a command takes", also=("-h",)),
}
NEVER_ASK = ("credential-process", "doctor")  # commands in which nobody is asked
RECORDING = ("--record", "--record-texts")  # these stand first: ``commands.record`` reads them
ANYWHERE = ("--config", "--no-input", "--help")
FOR_COMPLETION = "complete-identities"  # a command of the shells' completions, not of the person
COMMANDS = {
    "login": Command(
        "get a session; recovers from dead keys by itself", ("--force", "--duration", "--region")
    ),
    "whoami": Command("show who you are, and when the session ends", ("--offline", "--output")),
    "exec": Command(
        "run a command with the session, or your shell; the first word is always IDENTITY",
        ("--min-ttl", "--no-probe", "--region"),
        usage=(
            "[OPTION...] IDENTITY [[--] COMMAND [ARG...]]",
            "[OPTION...] -- COMMAND [ARG...]",
        ),
    ),
    "logout": Command("drop the session; the keys stay in the keyring", ("--keys", "--all")),
    "user configure": Command(
        "enter keys, MFA ARN and session duration", ("--stdin", "--no-verify")
    ),
    "import": Command(
        "take AWS profiles, with their keys and roles, into authkit",
        ("--profile", "--all", "--csv", "--env", "--remove", "--no-verify"),
        identity=False,
    ),
    "list": Command("show every identity", ("--check", "--output"), identity=False),
    "env": Command(
        'print the session as variables: eval "$(authkit env)"',
        ("--format", "--unset", "--region"),
    ),
    "credential-process": Command("print the session for the AWS SDKs", ()),
    "profile add": Command(
        "have AWS programs use the session, by a profile", ("--name", "--region")
    ),
    "profile remove": Command("remove such a profile from AWS's config file", ("--name",)),
    "doctor": Command("look for what is wrong, and say what mends it", ("--probe", "--output")),
    "help": Command("show this, or what a command takes", (), identity=False, usage=("[COMMAND]",)),
}
# Every spelling of an option: the option, and the value that the spelling stands for.
_SPELLINGS = {flag: (flag, "") for flag in OPTIONS} | {
    spelling.partition("=")[0]: (flag, spelling.partition("=")[2])
    for flag, option in OPTIONS.items()
    for spelling in option.also
}


def unasked(options: Options) -> str:
    """Return why nobody is asked, whoever is there, "" for no reason."""
    if options.stdin:
        return "--stdin was given"
    return f"{options.name} never asks" if options.name in NEVER_ASK else ""


def parse(line: Sequence[str]) -> Options:
    """Return what the line asks for.  Raises Failure (2).

    What exec runs begins after ``--``, or with the first word of the command; it is
    not read, and is the child's byte for byte.
    """
    options = Options(line)
    if options.line == [FOR_COMPLETION]:
        options.name = FOR_COMPLETION
        return options
    words, said = _read(options)
    asked = {flag for flag, _, _ in said}
    wants_help = "--help" in asked or words[:1] == ["help"]
    if words[:1] == ["help"] and (words[1:] or "--help" not in asked):
        del words[0]
    if options.name == "version" and not wants_help:
        return options
    options.name = "help"
    if not words:
        options.bare = not wants_help
        return options
    name, names = _command(words, begun_will_do=wants_help)
    own = COMMANDS[name].options if name in COMMANDS else ()
    said = [(spelt if spelt in own else flag, value, spelt) for flag, value, spelt in said]
    names += [value for flag, value, _ in said if flag == "--identity"]
    options.given = _identity(name, names)
    if wants_help:
        options.about = name
        return options
    options.name = name
    for flag, value, spelt in said:
        _set(options, flag, value, spelt)
    _set_child(options, doubtful=len(words) > 1 and "--identity" not in asked)
    return options


def usage(reason: str, command: str = "") -> Failure:
    """Return the Failure for a line that cannot be read."""
    return Failure("usage", USAGE, reason=reason, command=f"{command} " if command else "")


def _read(options: Options) -> tuple[list[str], list[tuple[str, str, str]]]:
    """Return the words that are not options; and the options, their values, how they are spelt.

    Sets `ours`, `word`, and `name` for --version before the command.  Raises Failure.
    """
    words: list[str] = []
    said: list[tuple[str, str, str]] = []
    line, place = options.line, 0
    while place < len(line) and line[place] != "--":
        word = line[place]
        place += 1
        if word == "-" or not word.startswith("-"):
            named = len(words) > 1 or any(flag == "--identity" for flag, _, _ in said)
            if words[:1] == ["exec"] and named:
                place -= 1
                break
            words.append(word)
            if words[0] == "exec":
                options.word = place - 1
            continue
        flag, value, spelt, apart = _option(word, line[place : place + 1], words)
        place += apart
        said.append((flag, value, spelt))
        if flag == "--version" and not words:  # before the command, which is not run then
            options.name = "version"
    options.ours = line[:place]
    return words, said


def _option(
    word: str, following: Sequence[str], words: Sequence[str]
) -> tuple[str, str, str, bool]:
    """Return an option, its value, how it is spelt, and whether its value is the following word.

    `words` stand before it on the line.  Raises Failure.
    """
    spelt, equals, value = word.partition("=")
    if word[:2] in _SPELLINGS:
        spelt, equals, value = word[:2], word[2:], word[2:].removeprefix("=")
    if spelt not in _SPELLINGS:
        raise _strange(words, f"There is no option {spelt}", near=spelt)
    flag, stands_for = _SPELLINGS[spelt]
    takes = "" if stands_for else OPTIONS[flag].takes
    if equals and not takes:
        raise _strange(words, f"{spelt} takes no value")
    apart = bool(takes and not equals)
    if apart:
        value = next(iter(following), "-")
        if value.startswith("-"):
            raise _strange(words, f"{spelt} takes a {takes}")
    return flag, value or stands_for, spelt, apart


def _strange(words: Sequence[str], reason: str, near: str = "") -> Failure:
    """Return the Failure for an option that cannot be read, behind these words.

    `near` is what a nearest option is looked for.
    """
    name = _begun(words)
    if near:
        taken = (*COMMANDS[name].options, *ANYWHERE, "--identity") if name else OPTIONS
        reason += _nearest(near, [word for word, (flag, _) in _SPELLINGS.items() if flag in taken])
    return usage(reason + _forgotten(words), name)


def _forgotten(words: Sequence[str]) -> str:
    """Return what to type if exec's first word is the command: a forgotten '--' is frequent."""
    if words[:1] != ["exec"] or len(words) == 1:
        return ""
    return f" (if {words[1]} is the command: exec -- {words[1]} …)"


def _nearest(word: str, words: Iterable[str]) -> str:
    from authkit.core.render import nearest_is

    return nearest_is(word, words)


def _command(words: Sequence[str], *, begun_will_do: bool) -> tuple[str, list[str]]:
    """Return the command at the beginning of the words, and the other words.  Raises Failure.

    With `begun_will_do`, the first of a command's two words is enough.
    """
    if name := _begun(words):
        return name, [*words[len(name.split()) :]]
    begun = [name for name in COMMANDS if words[0] == name.split()[0]]
    if begun and begun_will_do and len(words) == 1:
        return begun[0], []
    if begun and len(words) == 1:
        raise usage(f"{words[0]} is only a part of a command: {', '.join(begun)}")
    typed = next((t for t in (" ".join(words[:2]), words[0]) if _nearest(t, COMMANDS)), words[0])
    raise usage(f"There is no command {typed or repr(typed)}{_nearest(typed, COMMANDS)}")


def _begun(words: Sequence[str]) -> str:
    """Return the command at the beginning of the words, "" for none."""
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
        forgotten = _forgotten([name, *names])
        raise usage(f"Two identities are given, {names[0]} and {names[1]}{forgotten}", name)
    return names[0]


def _set(options: Options, flag: str, value: str, spelt: str) -> None:
    """Store the value of an option.  Raises Failure."""
    name, option = options.name, OPTIONS[flag]
    if flag == "--identity":
        return  # `_identity` reads it
    if flag in RECORDING:
        raise usage(f"{spelt} stands first: authkit --record FILE [--record-texts] COMMAND")
    if flag not in (*COMMANDS[name].options, *ANYWHERE):
        raise usage(f"{name} takes no {spelt}", name)
    if option.choices and value not in option.choices:
        near = _nearest(value, option.choices)
        choices = ", ".join(option.choices)
        raise usage(f"{flag} takes {choices}, not {value or 'nothing'}{near}", name)
    try:
        told = option.read(value) if option.takes else True
    except ValueError as error:
        raise usage(f"{flag} {value}: {error}", name) from None
    sets = option.sets or flag[2:].replace("-", "_")
    setattr(options, sets, (*getattr(options, sets), told) if option.many else told)


def _set_child(options: Options, *, doubtful: bool) -> None:
    """Store what exec is to run.  Raises Failure."""
    name, rest = options.name, options.line[len(options.ours) :]
    if name != "exec":
        if rest:
            raise usage("Only exec takes a command after '--'", name)
        return
    if rest == ["--"]:
        raise usage("No command to run: it comes after '--'", name)
    if not rest and not options.given:
        raise usage("Neither an identity nor a command is given", name)
    options.doubtful = doubtful and rest[:1] != ["--"]
    if rest:
        options.child = rest[1:] if rest[0] == "--" else rest
