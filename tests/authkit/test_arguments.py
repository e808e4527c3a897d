"""The command line: how a line is parsed, and usage errors."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authkit.arguments import ANYWHERE, COMMANDS, OPTIONS, Options, parse
from authkit.core.failures import Failure
from tests.support.anything import QUICK


def told(line: str) -> dict[str, object]:
    """Return the options of a line that are not defaults."""
    asked = vars(parse(line.split()))
    return {what: value for what, value in asked.items() if value != getattr(Options, what, None)}


READ: dict[str, dict[str, object]] = {
    "login": {"name": "login"},
    "login dev-admin --force": {"name": "login", "given": "dev-admin", "force": True},
    "login --force dev-admin": {"name": "login", "given": "dev-admin", "force": True},
    "login -i dev-admin": {"name": "login", "given": "dev-admin"},
    "login -idev-admin": {"name": "login", "given": "dev-admin"},
    "login -i=dev-admin": {"name": "login", "given": "dev-admin"},
    "login --identity dev-admin": {"name": "login", "given": "dev-admin"},
    "login --identity=dev-admin dev-admin": {"name": "login", "given": "dev-admin"},
    "-i dev-admin login": {"name": "login", "given": "dev-admin"},
    "--no-input login dev-admin": {"name": "login", "given": "dev-admin", "no_input": True},
    "login --no-input": {"name": "login", "no_input": True},
    "--config=a=b list": {"name": "list", "config": "a=b"},
    "--config= list": {"name": "list", "config": ""},
    "--config a list --config b": {"name": "list", "config": "b"},
    "list --check --output json": {"name": "list", "check": True, "output": "json"},
    "user configure dev-admin": {"name": "user configure", "given": "dev-admin"},
    "user configure --stdin --no-verify": {
        "name": "user configure",
        "stdin": True,
        "no_verify": True,
    },
    "whoami --offline --output=json": {"name": "whoami", "offline": True, "output": "json"},
    "logout --all --keys": {"name": "logout", "all": True, "keys": True},
    "env --format fish": {"name": "env", "format": "fish"},
    "credential-process dev": {"name": "credential-process", "given": "dev"},
    "exec dev-admin -- true": {"name": "exec", "given": "dev-admin", "child": ["true"]},
    "exec -- true": {"name": "exec", "child": ["true"]},
    "exec -i dev-admin -- true --force": {
        "name": "exec",
        "given": "dev-admin",
        "child": ["true", "--force"],
    },
    "exec --min-ttl 1h -- x": {"name": "exec", "min_ttl": timedelta(hours=1), "child": ["x"]},
    "exec --min-ttl 36h -- x": {
        "name": "exec",
        "min_ttl": timedelta(hours=36),
        "child": ["x"],
    },
    "exec --min-ttl=90 -- x": {"name": "exec", "min_ttl": timedelta(seconds=90), "child": ["x"]},
    "exec --no-probe -- x": {"name": "exec", "no_probe": True, "child": ["x"]},
    "exec -- a -- b": {"name": "exec", "child": ["a", "--", "b"]},
    "exec -- -- b": {"name": "exec", "child": ["--", "b"]},
    "exec x -- login --help": {"name": "exec", "given": "x", "child": ["login", "--help"]},
    "--help": {},
    "-h login": {"about": "login"},
    "user -h": {"about": "user configure"},
    "user configure x --force --help": {"about": "user configure", "given": "x"},
    "--no-input --version": {"name": "version"},
}


@pytest.mark.parametrize(("line", "asked"), READ.items(), ids=READ.keys())
def test_how_a_line_is_read(line: str, asked: dict[str, object]) -> None:
    """docs/contract.md, Commands: the line is split at the first `--`; the rest is the child's.

    B-E07, B-L23: --min-ttl takes a duration in any spelling.
    """
    assert told(line) == {"line": line.split()} | asked


UNREAD = {  # the line, the reason, and the command whose help is recommended
    "": ("No command is given", ""),
    "lgin": ("There is no command lgin; the nearest is login", ""),
    "user": ("There is no command user; the nearest is user configure", ""),
    "-": ("There is no command -; ", ""),
    "--fast login": ("There is no option --fast", ""),
    "login --fast": ("There is no option --fast", "login "),
    "user configure --forc": ("There is no option --forc", "user configure "),
    "login -f": ("There is no option -f", "login "),
    "login --version": ("login takes no --version", "login "),
    "login --offline": ("login takes no --offline", "login "),
    "login -i": ("--identity takes a NAME", "login "),
    "login -i --force": ("--identity takes a NAME", "login "),
    "login --force=yes": ("--force takes no value", "login "),
    "login -hx": ("--help takes no value", "login "),
    "login a b": ("Two identities are given, a and b", "login "),
    "login a -i b": ("Two identities are given, a and b", "login "),
    "login -i a -i b": ("Two identities are given, a and b", "login "),
    "list dev-admin": ("list takes no identity", "list "),
    "list -i dev-admin": ("list takes no identity", "list "),
    "whoami --output xml": ("--output takes text, json, not xml", "whoami "),
    "whoami --output=": ("--output takes text, json, not nothing", "whoami "),
    "env --format": ("--format takes a FORM", "env "),
    "exec": ("No command to run", "exec "),
    "exec dev-admin": ("No command to run", "exec "),
    "exec dev-admin --": ("No command to run", "exec "),
    "exec dev-admin aws s3 ls": ("what is to be run comes after '--'", "exec "),
    "exec ls -l": ("There is no option -l; what is to be run comes after '--'", "exec "),
    "exec dev aws --version": ("what is to be run comes after '--'", "exec "),
    "exec dev aws --help": ("what is to be run comes after '--'", "exec "),
    "exec dev aws s3 ls --output json": ("what is to be run comes after '--'", "exec "),
    "exec -l": ("There is no option -l", "exec "),
    "exec --min-ttl soon -- true": ("--min-ttl soon: a duration is written like 36h", "exec "),
    "exec --min-ttl 37h -- true": ("--min-ttl 37h: no session lasts longer than 36h", "exec "),
    "login dev-admin -- true": ("Only exec takes a command after '--'", "login "),
    "login --": ("Only exec takes a command after '--'", "login "),
    "logn --help": ("There is no command logn", ""),
    "user x --help": ("There is no command user", ""),
}


@pytest.mark.parametrize(("line", "ending"), UNREAD.items(), ids=UNREAD.keys())
def test_what_cannot_be_read(line: str, ending: tuple[str, str]) -> None:
    """B-E08, docs/contract.md, exit codes: a usage error has a reason and the exit status 2."""
    with pytest.raises(Failure) as caught:
        parse(line.split())
    assert (caught.value.name, caught.value.status) == ("usage", 2)
    reason, command = ending
    assert reason in str(caught.value.values["reason"])
    assert caught.value.values["command"] == command


@pytest.mark.parametrize("arguments", [["logout", "--keys", ""], ["whoami", "-i", ""]])
def test_an_empty_name_is_no_name(arguments: list[str]) -> None:
    """B-K04: an empty name is invalid; it does not mean the default identity."""
    with pytest.raises(Failure) as ending:
        parse(arguments)
    assert (ending.value.name, ending.value.status) == ("identity-bad-name", 2)


words = st.sampled_from([*OPTIONS, *" ".join(COMMANDS).split(), "-i", "-", "--", "a", "", "json"])


@QUICK
@given(line=st.lists(words | st.text(max_size=4), max_size=6))
def test_any_line(line: list[str]) -> None:
    """B-A02: any line is parsed or a usage error; the child's part is not changed."""
    try:
        options = parse(line)
    except Failure:
        return
    assert options.name in {*COMMANDS, "help", "version"}
    if options.name == "exec":
        assert options.child == line[line.index("--") + 1 :] != []
    assert options.line == line


def test_the_tables_fit() -> None:
    """Every option belongs to a command or to all, has a default, and is in the table."""
    taken = {
        "--identity",
        "--version",
        *ANYWHERE,
        *(flag for c in COMMANDS.values() for flag in c.options),
    }
    assert taken == {*OPTIONS}
    held = {*vars(Options)} | {"identity", "version", "help"}
    assert {flag[2:].replace("-", "_") for flag in OPTIONS} <= held
