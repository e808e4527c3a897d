"""The completions for the shells in ``share/``, made by shtab from the table of commands.

shtab reads an argparse parser, which is built here from the table: authkit itself has none.
What shtab cannot know stands in ``docs/shells/``, and is put behind its text.
"""

from __future__ import annotations

from argparse import REMAINDER, SUPPRESS, ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

import shtab

from authkit import manual
from authkit.arguments import ANYWHERE, COMMANDS, OPTIONS, RECORDING

if TYPE_CHECKING:
    from argparse import Action

    from authkit.arguments import Command

SHARE = Path(__file__).parent.parent / "share"
_OURS = Path(__file__).parent / "shells"
# Where each shell looks for the completions of a command that it has not been told of.
FILES = {
    "bash": SHARE / "bash-completion" / "completions" / "authkit",
    "zsh": SHARE / "zsh" / "site-functions" / "_authkit",
    "fish": SHARE / "fish" / "vendor_completions.d" / "authkit.fish",
}
# How each shell's part in docs/shells/ is told which options take a value.
_TAKE_VALUE = {
    "bash": '\n_authkit_takes_value="{}"\n',
    "zsh": "_authkit_takes_value=({})\n\n",
    "fish": "\nset -g _authkit_takes_value {}\n",
}
_IDENTITIES = {
    "bash": "_authkit_identities",
    "zsh": "_authkit_identities",
    "fish": "(_authkit_identities)",
}
# shtab's own functions for bash and fish do not know names with blanks, or quotes.
_FILES = {"bash": "_authkit_files", "zsh": "_files", "fish": "(_authkit_files)"}
_ENDS = {  # from here on shtab's text is left out: docs/shells/ has another ending
    "bash": "complete -o bashdefault",
    "zsh": "typeset -A opt_args",
}


def completions(shell: str) -> str:
    """Return the completions for bash, zsh or fish."""
    text = str(shtab.complete(parser(shell), shell))
    if shell in _ENDS:
        text, end, _ = text.partition(_ENDS[shell])
        if not end:
            raise ValueError(f"shtab's completions for {shell} have another ending")
    taking = " ".join(
        spelling
        for flag, option in OPTIONS.items()
        for spelling in (flag, *option.also)
        if option.takes and "=" not in spelling and flag != "--identity"
    )
    ours = (_OURS / f"authkit.{shell}").read_text("utf-8")
    lines = f"{text}{_TAKE_VALUE[shell].format(taking)}{ours}".splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"


def parser(shell: str) -> ArgumentParser:
    """Return an argparse parser of the table of commands, for shtab."""
    made = ArgumentParser("authkit", description=manual.ABOUT, add_help=False)
    _add_options(made, ("--version", *ANYWHERE, *RECORDING), shell)
    groups = {"": made.add_subparsers()}
    for name, command in COMMANDS.items():
        group, _, word = name.rpartition(" ")
        if group not in groups:
            about = ", ".join(n.partition(" ")[2] for n in COMMANDS if n.startswith(f"{group} "))
            outer = groups[""].add_parser(group, help=about, description=about, add_help=False)
            groups[group] = outer.add_subparsers()
        about = _plain(command.help)
        one = groups[group].add_parser(word, help=about, description=about, add_help=False)
        _fill(one, name, command, shell)
    return made


def _fill(parser: ArgumentParser, name: str, command: Command, shell: str) -> None:
    """Add what a command takes."""
    identity = ("--identity",) if command.identity else ()
    _add_options(parser, (*identity, *command.options, *ANYWHERE), shell, name)
    if name == "help":
        words = dict.fromkeys(word for each in COMMANDS for word in each.split())
        parser.add_argument("COMMAND", choices=[*words], nargs="*", help="which command")
    elif command.identity:
        _complete(parser.add_argument("IDENTITY", help="which identity"), _IDENTITIES)
    if name == "exec":
        parser.add_argument("ARG", nargs=REMAINDER, help=SUPPRESS)


def _add_options(
    parser: ArgumentParser, flags: tuple[str, ...], shell: str, command: str = ""
) -> None:
    for flag in flags:
        option = OPTIONS[flag]
        spellings = [flag, *(spelling for spelling in option.also if "=" not in spelling)]
        about = _plain(option.about(command))
        if flag in {"--help", "--version"}:  # which end the line
            parser.add_argument(*spellings, action="help", help=about)
        elif not option.takes:
            parser.add_argument(*spellings, action="store_true", help=about)
        else:
            if shell == "zsh":  # whose completions tell so that --option=value is a form of it
                spellings = [s + "=" if s.startswith("--") else s for s in spellings]
            values = {"metavar": option.takes, "choices": option.choices or None}
            action = parser.add_argument(*spellings, **values, help=about)  # type: ignore[arg-type]
            if flag == "--identity":
                _complete(action, _IDENTITIES)
            elif option.takes == "FILE":
                _complete(action, _FILES)
        for spelling in option.also:
            if "=" in spelling:
                spelt, _, value = spelling.partition("=")
                parser.add_argument(spelt, action="store_true", help=f"the same as {flag} {value}")


def _complete(action: Action, functions: object) -> None:
    """Tell shtab by which function of each shell a value is completed."""
    vars(action)["complete"] = functions


def _plain(text: str) -> str:
    return text.replace("%", "%%")
