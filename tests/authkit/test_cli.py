"""The command line run whole: which exit status says what, and what nothing may come of."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NoReturn

import pytest

from authkit import cli
from authkit.adapters.state_folder import StateFolder
from authkit.core import sessions
from authkit.core.failures import Cancelled, CannotRun, Failure, KeyringTrouble, StateTrouble
from authkit.core.model import CachedSession, Secret, Session
from fakes.world.state_folder import MemoryStateFolder
from tests.support.pty_tools import finished
from tests.support.stage import CANCEL, START, CountedConfig, Paper, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from authkit.arguments import Options
    from authkit.core.ports import World

CANARY = "secret-canary/in+a=traceback"
SESSION = Session(
    access_key_id="ASIAXXXXXXXXXXXXXXXX",
    secret_access_key=Secret("session-secret-canary"),
    session_token=Secret("session-token-canary"),
    expiration=START + timedelta(hours=36),
    granted=START,
)
CACHED = CachedSession(
    session=SESSION,
    kind="aws/user",
    region="us-east-1",
    account="123456789012",
    principal="arn:aws:iam::123456789012:user/dev",
    keys="0123456789abcdef",
    mfa_arn="",
    duration=timedelta(hours=36),
    config_stamp=CountedConfig(None).stamp(),
)


@pytest.fixture(autouse=True)
def _only_the_secrets_of_this_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("authkit.core.model._seen", {})


def run(stage: World, *arguments: str) -> int:
    """Run a command line on a stage."""
    return cli.main(arguments, lambda _options: stage)


class Child:
    """A command: ends with this status, or cannot be started."""

    def __init__(self, ending: int | CannotRun = 0) -> None:
        self._ending = ending
        self.runs: list[list[str]] = []

    def run(self, command: Sequence[str], environ: Mapping[str, str]) -> int:
        """Note the command line."""
        assert environ
        self.runs.append([*command])
        if isinstance(self._ending, CannotRun):
            raise self._ending
        return self._ending


def logged_in(child: Child | None = None) -> Stage:
    """Return a stage on which dev-admin has a session."""
    stage = Stage(children=child or Child())
    stage.sessions.texts["dev-admin"] = sessions.encode(CACHED)
    return stage


class BrokenSessions(MemoryStateFolder):
    """A state folder in which something happens when a session is read."""

    def __init__(self, trouble: BaseException) -> None:
        super().__init__()
        self._trouble = trouble

    def read(self, name: str) -> NoReturn:
        """Raise the trouble."""
        assert name
        raise self._trouble


def broken(trouble: BaseException) -> Stage:
    """Return a stage on which this happens as soon as a session is looked for."""
    return Stage(sessions=BrokenSessions(trouble))


# What is on the line.


@pytest.mark.parametrize("argument", ["", " ", "a b", "--", "\udcff", "é", "-x", "*"])
def test_the_childs_arguments_are_its_own(argument: str) -> None:
    """CONTRACT, Commands: byte for byte, whatever they are."""
    child = Child()
    assert run(logged_in(child), "exec", "dev-admin", "--", "echo", argument) == 0
    assert child.runs == [["echo", argument]]


def test_options_before_the_command() -> None:
    """CONTRACT, Commands: the config file, and whether to ask, are for whoever makes the world."""
    told: list[Options] = []

    def make(options: Options) -> World:
        told.append(options)
        return logged_in()

    line = ["--config", "mine.toml", "--no-input", "whoami", "dev-admin", "--offline"]
    assert cli.main(line, make) == 0
    assert (told[0].config, told[0].no_input) == ("mine.toml", True)


def test_usage() -> None:
    """B-E08, CONTRACT: exit 2, in three lines, and nothing else has happened."""
    stage = logged_in()
    assert run(stage, "exec", "dev-admin") == 2
    what, done, following = stage.screen.said[0].split("\n")
    assert what == "✗ No command to run: it comes after '--'."
    assert done == "  Nothing was done."
    assert following == "  Run 'authkit exec --help' to see how it is called."
    assert stage.screen.data == []
    assert stage.config.reads == 0
    assert stage.sessions.texts == logged_in().sessions.texts


def test_usage_shows_no_control_characters() -> None:
    """B-A01: what was typed is foreign text as well."""
    stage = Stage()
    assert run(stage, "login", "--\x1b[2J") == 2
    assert "\x1b" not in stage.screen.everything


@pytest.mark.parametrize("line", ["--version", "--help", "login --help", "user configure -h"])
def test_help_and_version(line: str) -> None:
    """CONTRACT: data, on stdout, and exit 0."""
    stage = Stage()
    assert run(stage, *line.split()) == 0
    assert "authkit" in stage.screen.data[0]
    assert stage.screen.said == []
    assert stage.config.reads == 0


# Exit codes.


TROUBLES: dict[str, tuple[BaseException, int, str]] = {
    "a failure": (Failure("nobody-to-ask", identity="x"), 1, "✗ There is no terminal to ask on"),
    "a configuration error": (
        Failure("config-wrong", 2, path="p", where="w", reason="r"),
        2,
        "✗ p:\n  w: r.",
    ),
    "the state folder": (StateTrouble("/state", "Permission denied"), 1, "✗ /state: Permission"),
    "a locked keyring": (KeyringTrouble("locked", "why"), 1, "✗ The keyring is locked: why."),
    "an unreadable keyring": (
        KeyringTrouble("unreadable", "why"),
        1,
        "✗ The keyring cannot be used",
    ),
    "no keyring": (KeyringTrouble("no-backend", "why"), 1, "✗ There is no usable keyring"),
    "a forgetful keyring": (KeyringTrouble("not-kept", "why"), 1, "✗ The keyring loses"),
    "a corrupt entry": (
        KeyringTrouble("corrupt", "why", "dev-admin"),
        1,
        "✗ The keyring's entry for dev-admin is corrupt:\n  why.",
    ),
    "a later entry": (
        KeyringTrouble("later-version", "version 2", "dev-admin"),
        1,
        "✗ The keyring's entry for dev-admin is of a later authkit (version 2).",
    ),
    "a bug": (ZeroDivisionError("division by zero"), 1, "✗ Something that authkit did not expect"),
    "^C": (KeyboardInterrupt(), 130, "✗ Cancelled."),
    "^D": (Cancelled(), 130, "✗ Cancelled."),
}


@pytest.mark.parametrize(("trouble", "status", "said"), TROUBLES.values(), ids=TROUBLES.keys())
def test_what_a_trouble_ends_with(trouble: BaseException, status: int, said: str) -> None:
    """B-A02, B-A04, B-S04: one message of three parts for each, on stderr, and its status."""
    stage = broken(trouble)
    assert run(stage, "whoami", "dev-admin") == status
    assert stage.screen.said[0].startswith(said)
    assert stage.screen.said[0].count("\n  ") >= 2
    assert len(stage.screen.said) == 1
    assert stage.screen.data == []


@pytest.mark.parametrize(("trouble", "status", "said"), TROUBLES.values(), ids=TROUBLES.keys())
def test_exec_fails_with_statuses_of_its_own(
    trouble: BaseException, status: int, said: str
) -> None:
    """B-E03: authkit's own failure is 125; configuration errors and cancelling stay as they are."""
    stage = broken(trouble)
    assert run(stage, "exec", "dev-admin", "--", "true") == (125 if status == 1 else status)
    assert stage.screen.said[0].startswith(said)


@pytest.mark.parametrize("status", [0, 1, 2, 125, 126, 127, 130, 137])
def test_the_childs_status_is_authkits(status: int) -> None:
    """B-E03: whatever it is, 1 and 2 too."""
    assert run(logged_in(Child(status)), "exec", "dev-admin", "--no-probe", "--", "x") == status


@pytest.mark.parametrize(
    ("status", "reason", "said"),
    [
        (127, "command not found", "✗ nosuch: command not found."),
        (126, "Permission denied", "✗ nosuch: Permission denied."),
        (125, "Argument list too long", "✗ nosuch: Argument list too long."),
    ],
)
def test_a_command_that_cannot_be_run(status: int, reason: str, said: str) -> None:
    """B-E03: not found 127, not executable 126, anything else 125."""
    stage = logged_in(Child(CannotRun(status, reason)))
    assert run(stage, "exec", "dev-admin", "--", "nosuch") == status
    assert stage.screen.said[0].split("\n")[0] == said


def test_cancelled_says_how_to_go_on() -> None:
    """B-L06: the one command to go on with is the one that was cancelled."""
    stage = broken(Cancelled())
    assert run(stage, "login", "-i", "dev-admin") == 130
    assert stage.screen.said == [
        "✗ Cancelled.\n  It stopped there.\n  Run 'authkit login -i dev-admin' to go on."
    ]


def test_the_line_to_type_again_is_quoted() -> None:
    """B-A04: typed again it means the same; the child's part is the person's own to repeat."""
    stage = broken(Cancelled())
    line = ["--config", "my file", "exec", "dev-admin", "--", "sh", "-c", "echo secret"]
    assert run(stage, *line) == 130
    assert "Run 'authkit --config 'my file' exec dev-admin -- …' to go on." in stage.screen.said[0]


def test_cancelled_while_asked() -> None:
    """B-L06: ^C at the first question ends the command with 130."""
    paper = Paper([CANCEL])
    assert run(Stage(screen=paper, prompter=paper), "login", "dev-admin") == 130
    assert paper.said[-1].startswith("✗ Cancelled.")


# What was not expected.


def test_no_traceback() -> None:
    """B-A02: an unexpected error says so in one line, with no secret in it."""
    stage = broken(RuntimeError(f"got {Secret(CANARY).reveal()}\nand more"))
    assert run(stage, "whoami", "dev-admin") == 1
    first = stage.screen.said[0].split("\n")[0]
    assert first.startswith("✗ Something that authkit did not expect: RuntimeError: got ********")
    assert "AUTHKIT_DEBUG=1" in stage.screen.said[0]
    assert "Traceback" not in stage.screen.everything
    assert CANARY not in stage.screen.everything


def test_a_masked_traceback() -> None:
    """B-A02: AUTHKIT_DEBUG=1 shows where, every secret masked, no control character left."""
    stage = broken(RuntimeError(f"got {Secret(CANARY).reveal()} \x1b[2J"))
    stage.environ["AUTHKIT_DEBUG"] = "1"
    assert run(stage, "whoami", "dev-admin") == 1
    traceback, last = stage.screen.said
    assert traceback.startswith("Traceback (most recent call last):\n")
    assert "RuntimeError: got ******** \\x1b[2J" in traceback
    assert last.startswith("✗ Something that authkit did not expect")
    assert CANARY not in stage.screen.everything
    assert "\x1b" not in stage.screen.everything


@pytest.mark.parametrize("value", ["", "0", "yes"])
def test_only_1_is_debugging(value: str) -> None:
    """CONTRACT, Environment: AUTHKIT_DEBUG=1, and nothing else."""
    stage = broken(RuntimeError("odd"))
    stage.environ["AUTHKIT_DEBUG"] = value
    run(stage, "whoami", "dev-admin")
    assert "Traceback" not in stage.screen.everything


def test_an_expected_trouble_has_no_traceback() -> None:
    """B-A02: AUTHKIT_DEBUG=1 is for what was not expected."""
    stage = broken(StateTrouble("/state", "Permission denied"))
    stage.environ["AUTHKIT_DEBUG"] = "1"
    assert run(stage, "whoami", "dev-admin") == 1
    assert "Traceback" not in stage.screen.everything


def test_an_error_without_words() -> None:
    """B-A02: its class is said, and that no more is known."""
    stage = broken(RuntimeError())
    run(stage, "whoami", "dev-admin")
    assert "RuntimeError: no more is known." in stage.screen.said[0]


# The process.


def process(home: Path, *arguments: str, stdout: int = subprocess.PIPE) -> subprocess.Popen[str]:
    """Start an authkit process of its own."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "AUTHKIT_"))}
    environ.pop("PYTHONUNBUFFERED", None)
    environ |= {"HOME": str(home), "XDG_CONFIG_HOME": str(home), "AUTHKIT_STATE_DIR": str(home)}
    command = [sys.executable, "-m", "authkit", *arguments]
    return subprocess.Popen(command, env=environ, stdout=stdout, stderr=subprocess.PIPE, text=True)  # noqa: S603 - our own


@pytest.mark.parametrize("arguments", [["whoami", "dev-admin", "--offline"], ["--help"]], ids=str)
def test_a_reader_that_has_left(tmp_path: Path, arguments: list[str]) -> None:
    """B-A02: with nobody at the other end of the pipe authkit ends without a word."""
    session = SESSION.replaced(expiration=datetime.now(UTC) + timedelta(hours=1))
    folder = StateFolder(str(tmp_path))
    folder.replace("dev-admin", sessions.encode(CACHED.replaced(session=session)))
    reader, writer = os.pipe()
    os.close(reader)
    with process(tmp_path, *arguments, stdout=writer) as running:
        os.close(writer)
        _, said = running.communicate()
    assert said == ""
    assert running.returncode in {0, 1}


def test_a_reader_that_does_not_read(tmp_path: Path) -> None:
    """B-A02: ^C ends a command whose pipe is full: nothing is tried again on the way out."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with suppress(BlockingIOError):
        while True:
            os.write(writer, b"x" * 65_536)
    os.set_blocking(writer, True)
    folder = StateFolder(str(tmp_path))
    folder.replace("dev-admin", "corrupt, which is said before anything is written")
    folder.mark("dev-admin")
    with process(tmp_path, "list", stdout=writer) as running:
        assert running.stderr
        said = running.stderr.readline()
        while running.poll() is None:
            running.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                running.wait(0.1)
        said += running.stderr.read()
    os.close(reader)
    os.close(writer)
    assert "Traceback" not in said
    assert running.returncode == 130


def test_as_a_module(tmp_path: Path) -> None:
    """CONTRACT, Commands: `python -m authkit` is the same program."""
    with process(tmp_path, "--version") as running:
        out, err = running.communicate()
    assert (out.split()[0], err, running.returncode) == ("authkit", "", 0)


def test_a_usage_error_is_for_the_person(tmp_path: Path) -> None:
    """CONTRACT, Streams: on stderr, nothing on stdout, exit 2."""
    with process(tmp_path, "exec", "dev-admin") as running:
        out, err = running.communicate()
    assert (out, running.returncode) == ("", 2)
    assert err.endswith("Run 'authkit exec --help' to see how it is called.\n")


def test_cancelled_before_there_is_a_screen() -> None:
    """B-L06: ^C while everything is being imported is no crash either."""
    stage = Stage()
    attempts = iter([KeyboardInterrupt(), None])

    def make(_options: Options) -> Stage:
        if trouble := next(attempts):
            raise trouble
        return stage

    assert cli.main(["login", "dev-admin"], make) == 130
    assert stage.screen.said[0].startswith("✗ Cancelled.")


# Sends itself what ^C sends, whenever a module begins to be imported.
PRESSED = """
import os, signal, sys
def press(event, arguments):
    if event == "import" and arguments[0] == "{module}":
        os.kill(os.getpid(), signal.SIGINT)
signal.signal(signal.SIGINT, signal.default_int_handler)  # however pytest was started
sys.addaudithook(press)
from authkit.{begin} import main
sys.exit(main())
"""


def pressed(begin: str, module: str) -> tuple[int, str]:
    """Begin in one module, press ^C while another is imported; return how that ends."""
    script = PRESSED.format(begin=begin, module=module)
    done = finished([sys.executable, "-c", script, "list"], check=False)
    return done.returncode, done.stdout + done.stderr


def test_cancelled_before_it_begins() -> None:
    """B-A02: ^C before the first line of the command is run ends it with 130, without a word."""
    assert pressed("__main__", "authkit.cli") == (130, "")


def test_cancelled_once_more() -> None:
    """B-A02: and so does a second ^C, before there is a screen to answer the first on."""
    assert pressed("cli", "authkit.adapters.world") == (130, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110 - a device
@pytest.mark.parametrize(
    ("line", "full", "status"),
    [
        ("AUTHKIT_STATE_DIR=/ authkit list --output json", 1, 1),
        ("AUTHKIT_STATE_DIR=/ authkit --help", 1, 1),
        ("AUTHKIT_STATE_DIR=/ authkit lgin", 2, 2),
        ("HOME= authkit list", None, 2),
    ],
    ids=["full stdout", "no help", "full stderr", "no home"],
)
def test_the_status_is_authkits(line: str, full: int | None, status: int) -> None:
    """B-A02: whatever cannot be written or found, no status and no words of the interpreter's."""
    line = line.replace("authkit", f"{sys.executable} -m authkit")
    where = "" if full is None else f" {full}> /dev/full"
    unset = ("AUTHKIT_", "XDG_", "PYTHONUNBUFFERED")
    done = subprocess.run(  # noqa: S603 - our own
        ["/bin/sh", "-c", line + where],
        env={k: v for k, v in os.environ.items() if not k.startswith(unset)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
