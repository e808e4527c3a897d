"""The pages that --help shows, from the table of commands and options.  Pure."""

from __future__ import annotations

from authkit.arguments import ANYWHERE, COMMANDS, OPTIONS

ABOUT = """\
Log in to AWS as an IAM user.  Keys live in the keyring, sessions last as long
as you configured (36 hours with MFA, if you like), and when keys were rotated
or revoked, login notices, asks for the new ones and goes on."""

EXAMPLES = """\
first steps:
  authkit login dev-admin                  log in (asks for keys the first time)
  authkit whoami dev-admin                 until when?
  authkit exec dev-admin -- aws s3 ls      run a command with the session

Without a config file any name is an IAM user in us-east-1."""


def page(name: str = "") -> str:
    """Return the page of a command, or with "" that of authkit itself."""
    if not name:
        commands = "\n".join(_line(word, command.help) for word, command in COMMANDS.items())
        paragraphs = [
            "usage: authkit [OPTION...] COMMAND ...",
            ABOUT,
            f"commands:\n{commands}",
            f"options:\n{_options(('--version', *ANYWHERE))}",
            EXAMPLES,
        ]
        return "\n\n".join(paragraphs)
    command = COMMANDS[name]
    identity = ("--identity",) if command.identity else ()
    options = _options((*identity, *command.options, *ANYWHERE))
    return "\n\n".join(
        [
            f"usage: authkit {name}{' [IDENTITY]' * command.identity} [OPTION...]{command.usage}",
            f"{command.help[:1].upper()}{command.help[1:]}.",
            (f"{_line('IDENTITY', 'which identity')}\n" if identity else "") + options,
        ]
    )


def _options(flags: tuple[str, ...]) -> str:
    lines = []
    for flag in flags:
        option = OPTIONS[flag]
        names = ", ".join(filter(None, (option.short, flag)))
        lines.append(_line(f"{names} {option.takes}", option.help))
    return "\n".join(lines)


def _line(what: str, about: str) -> str:
    return f"  {what:<21} {about}".rstrip()
