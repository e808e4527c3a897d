"""The pages that help shows, from the table of commands and options.  Pure."""

from __future__ import annotations

from textwrap import fill

from authkit.arguments import ANYWHERE, COMMANDS, OPTIONS, RECORDING
from authkit.core.kinds import KINDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    Rows = Iterable[tuple[str, str]]

WIDTH = 80  # columns, for what is written to a file
DOCS = "https://github.com/aws-authkit/aws-authkit"  # in pyproject.toml too

ABOUT = (
    "Log in to AWS as an IAM user.  Keys live in the keyring, sessions last as long as you "
    "configured (36 hours with MFA, if you like), and when keys were rotated or revoked, login "
    "notices, asks for the new ones and goes on."
)
EXAMPLES = (
    ("authkit login dev-admin", "log in (asks for keys the first time)"),
    ("authkit whoami dev-admin", "until when?"),
    ("authkit exec dev-admin -- aws s3 ls", "run a command with the session"),
)
VARIABLES = (
    ("AUTHKIT_IDENTITY", "the identity when none is named"),
    ("AUTHKIT_CONFIG", "the config file; default: ~/.config/authkit/config.toml"),
    ("AUTHKIT_STATE_DIR", "where sessions are kept; default: ~/.local/state/authkit"),
    ("AUTHKIT_LOCK_TIMEOUT", "how long to wait for another login; default: 10m"),
    ("AUTHKIT_KEYRING", "file: authkit's encrypted file; default: the desktop's keyring"),
    ("AUTHKIT_KEYRING_PASSPHRASE_COMMAND", "a command that prints that file's passphrase"),
    ("AUTHKIT_KEYRING_PASSPHRASE", "the passphrase itself"),
    ("AUTHKIT_DEBUG", "1: show every effect, and tracebacks; no secrets"),
)
LAST = (
    "Without a config file any name is an IAM user in us-east-1.  On macOS and Windows "
    "its folder, and that of the sessions, are the system's own."
)
WHICH = "which; default: AUTHKIT_IDENTITY, else the config file's default, else the only one"
_MORE = f"More: {DOCS}"


def page(name: str = "", width: int = WIDTH) -> str:
    """Return the page of a command, or with "" that of authkit itself, `width` columns wide."""
    if not name:
        parts = [
            _usages(["authkit [OPTION...] COMMAND ..."], width),
            _wrapped(ABOUT, width),
            "commands:\n" + _table(((n, c.help) for n, c in COMMANDS.items()), width),
            "options:\n" + _table(_options(("--version", *ANYWHERE, *RECORDING)), width),
            "environment:\n" + _table(VARIABLES, width),
            "first steps:\n" + _table(EXAMPLES, width, column=40),
            _wrapped(LAST, width),
            _MORE,
        ]
        return "\n\n".join(parts)
    command = COMMANDS[name]
    identity = ("--identity",) if command.identity else ()
    takes = ["[IDENTITY]"] * command.identity
    takes += ["[OPTION...]"] * bool(command.options or command.identity)
    lines = [f"authkit {name} {words}".rstrip() for words in command.usage or (" ".join(takes),)]
    rows = [("IDENTITY", WHICH)] if identity else []
    rows += _options((*identity, *command.options, *ANYWHERE), name)
    about = f"{command.help[:1].upper()}{command.help[1:]}."
    parts = [_usages(lines, width), _wrapped(about, width), _table(rows, width)]
    if "--stdin" in command.options:
        fields = ((field.name, field.help) for kind in KINDS.values() for field in kind.fields)
        parts.append("fields of --stdin:\n" + _table(fields, width))
    return "\n\n".join([*parts, _MORE])


def _options(flags: tuple[str, ...], command: str = "") -> Rows:
    for flag in flags:
        option = OPTIONS[flag]
        short = next((spelling for spelling in option.also if len(spelling) == 2), "")
        names = ", ".join(filter(None, (short, flag)))
        yield f"{names} {option.takes}".rstrip(), option.about(command)


def _table(rows: Rows, width: int, column: int = 23) -> str:
    """Return rows in two columns; where the screen is narrow, what is said is put below."""
    return "\n".join(_row(what, about, width, column) for what, about in rows)


def _row(what: str, about: str, width: int, column: int) -> str:
    start, column = f"  {what}", column + 1
    if width < column + 30:
        above = _wrapped(start, width, "    ") if " " in what else start
        return f"{above}\n{_wrapped('      ' + about, width, '      ')}"
    if len(start) >= column:
        return f"{start}\n{_wrapped(' ' * column + about, width, ' ' * column)}"
    return _wrapped(f"{start:<{column}}{about}", width, " " * column)


def _usages(lines: Iterable[str], width: int) -> str:
    wrapped = [_wrapped(f"usage: {line}", width, " " * 7) for line in lines]
    return "\n".join([wrapped[0], *(text.replace("usage:", " " * 6, 1) for text in wrapped[1:])])


def _wrapped(text: str, width: int, indent: str = "") -> str:
    """Return the text in lines of this width, but no word in two: it could not be copied."""
    return fill(
        text,
        width,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )
