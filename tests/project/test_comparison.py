"""benchmarks/comparison: the drivers against stand-ins, and the page made of what they saw."""

from __future__ import annotations

import json
import os
import re
import socket
import sys
import threading
from pathlib import Path

import pytest

from benchmarks import at_terminals, comparison, comparison_cases, other_tools
from benchmarks.at_terminals import Person, Ran, in_pipe, on_terminal, on_two_terminals
from benchmarks.comparison import BETTER, PAGE, Seen, title
from benchmarks.comparison_cases import ANSWERS, CASES
from benchmarks.other_tools import OTHERS, WRONG_PASSPHRASE, Tool
from benchmarks.peers import PEERS
from benchmarks.tunnel import tunnel
from benchmarks.without_terminal import READY, gone, terminated, without_terminal
from sts_simulator.client import Call, Simulator
from tests.support.pty_tools import NOWHERE

ENVIRON = {"PATH": os.environ["PATH"], "HOME": NOWHERE, "TERM": "xterm"}
NO_SIMULATOR = Simulator()  # not started
TOOL = Tool("it", "1.0", (), (), lambda _: {})

# Tools in a few lines: they ask like real ones, and call no service.
ASKS_CODES = "printf 'Enter MFA code for arn: '; read a; printf '? MFA Token '; read b; echo $a $b"
ASKS_KEYS = (
    "printf 'AWS Access Key ID: '; read a; printf 'MFA ARN (optional): '; read b; echo $a $b"
)
# A form as Bubble Tea paints it: all fields at once, wide, and each more than once.
FORM = """
import json, os, sys, tty

def form(*titles):
    typed = []
    sys.stdout.write("\\x1b[?25l")
    for present in range(len(titles)):
        for _ in range(2):
            for line, title in enumerate(titles):
                bar = "┃" if line == present else " "
                sys.stdout.write(f"\\x1b[90m{bar}\\x1b[0m {title}{' ' * 3000}\\r\\n")
        sys.stdout.flush()
        answer = b""
        while not answer.endswith((b"\\r", b"\\x03")):
            answer += os.read(0, 1)
        if answer.endswith(b"\\x03"):
            sys.exit(1)
        typed.append(answer.decode().rstrip("\\r"))
    sys.stdout.write("\\x1b[?25h")
    return typed

tty.setraw(0)
"""
KEY_FORM = 'form("AWS Access Key ID", "AWS Secret Access Key", "MFA ARN (optional)")'
RUNS = [sys.executable, "-c", "import os, sys; os.execvp(sys.argv[1], sys.argv[1:])"]
LEAVES = [
    sys.executable,
    "-c",
    "import subprocess, sys; subprocess.Popen(sys.argv[1:]).wait()",
]


def sh(script: str) -> list[str]:
    """Return the command that runs a script."""
    return ["sh", "-c", script]


def person(*codes: str) -> Person:
    """Return the person of the cases, who types these codes."""
    return Person(ANSWERS, [*codes])


def test_codes_are_typed_in_order(tmp_path: Path) -> None:
    """Questions with and without a colon are answered, and nothing else counts as one."""
    ran = on_terminal(
        sh(f"echo 'no mfa code yet'; {ASKS_CODES}"), ENVIRON, tmp_path, person("1", "2")
    )
    assert (ran.ending, ran.asked) == ("0", ["mfa code", "mfa token"])
    assert comparison.last_line(ran.screen) == "1 2"


def test_keys_are_typed(tmp_path: Path) -> None:
    """A question for a key or a setting has its own answer."""
    ran = on_terminal(sh(ASKS_KEYS), ENVIRON, tmp_path, person())
    assert ran.asked == ["access key id", "mfa arn"]
    assert comparison.last_line(ran.screen) == f"{ANSWERS['access key id']} {ANSWERS['mfa arn']}"


def test_ctrl_c_where_nothing_is_left_to_type(tmp_path: Path) -> None:
    """A further question gets Ctrl-C; how the program ends is told as it is."""
    ran = on_terminal(sh(ASKS_CODES), ENVIRON, tmp_path, person("1"))
    assert (ran.ending, ran.exit, len(ran.asked)) == ("signal 2", None, 2)


def test_a_form_is_filled_in(tmp_path: Path) -> None:
    """Only the marked field is a question, once in each form however often it is painted."""
    code = (
        f"{FORM}print([{KEY_FORM}, form('Enter MFA Token'), form('Enter MFA Token')], end='\\r\\n')"
    )
    ran = on_terminal([sys.executable, "-c", code], ENVIRON, tmp_path, person("1", "2"))
    keys = [ANSWERS[name] for name in ("access key id", "secret access key", "mfa arn")]
    assert ran.asked == [*ANSWERS][:3] + ["mfa token"] * 2
    assert comparison.last_line(ran.screen) == str([keys, ["1"], ["2"]])
    assert on_terminal([sys.executable, "-c", code], ENVIRON, tmp_path, person()).ending == "1"


def test_a_cursor_is_reported(tmp_path: Path) -> None:
    """A program that asks the terminal where its cursor is gets an answer, also at a question."""
    script = r"stty raw -echo; printf '%s\033[6n'; head -c 6 | od -An -c | tr -d ' \n'"
    for question in ("", "MFA Token "):
        ran = on_terminal(sh(script % question), ENVIRON, tmp_path, person("1"))
        assert ran.screen.endswith("033[1;1R")


def test_what_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the limit a program is ended, on a terminal and without; its run says so."""
    monkeypatch.setattr(at_terminals, "LIMIT", 2)
    for way in (on_terminal, without_terminal):
        ran = way(sh("echo $$; exec sleep 1000"), ENVIRON, tmp_path, person())
        assert (ran.hung, ran.exit, ran.ending) == (True, None, "runs after 2 s")
        assert gone(int(ran.screen))


def test_two_terminals(tmp_path: Path) -> None:
    """Both programs are answered, the first first; both ends are told."""
    ran = on_two_terminals(sh(f"{ASKS_CODES}; exit 3"), ENVIRON, tmp_path, person("1", "2", "3"))
    assert (ran.first, ran.ending, len(ran.asked)) == ("3", "signal 2", 4)
    assert "1 2" not in ran.screen


def test_data_in_a_pipe(tmp_path: Path) -> None:
    """Standard input is a pipe, and the terminal is there."""
    ran = in_pipe(sh("cat; test -t 1 && echo terminal; exit 4"), ENVIRON, tmp_path, person())
    assert ran.ending == "4"
    assert ran.screen.split() == ["the", "data", "terminal"]


def test_no_terminal(tmp_path: Path) -> None:
    """Standard input is empty, and no terminal can be opened."""
    ran = without_terminal(sh("cat; (: < /dev/tty) || exit 5"), ENVIRON, tmp_path, person())
    assert ran.ending == "5"


@pytest.mark.parametrize(("tool", "orphan"), [(RUNS, False), (LEAVES, True)])
def test_a_signal_for_a_tool(tool: list[str], tmp_path: Path, *, orphan: bool) -> None:
    """A tool that becomes its command passes the signal on; one that waits leaves it running."""
    command = [*tool, "sh", "-c", f"echo {READY} $$; exec sleep 1000"]
    ran = terminated(command, ENVIRON, tmp_path, person())
    assert (ran.ending, ran.orphan) == ("signal 15", orphan)
    assert comparison_cases.command_after_signal(NO_SIMULATOR, ran) == (
        "runs on" if orphan else "has ended"
    )


def test_a_tool_that_runs_nothing(tmp_path: Path) -> None:
    """One that ends before its command runs is not waited for."""
    ran = terminated(sh("exit 6"), ENVIRON, tmp_path, person())
    assert (ran.ending, ran.orphan) == ("6", False)
    assert comparison_cases.command_after_signal(NO_SIMULATOR, ran) == "it was not run"


def test_the_tunnel_leads_to_one_address() -> None:
    """A CONNECT to any name is a connection with the target, both ways until both ends."""
    with socket.create_server(("127.0.0.1", 0)) as target:

        def answer() -> None:
            connection, _ = target.accept()
            with connection, connection.makefile("rwb") as file:
                file.write(file.read().upper())

        served = threading.Thread(target=answer)
        served.start()
        with (
            tunnel(*target.getsockname()) as url,
            socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as client,
        ):
            client.sendall(b"CONNECT sts.example:443 HTTP/1.1\r\n\r\nhello")
            client.shutdown(socket.SHUT_WR)
            assert client.makefile("rb").read() == b"HTTP/1.1 200 OK\r\n\r\nHELLO"
        served.join()


# Stands in for a peer that takes keys from the environment: notes how it was called, and
# prepares what it is told to.
STAND_IN = """#!/bin/sh
case $1 in
--version) echo it version 1.2; exit ;;
esac
echo "$0 $*" >> "$HOME/called"
env >> "$HOME/environment"
test -z "$AWS_SECRET_ACCESS_KEY" || echo '[profile dev]' >> "$HOME/.aws/config"
"""


@pytest.mark.parametrize("name", sorted(PEERS.keys() - {"atmos"}))
def test_a_peer_is_prepared(name: str, tmp_path: Path) -> None:
    """Its keys go through its own command, by the environment, into a home of its own."""
    program, home = tmp_path / "bin" / name, tmp_path / "home"
    program.parent.mkdir()
    home.mkdir()
    program.write_text(STAND_IN, encoding="utf-8")
    program.chmod(0o700)
    tool = PEERS[name](program)
    environ = tool.prepare(home)
    called = (home / "called").read_text()
    assert (tool.name, tool.version, called.count("\n")) == (name, "1.2", 1)
    assert (
        f"AWS_SECRET_ACCESS_KEY={other_tools.KEY['secret']}" in (home / "environment").read_text()
    )
    assert other_tools.KEY["secret"] not in called + str(environ)
    assert other_tools.DEVICE in (home / ".aws" / "config").read_text()
    assert environ[tool.passphrase] == other_tools.PASSPHRASE != WRONG_PASSPHRASE
    assert tool.run
    assert tool.day_and_half
    assert tool.better


# Stands in for Atmos, which only takes keys by a form.
ATMOS = f"""#!{sys.executable}
{FORM.replace("tty.setraw(0)", "")}
match sys.argv[1:]:
    case ["--version"]:
        print("\\n👽 Atmos 1.2 on linux/amd64")
    case ["auth", "user", "configure"]:
        tty.setraw(0)
        form("> dev")
        with open("typed", "w") as file:
            json.dump({KEY_FORM[:-1]}, "Session Duration (optional, default: 12h)"), file)
"""


def test_atmos_is_prepared(tmp_path: Path) -> None:
    """The keys are typed into its form, and stand in none of its files."""
    program, home = tmp_path / "atmos", tmp_path / "home"
    home.mkdir()
    program.write_text(ATMOS, encoding="utf-8")
    program.chmod(0o700)
    tool = PEERS["atmos"](program)
    environ = tool.prepare(home)
    typed = json.loads((home / "typed").read_text(encoding="utf-8"))
    key = other_tools.KEY
    assert (tool.version, typed) == ("1.2", [key["id"], key["secret"], other_tools.DEVICE, ""])
    assert environ[tool.passphrase] == other_tools.PASSPHRASE
    config = (home / "atmos.yaml").read_text()
    assert key["secret"] not in config
    assert tool.day_and_half
    longer = home / tool.day_and_half[tool.day_and_half.index("--config") + 1]
    assert longer.read_text() == f"{config}      session: {{duration: 36h}}\n"
    assert tool.run
    assert tool.better


def test_a_form_that_takes_no_keys(tmp_path: Path) -> None:
    """A tool that could not be prepared is not run: its end and its questions are told."""
    program = tmp_path / "atmos"
    program.write_text("#!/bin/sh\ntest $1 = --version && echo 1.2 || exit 3\n", encoding="utf-8")
    program.chmod(0o700)
    with pytest.raises(RuntimeError, match="atmos: 3; it asked for nothing"):
        PEERS["atmos"](program).prepare(tmp_path)


def test_authkit_in_some_cases() -> None:
    """A run is observed as it is: authkit logs in, runs a command, and refuses a passphrase."""
    by_name = {case.name: case for case in CASES}
    names = (
        "a session of 36 hours",
        "a command without a session",
        "the wrong passphrase for the keys",
    )
    cases = [by_name[name] for name in names]
    tool = other_tools.authkit()
    seen = [seen for *_, seen in comparison.observed(cases, [tool], Path(NOWHERE))]
    assert [(one.ending, one.calls, one.noticed) for one in seen] == [
        ("0", 2, "36 h"),
        ("0", 2, "a session"),
        ("1", 0, ""),
    ]
    assert seen[0].last.startswith("Expires    … (")


def test_what_a_tool_has_not_is_not_run() -> None:
    """No command for it, or no passphrase: the row says so, and nothing is started."""
    by_name = {case.name: case for case in CASES}
    for name, last in (
        ("a session of 36 hours", comparison.NO_COMMAND),
        ("the wrong passphrase for the keys", "keeps keys in a plain file"),
    ):
        assert comparison.observe(NO_SIMULATOR, by_name[name], TOOL, {}).last == last


def ran(screen: str = "", asked: tuple[str, ...] = (), *, first: str = "") -> Ran:
    """Return a run that ended with status 0."""
    return Ran(0, asked, screen, first=first)


def test_what_is_looked_at() -> None:
    """What a case notices is read from the run, and one without its signs is told as that."""
    cases = comparison_cases
    assert cases.session(NO_SIMULATOR, ran("session:yes")) == "a session"
    assert cases.session(NO_SIMULATOR, ran("session:no")) == "no session"
    assert cases.session(NO_SIMULATOR, ran("error")) == "it was not run"
    both = ran("ran the data\r\nsession:yes")
    assert cases.data_and_session(NO_SIMULATOR, both) == "the data, a session"
    assert cases.data_and_session(NO_SIMULATOR, ran("ran \r\nsession:no")) == "no data, no session"
    assert cases.data_and_session(NO_SIMULATOR, ran("error")) == "it was not run"
    assert cases.code_asked(NO_SIMULATOR, ran("", ("mfa code", "access key id"))) == "1"


def test_sessions_that_were_made() -> None:
    """The length that was asked for and the sessions made are read from the calls of STS."""
    calls: list[dict[str, object]] = [
        {"operation": "GetSessionToken", "code": code, "parameters": {"DurationSeconds": seconds}}
        for code, seconds in (("AccessDenied", "3600"), (None, "129600"))
    ]
    simulator = WithCalls(calls)
    assert comparison_cases.duration(simulator, ran()) == "36 h"
    assert comparison_cases.duration(WithCalls([]), ran()) == "STS was not asked"
    told = comparison_cases.logins(simulator, ran("", ("mfa code", "mfa code"), first="1"))
    assert told == "2; 1; 1 and 0"


class WithCalls(Simulator):
    """A simulator that is not started, and has these calls."""

    def __init__(self, calls: list[dict[str, object]]) -> None:
        super().__init__()
        self._calls = calls

    def calls(self) -> list[Call]:
        """Return the calls."""
        return self._calls  # type: ignore[return-value]  # as much of them as is read


@pytest.mark.parametrize(
    ("asked", "again"),
    [
        ([], "no"),
        (["mfa code"], "no"),
        (["mfa code", "mfa token"], "the code"),
        (["access key id", "secret access key", "mfa token"], "the keys"),
        (["mfa code", "access key id", "mfa code"], "the keys and the code"),
    ],
)
def test_what_counts_as_asking_again(asked: list[str], again: str) -> None:
    """A second code counts, and so do keys that are stored."""
    assert comparison.again(asked) == again


def test_the_last_line_is_the_same_in_every_run() -> None:
    """The last line has no colours and no instants, and blank lines are skipped."""
    screen = "one\r\n\x1b[31mends 2026-11-24 15:52:24+00:00 in 43198.26 seconds\x1b[0m\r\n\r\n"
    assert comparison.last_line(screen) == "ends … in … seconds"
    assert comparison.last_line("RequestID: 0a-b, of /tmp/a/b at 127.0.0.1:99") == (
        "RequestID: …, of … at 127.0.0.1:…"
    )
    assert comparison.last_line("READY 12\r\n^[[1;1R\r\n") == "READY …"
    secret = f"<AccessKeyId>ASIA{'X' * 16}<SecretAccessKey>{'aB+/' * 10}"
    assert comparison.last_line(secret) == "<AccessKeyId>…<SecretAccessKey>…"
    assert comparison.last_line("") == ""


def test_a_row_is_what_was_seen() -> None:
    """Each case has its table; a pipe is escaped, and a long line is cut."""
    long = "x" * 200
    looked = next(case for case in CASES if case.looked_at)
    rows = [
        (CASES[0], TOOL, Seen("1", 2, [], "a | b")),
        (looked, TOOL, Seen("signal 2", 0, [], long, "seen")),
    ]
    page = comparison.page(rows, [TOOL])
    assert "of\nit 1.0.\n" in page
    assert f"Not tried, because no program was given: {', '.join(PEERS)}." in page
    assert "\n## The right code\n" in page
    assert "\n| it | 1 | 2 | no | `a \\| b` |\n" in page
    assert f"| {looked.looked_at} |" in page
    assert f"\n| it | signal 2 | 0 | no | seen | `{long[:120]} …` |\n" in page


def test_no_secret_stands_on_the_page() -> None:
    """A tool that prints a secret stops the page from being written."""
    for secret in comparison.SECRETS:
        with pytest.raises(ValueError, match="1 secrets would"):
            comparison.page([(CASES[0], TOOL, Seen("0", 0, [], f"x {secret} x"))], [TOOL])


def test_a_peer_is_named_with_its_program(tmp_path: Path) -> None:
    """An unknown name, or a path without a program, is refused."""
    (tmp_path / "it").touch()
    parse = comparison.parser().parse_args
    assert parse([f"--peer=granted={tmp_path}/it"]).peer == [("granted", tmp_path / "it")]
    for wrong in (f"granted={tmp_path}/that", f"it={tmp_path}/it", "granted"):
        with pytest.raises(SystemExit):
            parse([f"--peer={wrong}"])


def test_the_committed_page_is_of_these_cases_and_tools() -> None:
    """The page has these cases, tools and versions; only a run of the tools rewrites it."""
    page = PAGE.read_text(encoding="utf-8")
    titles = [line.removeprefix("## ") for line in page.splitlines() if line.startswith("## ")]
    assert titles == [*(title(case) for case in CASES), BETTER]
    for name, version in OTHERS.items():
        assert f"{name} {version}" in page
    not_tried = re.findall(r"^Not tried.*: (.*)\.$", page, re.MULTILINE)
    tried = PEERS.keys() - set(", ".join(not_tried).split(", "))
    for name in {*OTHERS, *tried, "authkit"}:
        assert page.count(f"\n| {name} |") == len(CASES)
