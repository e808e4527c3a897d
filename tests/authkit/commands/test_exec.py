"""B-E01 to B-E08: `authkit exec` with the real program and a session file, and in one process."""

from __future__ import annotations

import os
import shlex
import signal
from datetime import timedelta
from typing import TYPE_CHECKING

import pexpect
import pytest

from authkit.arguments import parse
from authkit.commands import exec as exec_command
from authkit.core.failures import CannotRun, Failure, Refused
from authkit.core.model import Marker, Secret
from authkit.core.names import is_name
from authkit.core.render import quoted
from fakes.world.cached_session import cached_session, session, write_session
from fakes.world.children import Child
from tests.authkit.commands.exec_home import EXEC, NOW, by_sh
from tests.authkit.examples import CACHED, NAME, Command, FailingSts, logged_in
from tests.explore.test_role_mixes import CONFIG, ROLE, a_role
from tests.support.people import KEYS, run
from tests.support.pty_tools import Shell, numbers, program, spawn
from tests.support.saying import said
from tests.support.stage import CountedConfig, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import NoReturn

    from tests.support.simulator import Home

TIP = "If credentials are expired, refresh with:\nauthkit login --identity dev-admin"


# Streams, and other things that a child inherits.


def test_bytes_come_through(parent: Home) -> None:
    """B-E01: bytes pass unchanged through stdin and stdout."""
    everything = bytes(range(256)) * 1024
    assert by_sh(parent, "$EXEC cat", everything) == (0, everything, b"")


@pytest.mark.parametrize(
    ("line", "status", "out"),
    [
        ("$EXEC sh -c 'exit 4' <&-", 4, b""),
        ("$EXEC sh -c 'exit 4' >&-", 4, b""),
        ("$EXEC sh -c 'exit 4' 2>&-", 4, b""),
        ("$EXEC sh -c 'exit 4' <&- >&- 2>&-", 4, b""),
        ("$EXEC readlink /proc/self/fd/0 <&-", 0, b"/dev/null\n"),
        ("$EXEC sh -c '[ /proc/self/fd/1 -ef /dev/null ] || exit 9' >&-", 0, b""),
        ("$EXEC sh -c '[ /proc/self/fd/2 -ef /dev/null ] || exit 9' <&- >&- 2>&-", 0, b""),
        ("$EXEC sh -c 'echo out' <&- 2>&-", 0, b"out\n"),
    ],
)
def test_closed_streams(parent: Home, line: str, status: int, out: bytes) -> None:
    """docs/contract.md, Streams: closed streams are the null device; the status is the child's."""
    assert by_sh(parent, line)[:2] == (status, out)


def test_other_files_are_inherited(parent: Home) -> None:
    """B-E01: other open files, such as those of bash's <(…), reach the child."""
    assert by_sh(parent, "$EXEC cat <(echo one)")[:2] == (0, b"one\n")
    assert by_sh(parent, "$EXEC sh -c 'cat <&9' 9< <(echo nine)")[:2] == (0, b"nine\n")


def test_folder_and_umask(parent: Home) -> None:
    """B-E01: the child has the working directory, umask and limits of authkit."""
    line = "cd /usr; umask 027; ulimit -n 77; $EXEC sh -c 'pwd; umask; ulimit -n'"
    assert by_sh(parent, line)[:2] == (0, b"/usr\n0027\n77\n")


def test_children_left_behind(parent: Home, tmp_path: Path) -> None:
    """B-E03: authkit ends with its child; the child's own children go on."""
    line = "$EXEC sh -c 'sleep 600 >&- 2>&- & echo $!; exit 5'"
    status, out, _ = by_sh(parent, line)
    left = int(out)
    os.kill(left, 0)  # raises OSError unless it runs
    os.kill(left, signal.SIGKILL)
    assert status == 5
    assert tmp_path.exists()


# Exit statuses.


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("true", 0),
        ("sh -c 'exit 255'", 255),
        ("sh -c 'kill -KILL $$'", 128 + signal.SIGKILL),
        ("sh -c 'kill -TERM $$'", 128 + signal.SIGTERM),
        ("/etc/passwd", 126),
        ("no-such-command", 127),
    ],
)
def test_exit_statuses(parent: Home, command: str, status: int) -> None:
    """B-E03: the exit status is the child's."""
    assert by_sh(parent, f"$EXEC {command}")[:2] == (status, b"")


def test_too_large_an_environment(parent: Home) -> None:
    """B-E03: 125 for an environment that the system refuses, with the reason."""
    token = Secret("t" * 300_000)
    write_session(parent.path / "state", cached_session(session(NOW, session_token=token)))
    status, out, said = by_sh(parent, "$EXEC true")
    assert (status, out) == (125, b"")
    assert b"Argument list too long" in said
    assert b"tttt" not in said


@pytest.mark.parametrize("name", ["TERM", "HUP", "INT", "QUIT"])
def test_signals_reach_the_child(parent: Home, name: str) -> None:
    """B-E04: signals sent to authkit reach the child, and authkit ends with it."""
    screen = spawn([*EXEC, *program("note")], parent.environ)
    authkit, _ = numbers(screen, "parent # child #.")
    os.kill(authkit, signal.Signals[f"SIG{name}"])
    assert numbers(screen, f"SIG{name} came # in #.") == [1, 1]
    for count in (2, 3) if name == "TERM" else (1, 2, 3):
        os.kill(authkit, signal.SIGTERM)
        screen.expect_exact(f"SIGTERM came {count}")
    assert screen.wait() == 7


# At a terminal.


def test_a_pipeline(shell: Shell) -> None:
    """B-E04: in a pipeline the child dies of SIGPIPE."""
    assert "141 0." in shell.run("$EXEC yes | head -n 1; echo ${PIPESTATUS[*]}.")


@pytest.mark.skipif(not os.path.exists("/usr/bin/less"), reason="needs less")  # noqa: PTH110 - a program
def test_a_pager(shell: Shell, tmp_path: Path) -> None:
    """B-E04: a pager works as the child and behind it, and the terminal is restored."""
    before = shell.run("stty -g")
    page = tmp_path / "page"
    page.write_text("".join(f"line {number}\n" for number in range(500)))
    for line in (f"$EXEC less {page}", f"$EXEC cat {page} | TERM=xterm less"):
        shell.type(f"TERM=xterm {line}; echo status ${{PIPESTATUS[*]}}.")
        shell.screen.expect_exact("line 20")
        shell.screen.send("G")
        shell.screen.expect_exact("line 499")
        shell.screen.send("q")
        shell.screen.expect(r"status 0( 0)?\.")
        shell.screen.expect_exact(shell.PROMPT)
    assert shell.run("stty -g") == before


@pytest.mark.skipif(not os.path.exists("/usr/bin/vim"), reason="needs vim")  # noqa: PTH110 - a program
def test_an_editor(shell: Shell, tmp_path: Path) -> None:
    """B-E04: an editor works, can be stopped and continued, and the terminal is restored."""
    before = shell.run("stty -g")
    page = tmp_path / "page"
    shell.type(f"TERM=xterm $EXEC vim -N -u NONE -i NONE {page}; echo status $?.")
    shell.screen.expect_exact("[New]")
    shell.screen.send("ione two\x1b:w\r")
    shell.screen.expect_exact("written")
    shell.screen.sendcontrol("z")
    shell.screen.expect_exact("Stopped")
    shell.screen.expect_exact(shell.PROMPT)
    shell.type("fg; echo status $?.")
    shell.screen.send(":wq\r")
    shell.screen.expect_exact("status 0.")
    shell.screen.expect_exact(shell.PROMPT)
    assert page.read_text() == "one two\n"
    assert shell.run("stty -g") == before


def test_stop_bg_fg(shell: Shell) -> None:
    """B-E04: Ctrl-Z stops authkit and the child as one job, which `bg` and `fg` continue."""
    shell.type(f"$EXEC {shlex.join(program('note'))}")
    authkit, _ = numbers(shell.screen, "parent # child #.")
    shell.screen.sendcontrol("z")
    shell.screen.expect_exact("Stopped")
    shell.screen.expect_exact(shell.PROMPT)
    shell.run("bg")
    os.kill(authkit, signal.SIGUSR1)
    assert numbers(shell.screen, "SIGUSR1 came # in #.") == [1, 1]
    shell.type("fg")
    for count in (1, 2, 3):
        os.kill(authkit, signal.SIGTERM)
        assert numbers(shell.screen, "SIGTERM came # in #.") == [count, count + 1]
    shell.screen.expect_exact(shell.PROMPT)
    assert "7." in shell.run("echo $?.")


def test_a_shell_of_ones_own(parent: Home) -> None:
    """B-E08: without a command the person's shell is started, with job control, and ends as such.

    Its prompt can show the identity by AUTHKIT_IDENTITY.
    """
    (parent.path / ".bashrc").write_text("PS1='[$AUTHKIT_IDENTITY] '\n", encoding="utf-8")
    environ = parent.environ | {"SHELL": "/bin/bash", "TERM": "dumb", "CI": ""}
    screen = spawn([EXEC[0], "exec", "dev-admin", "--no-probe"], environ)
    screen.expect_exact("[dev-admin] ")
    screen.sendline("sh -c 'echo \"be\"gun; exec cat'")
    screen.expect_exact("begun\r\n")
    screen.sendcontrol("c")
    screen.expect_exact("[dev-admin] ")
    screen.sendline("sh -c 'echo \"ag\"ain; exec cat'")
    screen.expect_exact("again\r\n")
    screen.sendcontrol("z")
    screen.expect_exact("Stopped")
    screen.expect_exact("[dev-admin] ")
    screen.sendline("fg")
    screen.expect_exact("fg\r\n")
    screen.sendline("text")
    screen.expect_exact("text\r\ntext\r\n")
    screen.sendcontrol("d")
    screen.expect_exact("[dev-admin] ")
    screen.sendline("exit 7")
    screen.expect(pexpect.EOF)
    assert screen.wait() == 7


def test_the_terminal_is_given_back(shell: Shell) -> None:
    """B-E04: after a shell of one's own the outer one reads the terminal again."""
    shell.run("export SHELL=/bin/bash PS1_OF_MINE=yes; printf \"PS1='mine> '\" > $HOME/.bashrc")
    shell.type("${EXEC% --no-probe --}")
    shell.screen.expect_exact("mine> ")
    shell.screen.sendline("exit 4")
    shell.screen.expect_exact(shell.PROMPT)
    assert "status 4." in shell.run("echo status $?.")


# In one process: what is run, with what, and what is said about a failure.


def run_exec(stage: Stage, *line: str) -> int:
    """Run `exec` with the options and the command in `line`."""
    return exec_command.run(stage, parse(["exec", NAME, *line]))


@pytest.mark.parametrize("argument", ["", " ", "a b", "--", "\udcff", "é", "-x", "*"])
def test_arguments_of_the_child(argument: str) -> None:
    """docs/contract.md, Commands: the child gets its arguments byte for byte."""
    command = Command()
    assert run_exec(logged_in(children=command), "--", "echo", argument) == 0
    assert command.runs == [["echo", argument]]


def test_environment_of_the_child() -> None:
    """B-E01, B-E02: the session's variables in place of other credentials."""
    command = Command()
    environ = {"AWS_PROFILE": "other", "PATH": "/bin"}
    assert run_exec(logged_in(children=command, environ=environ), "--", "x") == 0
    assert command.environ["AWS_SESSION_TOKEN"] == "session-token-canary"
    assert command.environ["PATH"] == "/bin"
    assert "AWS_PROFILE" not in command.environ


@pytest.mark.parametrize("status", [0, 1, 2, 125, 126, 127, 130, 137])
def test_status_of_the_child(status: int) -> None:
    """B-E03: the exit status is the child's, also where it is 1, 2 or 125."""
    assert run_exec(logged_in(children=Command(status)), "--no-probe", "--", "x") == status


@pytest.mark.parametrize(
    ("status", "name", "reason"),
    [
        (127, "not-found", "command not found"),
        (126, "not-executable", "Permission denied"),
        (125, "cannot-run", "Argument list too long"),
    ],
)
def test_a_command_that_cannot_be_run(status: int, name: str, reason: str) -> None:
    """B-E03: exit 127 for not found, 126 for not executable, 125 for anything else."""
    stage = logged_in(children=Command(CannotRun(status, reason)))
    with pytest.raises(Failure, match=name) as ended:
        run_exec(stage, "--", "nosuch")
    assert (ended.value.name, ended.value.status) == (name, status)
    assert ended.value.values == {"command": "nosuch", "reason": reason}


REVOKED = "If a policy revoked it, add --force to the command below."


@pytest.mark.parametrize(
    ("code", "status", "above"),
    [
        ("ExpiredToken", 1, ["AWS says that the session has expired (ExpiredToken)."]),
        (
            "InvalidClientTokenId",
            1,
            ["AWS refuses the session (InvalidClientTokenId).", REVOKED],
        ),
        ("ExpiredToken", 0, None),
        ("Throttling", 1, None),
        ("AccessDenied", 1, None),
    ],
    ids=["expired", "refused", "successful command", "session not verified", "not of the session"],
)
def test_the_tip(code: str, status: int, above: list[str] | None) -> None:
    """B-E06, B-L27: a tip follows a failed command if STS refuses the session, and says so."""
    sts = FailingSts(Refused("GetCallerIdentity", code))
    stage = logged_in(children=Command(status), sts=sts)
    assert run_exec(stage, "--", "x") == status
    assert stage.screen.said == ([] if above is None else ["\n".join(above), "Tip " + TIP])
    assert sts.calls == (status != 0)


def test_the_tip_says_when_the_session_ended() -> None:
    """B-E06: the line above the tip has the instant, and STS is not asked: `Stage` has none."""

    class Slow(Command):
        """A command that ends two days later."""

        def run(self, command: Sequence[str], environ: Mapping[str, str]) -> int:
            """Let the time pass."""
            stage.clock.sleep(timedelta(days=2))
            return super().run(command, environ)

    stage = logged_in(children=Slow(3))
    assert run_exec(stage, "--", "x") == 3
    assert stage.screen.said == ["The session ended at 2024-12-24 11:58:00 UTC.", "Tip " + TIP]


def test_no_tip_without_a_probe() -> None:
    """B-E06: with --no-probe STS is not asked: `Stage` has none."""
    stage = logged_in(children=Command(1))
    assert run_exec(stage, "--no-probe", "--", "x") == 1
    assert stage.screen.said == []


def test_a_session_that_ends_soon() -> None:
    """B-E07: a warning precedes a command that has less than fifteen minutes left."""
    stage = logged_in(children=Command())
    stage.clock.sleep(timedelta(hours=35, minutes=46))
    assert run_exec(stage, "--", "x") == 0
    assert stage.screen.said == ["⚠ The session of dev-admin ends in 14m."]


def of_line(stage: Stage, line: str) -> int:
    """Run a line of `exec`."""
    return exec_command.run(stage, parse(["exec", *line.split()]))


def test_a_shell() -> None:
    """B-E08: an identity alone is a shell, where there is a terminal for it."""
    command = Command(3)
    stage = logged_in(children=command, own_shell="/bin/my-shell")
    assert of_line(stage, f"{NAME} --no-probe") == 3
    assert command.runs == [["/bin/my-shell"]]
    assert command.environ["AUTHKIT_IDENTITY"] == NAME
    with pytest.raises(Failure, match="usage") as refused:
        of_line(logged_in(children=command), NAME)
    assert refused.value.status == 2
    assert len(command.runs) == 1


UNKNOWN = [  # the config file, who has a marker, the line, and whether it is refused
    (None, [], "ls x", True),
    (None, ["dev"], "ls x", True),
    (None, [], "-- ls x", False),
    (None, [], "ls -- x", False),
    (None, [], "-i ls x", False),
    (None, ["ls"], "ls x", False),
    ("[identities.ls]", [], "ls x", False),
    ("[identities.dev]", [], "ls x", True),
    ("[identities.dev]", [], "ls x -- y", True),
    ("[identities.dev]", ["ls"], "ls x", False),
    (None, [], "./a|b x", True),
    ("[identities.dev]\n[identities.ops]", [], "-- ls", False),
    (None, [], "ls", True),  # there is no terminal for a shell either
    (None, ["ls"], "ls", False),
]


@pytest.mark.parametrize(("config", "marked", "line", "refused"), UNKNOWN)
def test_a_first_word(config: str | None, marked: list[str], line: str, *, refused: bool) -> None:
    """B-E08: without '--' a first word that is no identity is refused, with the line to type."""
    stage = Stage(config=CountedConfig(config), children=Command())
    for name in marked:
        stage.sessions.markers.mark(name, Marker())
    with pytest.raises(Failure) as ended:
        of_line(stage, line)
    assert ended.value.name.startswith("exec-of-no-") == refused
    if refused:
        shown, word = said(ended.value), line.split(maxsplit=1)[0]
        named = "" if marked or config else "NAME "  # with one identity there is one that is meant
        assert f"'authkit exec {named}-- {quoted(word)} …'" in shown
        in_table = f"add [identities.{word}] to" if config else f"authkit login --identity {word}"
        assert (in_table in shown) == is_name(word)
        assert ended.value.status == 2
        assert stage.sessions.texts == {}


def test_a_session_is_identity_enough() -> None:
    """B-E08: with a session nothing more is looked up, so the cached path stays short."""
    stage = logged_in(children=Command())
    assert of_line(stage, f"{NAME} ls") == 0
    assert stage.config.reads == 0


@pytest.mark.parametrize(
    ("options", "region"), [("", "eu-west-3"), ("--region sa-east-1", "sa-east-1")]
)
def test_the_region_of_the_child(options: str, region: str) -> None:
    """B-E02: --region, else the caller's where the config file has none."""
    command = Command(1)
    sts = FailingSts(Refused("GetCallerIdentity", "ExpiredToken"))
    asked: list[str] = []

    def in_region(region: str) -> FailingSts:
        asked.append(region)
        return sts

    environ = {"AWS_REGION": "eu-west-3", "AWS_DEFAULT_REGION": "eu-west-2"}
    cached = CACHED.replaced(region="")
    stage = logged_in(cached, children=command, environ=environ, sts=in_region)
    of_line(stage, f"{NAME} {options} x")
    assert (command.environ["AWS_REGION"], command.environ["AWS_DEFAULT_REGION"]) == (
        region,
        region,
    )
    assert asked == [region if options else "us-east-1"]


def test_a_role_of_another_duration() -> None:
    """B-S03: `exec` uses a role's session although the config file asks for another duration."""
    scene = a_role(KEYS)
    assert run(scene, "login", ROLE).status == 0
    scene.config = CONFIG + 'session_duration = "2h"\n'
    calls = len(scene.account.calls)
    assert run(scene, "exec", ROLE, "--", "x", child=Child()).status == 0
    assert len(scene.account.calls) == calls


@pytest.mark.parametrize(
    ("granted", "asked", "min_ttl", "refused"),
    [
        (3600, 36 * 3600, 3601, True),
        (3600, 36 * 3600, 3600, False),
        (3600, 3660, 3601, False),
        (3600, 3661, 3601, True),
        (3600, 3600, 3601, False),
    ],
)
def test_a_session_of_which_aws_granted_less(
    granted: int,
    asked: int,
    min_ttl: int,
    refused: bool,  # noqa: FBT001
) -> None:
    """B-E07: a --min-ttl that AWS's sessions never have is refused; a minute less is none."""
    over = session(NOW.replace(year=2023), timedelta(seconds=granted))
    stage = logged_in(CACHED.replaced(session=over, duration=asked))
    line = ["exec", NAME, "--min-ttl", f"{min_ttl}s", "--", "true"]
    with pytest.raises(Failure) as ended:
        exec_command.run(stage, parse(line))
    assert (ended.value.name == "min-ttl-over-granted") == refused


@pytest.mark.parametrize("trouble", [RuntimeError(), KeyboardInterrupt()], ids=repr)
def test_trouble_after_the_child(trouble: BaseException) -> None:
    """B-E06: whatever keeps the tip from being worked out, the child's status counts."""

    def sts(_region: str) -> NoReturn:
        raise trouble

    stage = logged_in(children=Command(3), sts=sts)
    assert exec_command.run(stage, parse(["exec", NAME, "--", "false"])) == 3
