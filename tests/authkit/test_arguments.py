"""The command line: how a line is parsed, and usage errors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authkit.arguments import ANYWHERE, COMMANDS, OPTIONS, RECORDING, Options, parse
from authkit.core.failures import Failure
from tests.support.anything import QUICK


def told(line: str) -> dict[str, object]:
    """Return the options of a line that are not defaults."""
    asked = vars(parse(line.split()))
    assert asked["line"] == line.split()
    assert [*asked["ours"], *asked.get("child", ())] in (line.split(), no_dashes(line.split()))
    given = {what: value for what, value in asked.items() if what not in {"line", "ours", "word"}}
    return {what: value for what, value in given.items() if value != getattr(Options, what)}


def no_dashes(line: list[str]) -> list[str]:
    """Return a line without its first ``--``."""
    cut = line.index("--") if "--" in line else len(line)
    return [*line[:cut], *line[cut + 1 :]]


# What exec's first word is on a line without `--`.
WORD: dict[str, object] = {"name": "exec", "given": "dev", "doubtful": True}
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
    "login -p dev-admin": {"name": "login", "given": "dev-admin"},
    "login -pdev-admin": {"name": "login", "given": "dev-admin"},
    "login --profile dev-admin": {"name": "login", "given": "dev-admin"},
    "login --profile=dev-admin -i dev-admin": {"name": "login", "given": "dev-admin"},
    "login --duration 8h": {"name": "login", "duration": 28800},
    "login --duration=1h30m": {"name": "login", "duration": 5400},
    "login --region eu-west-1": {"name": "login", "region": "eu-west-1"},
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
    "whoami --json": {"name": "whoami", "output": "json"},
    "list --json": {"name": "list", "output": "json"},
    "list --json --output text": {"name": "list"},
    "logout --all --keys": {"name": "logout", "all": True, "keys": True},
    "env --format fish": {"name": "env", "format": "fish"},
    "env --format bash": {"name": "env", "format": "bash"},
    "env --format=zsh --unset": {"name": "env", "format": "zsh", "unset": True},
    "env --region cn-north-1": {"name": "env", "region": "cn-north-1"},
    "credential-process dev": {"name": "credential-process", "given": "dev"},
    "exec dev-admin -- true": {"name": "exec", "given": "dev-admin", "child": ["true"]},
    "exec -- true": {"name": "exec", "child": ["true"]},
    "exec -i dev-admin -- true --force": {
        "name": "exec",
        "given": "dev-admin",
        "child": ["true", "--force"],
    },
    "exec --min-ttl 1h -- x": {"name": "exec", "min_ttl": 3600, "child": ["x"]},
    "exec --min-ttl 36h -- x": {
        "name": "exec",
        "min_ttl": 129600,
        "child": ["x"],
    },
    "exec --min-ttl=90 -- x": {"name": "exec", "min_ttl": 90, "child": ["x"]},
    "exec --no-probe -- x": {"name": "exec", "no_probe": True, "child": ["x"]},
    "exec -- a -- b": {"name": "exec", "child": ["a", "--", "b"]},
    "exec -- -- b": {"name": "exec", "child": ["--", "b"]},
    "exec x -- login --help": {"name": "exec", "given": "x", "child": ["login", "--help"]},
    "exec dev aws --version": {**WORD, "child": ["aws", "--version"]},
    "exec dev aws -h --force -i x": {**WORD, "child": ["aws", "-h", "--force", "-i", "x"]},
    "exec dev -": {**WORD, "child": ["-"]},
    "exec dev git checkout -- x": {**WORD, "child": ["git", "checkout", "--", "x"]},
    "exec dev a --": {**WORD, "child": ["a", "--"]},
    "exec --no-probe dev --min-ttl 1h ls": {
        **WORD,
        "no_probe": True,
        "min_ttl": 3600,
        "child": ["ls"],
    },
    "exec -i dev ls -l": {"name": "exec", "given": "dev", "child": ["ls", "-l"]},
    "exec --profile=dev ls -- -l": {"name": "exec", "given": "dev", "child": ["ls", "--", "-l"]},
    "-p dev exec ls": {"name": "exec", "given": "dev", "child": ["ls"]},
    "exec dev -i dev ls": {"name": "exec", "given": "dev", "child": ["ls"]},
    "exec --region eu-west-1 dev -- ls": {
        "name": "exec",
        "given": "dev",
        "region": "eu-west-1",
        "child": ["ls"],
    },
    "exec dev": WORD,
    "exec dev --no-probe": {**WORD, "no_probe": True},
    "exec -i dev": {"name": "exec", "given": "dev"},
    "": {"bare": True},
    "--no-input": {"bare": True},
    "--help": {},
    "help": {},
    "help --help": {"about": "help"},
    "help login --help": {"about": "login"},
    "help help": {"about": "help"},
    "help login": {"about": "login"},
    "help user": {"about": "user configure"},
    "help user configure": {"about": "user configure"},
    "help exec": {"about": "exec"},
    "exec dev -h": {"about": "exec", "given": "dev"},
    "-V": {"name": "version"},
    "--version": {"name": "version"},
    "-h login": {"about": "login"},
    "user -h": {"about": "user configure"},
    "user configure x --force --help": {"about": "user configure", "given": "x"},
    "--no-input --version": {"name": "version"},
    "--version login": {"name": "version"},
    "-V exec dev": {"name": "version"},
    "-V login --help": {"about": "login"},
}


@pytest.mark.parametrize(("line", "asked"), READ.items(), ids=READ.keys())
def test_how_a_line_is_read(line: str, asked: dict[str, object]) -> None:
    """B-E08, docs/contract.md, Commands: what is authkit's, and what the child's.

    B-E07, B-L23: --min-ttl takes a duration in any spelling.
    """
    assert told(line) == asked


UNREAD = {  # the line, the reason, and the command whose help is recommended
    "user": ("user is only a part of a command: user configure", ""),
    "--fast login": ("There is no option --fast", ""),
    "login --fast": ("There is no option --fast", "login "),
    "user configure --forc": ("There is no option --forc", "user configure "),
    "login -f": ("There is no option -f", "login "),
    "login --version": ("login takes no --version", "login "),
    "login --offline": ("login takes no --offline", "login "),
    "login -i": ("-i takes a NAME", "login "),
    "login -i --force": ("-i takes a NAME", "login "),
    "login --profile": ("--profile takes a NAME", "login "),
    "login --force=yes": ("--force takes no value", "login "),
    "whoami --json=yes": ("--json takes no value", "whoami "),
    "login -hx": ("-h takes no value", "login "),
    "login -V": ("login takes no -V", "login "),
    "login --json": ("login takes no --json", "login "),
    "login --unset": ("login takes no --unset", "login "),
    "whoami --region eu-west-1": ("whoami takes no --region", "whoami "),
    "exec --duration 1h -- x": ("exec takes no --duration", "exec "),
    "login --duration 10m": ("--duration 10m: AWS grants sessions of 15m to 36h", "login "),
    "login --duration 37h": ("--duration 37h: AWS grants sessions of 15m to 36h", "login "),
    "login --region europe": ("--region europe: a region is written like us-east-1", "login "),
    "login a b": ("Two identities are given, a and b", "login "),
    "login a -i b": ("Two identities are given, a and b", "login "),
    "login -i a -i b": ("Two identities are given, a and b", "login "),
    "list dev-admin": ("list takes no identity", "list "),
    "list -i dev-admin": ("list takes no identity", "list "),
    "whoami --output xml": ("--output takes text, json, not xml", "whoami "),
    "whoami --output=": ("--output takes text, json, not nothing", "whoami "),
    "env --format": ("--format takes a FORM", "env "),
    "exec": ("Neither an identity nor a command is given", "exec "),
    "exec --no-probe": ("Neither an identity nor a command is given", "exec "),
    "exec --": ("No command to run", "exec "),
    "exec dev-admin --": ("No command to run", "exec "),
    "exec -i dev-admin --": ("No command to run", "exec "),
    "exec ls -l": ("There is no option -l (if ls is the command: exec -- ls …)", "exec "),
    "exec grep -i x": ("grep and x (if grep is the command: exec -- grep …)", "exec "),
    "exec dev --force ls": ("exec takes no --force", "exec "),
    "exec -l": ("There is no option -l", "exec "),
    "exec --min-ttl soon -- true": ("--min-ttl soon: a duration is written like 36h", "exec "),
    "exec --min-ttl 37h -- true": ("--min-ttl 37h: no session lasts longer than 36h", "exec "),
    "login dev-admin -- true": ("Only exec takes a command after '--'", "login "),
    "login --": ("Only exec takes a command after '--'", "login "),
    "logn --help": ("There is no command logn", ""),
    "user x --help": ("There is no command user", ""),
    "help logn": ("There is no command logn", ""),
    "help list x": ("list takes no identity", "list "),
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


SUGGESTED = {  # what is typed, and the suggestion
    "lgin": "login",
    "execute": "exec",
    "whoiam": "whoami",
    "user confgure": "user configure",
    "help lst": "list",
    "credentials-process": "credential-process",
    "frobnicate": "",
    "-": "",
    "s3": "",
    "login --forc": "--force",
    "login --profil x": "--profile",
    "list --jsn": "--json",
    "login --fast": "",
    "login -f": "",
    "--versio": "--version",
    "logout --offlin": "--config",  # of what logout takes
    "env --format powershel": "powershell",
    "env --format nu": "",
}


@pytest.mark.parametrize(("line", "nearest"), SUGGESTED.items(), ids=SUGGESTED.keys())
def test_suggestions(line: str, nearest: str) -> None:
    """B-A05: a near miss gets one suggestion, of what fits there; any other word gets none."""
    with pytest.raises(Failure) as caught:
        parse(line.split())
    _, _, suggested = str(caught.value.values["reason"]).partition("; the nearest is ")
    assert suggested == nearest


@pytest.mark.parametrize(
    "arguments", [["logout", "--keys", ""], ["whoami", "-i", ""], ["exec", "", "ls"]]
)
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
    child = [*options.child]
    if options.name in COMMANDS and options.name != "help":
        assert line in ([*options.ours, *child], [*options.ours, "--", *child])
    assert options.name == "exec" or child == []
    assert options.line == line


def test_the_tables_fit() -> None:
    """Every option belongs to a command or to all, has a default, and is in the table."""
    taken = {
        "--identity",
        "--version",
        *(*ANYWHERE, *RECORDING),
        *(flag for c in COMMANDS.values() for flag in c.options),
    }
    assert taken == {*OPTIONS}
    assert {flag for c in COMMANDS.values() for flag in c.options} <= {*OPTIONS}
    held = {*vars(Options)} | {"identity", "version", "help", "record", "record_texts"}
    assert {flag[2:].replace("-", "_") for flag in OPTIONS} <= held
