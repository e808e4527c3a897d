"""The command line: running a command, exit statuses, and messages for what ends a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import pytest

from authkit import cli
from authkit.core.failures import Cancelled, Failure, KeyringTrouble, StateTrouble
from authkit.core.model import Secret
from fakes.world.state_folder import MemoryStateFolder
from tests.authkit.examples import logged_in
from tests.support.stage import Stage

if TYPE_CHECKING:
    from authkit.arguments import Options
    from authkit.core.ports import World

CANARY = "secret-canary/in+a=traceback"


def run(stage: World, *arguments: str) -> int:
    """Run a command line on a stage."""
    return cli.main(arguments, lambda _options: stage)


class BrokenSessions(MemoryStateFolder):
    """A state folder in which reading a session raises an exception."""

    def __init__(self, trouble: BaseException) -> None:
        super().__init__()
        self._trouble = trouble

    def read(self, name: str) -> NoReturn:
        """Raise the exception."""
        assert name
        raise self._trouble


def broken(trouble: BaseException) -> Stage:
    """Return a stage on which reading a session raises an exception."""
    return Stage(sessions=BrokenSessions(trouble))


def test_options_before_the_command() -> None:
    """docs/contract.md, Commands: --config and --no-input are passed to the World."""
    told: list[Options] = []

    def make(options: Options) -> World:
        told.append(options)
        return logged_in()

    line = ["--config", "mine.toml", "--no-input", "whoami", "dev-admin", "--offline"]
    assert cli.main(line, make) == 0
    assert (told[0].config, told[0].no_input) == ("mine.toml", True)


def test_usage() -> None:
    """B-E08, docs/contract.md, exit codes: exit 2, three lines, and nothing else is done."""
    stage = logged_in()
    assert run(stage, "exec", "dev-admin") == 2
    what, done, following = stage.screen.said[0].split("\n")
    assert what == "✗ No command to run, and no terminal for a shell: a command comes after '--'."
    assert done == "  Nothing was done."
    assert following == "  Run 'authkit exec --help' to see what it takes."
    assert stage.screen.data == []
    assert stage.config.reads == 0
    assert stage.sessions.texts == logged_in().sessions.texts


def test_usage_shows_no_control_characters() -> None:
    """B-A01: control characters in an argument are not shown."""
    stage = Stage()
    assert run(stage, "login", "--\x1b[2J") == 2
    assert "\x1b" not in stage.screen.everything


# Exit statuses.


TROUBLES: dict[str, tuple[BaseException, int, str]] = {
    "a failure": (
        Failure("nobody-to-ask", identity="x", why="w"),
        1,
        "✗ There is nobody to ask here (w)",
    ),
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
    """B-A02, B-A04, B-S04: one message of three parts, on stderr, and the exit status."""
    stage = broken(trouble)
    assert run(stage, "env", "dev-admin") == status
    assert stage.screen.said[0].startswith(said)
    assert stage.screen.said[0].count("\n  ") >= 2
    assert len(stage.screen.said) == 1
    assert stage.screen.data == []


@pytest.mark.parametrize(("trouble", "status", "said"), TROUBLES.values(), ids=TROUBLES.keys())
def test_exec_fails_with_statuses_of_its_own(
    trouble: BaseException, status: int, said: str
) -> None:
    """B-E03: exec's own failures have the status 125; usage errors and ^C keep theirs."""
    stage = broken(trouble)
    assert run(stage, "exec", "dev-admin", "--", "true") == (125 if status == 1 else status)
    assert stage.screen.said[0].startswith(said)


def test_cancelled_says_how_to_go_on() -> None:
    """B-L06: the message names the command that was cancelled."""
    stage = broken(Cancelled())
    assert run(stage, "login", "-i", "dev-admin") == 130
    assert stage.screen.said == [
        "✗ Cancelled.\n  It stopped there.\n  Run 'authkit login -i dev-admin' to go on."
    ]


def test_the_line_to_type_again_is_quoted() -> None:
    """B-A04: the command is quoted for the shell, and the child's command is left out."""
    stage = broken(Cancelled())
    line = ["--config", "my file", "exec", "dev-admin", "--", "sh", "-c", "echo secret"]
    assert run(stage, *line) == 130
    again = "Run 'authkit --config \"my file\" exec dev-admin -- …' to go on."
    assert again in stage.screen.said[0]


@pytest.mark.parametrize(
    ("line", "again"),
    [
        ("exec dev-admin sh -c secret", "exec dev-admin -- …"),
        ("exec -i dev-admin --no-probe sh -- secret", "exec -i dev-admin --no-probe -- …"),
        ("exec dev-admin -- sh secret", "exec dev-admin -- …"),
    ],
)
def test_the_childs_part_is_left_out(line: str, again: str) -> None:
    """B-A04: wherever the child's command begins, it is not shown."""
    stage = broken(Cancelled())
    assert run(stage, *line.split()) == 130
    assert f"Run 'authkit {again}' to go on." in stage.screen.said[0]


def test_a_name_is_quoted_as_in_every_command() -> None:
    """B-S10: the line to type again has a name as messages write it."""
    stage = broken(Cancelled())
    assert run(stage, "login", "entwickler \u00fc") == 130
    assert "Run 'authkit login \"entwickler \u00fc\"' to go on." in stage.screen.said[0]


def test_the_line_to_type_again_stands_in_a_message() -> None:
    """B-S06: after the cure of a state folder comes the command that was run."""
    stage = broken(StateTrouble("/state", "why", says="state-no-room"))
    assert run(stage, "login", "dev-admin", "--force") == 1
    assert stage.screen.said[0].endswith(
        "  Make room there, then run\n  'authkit login dev-admin --force'."
    )


# Unexpected exceptions.


def test_no_traceback() -> None:
    """B-A02: an unexpected exception is one message, with secrets masked."""
    stage = broken(RuntimeError(f"got {Secret(CANARY).reveal()}\nand more"))
    assert run(stage, "whoami", "dev-admin") == 1
    first = stage.screen.said[0].split("\n")[0]
    assert first.startswith("✗ Something that authkit did not expect: RuntimeError: got ********")
    assert "AUTHKIT_DEBUG=1" in stage.screen.said[0]
    assert "Traceback" not in stage.screen.everything
    assert CANARY not in stage.screen.everything


def test_a_masked_traceback() -> None:
    """B-A02: AUTHKIT_DEBUG=1 shows the traceback, with secrets masked and controls escaped."""
    stage = broken(RuntimeError(f"got {Secret(CANARY).reveal()} \x1b[2J"))
    stage.environ["AUTHKIT_DEBUG"] = "1"
    assert run(stage, "whoami", "dev-admin") == 1
    *_, traceback, last = stage.screen.said
    assert traceback.startswith("Traceback (most recent call last):\n")
    assert "RuntimeError: got ******** \\x1b[2J" in traceback
    assert last.startswith("✗ Something that authkit did not expect")
    assert CANARY not in stage.screen.everything
    assert "\x1b" not in stage.screen.everything


@pytest.mark.parametrize("value", ["", "0", "yes"])
def test_only_1_is_debugging(value: str) -> None:
    """docs/contract.md, Environment: only AUTHKIT_DEBUG=1 shows tracebacks."""
    stage = broken(RuntimeError("odd"))
    stage.environ["AUTHKIT_DEBUG"] = value
    run(stage, "whoami", "dev-admin")
    assert "Traceback" not in stage.screen.everything


def test_an_expected_trouble_has_no_traceback() -> None:
    """B-A02: AUTHKIT_DEBUG=1 shows no traceback of an expected trouble."""
    stage = broken(StateTrouble("/state", "Permission denied"))
    stage.environ["AUTHKIT_DEBUG"] = "1"
    assert run(stage, "whoami", "dev-admin") == 1
    assert "Traceback" not in stage.screen.everything


def test_an_error_without_words() -> None:
    """B-A02: an exception without a text is shown by its class."""
    stage = broken(RuntimeError())
    run(stage, "whoami", "dev-admin")
    assert "RuntimeError: no more is known." in stage.screen.said[0]


def test_cancelled_before_there_is_a_screen() -> None:
    """B-L06: ^C while the World is made cancels like any other."""
    stage = Stage()
    attempts = iter([KeyboardInterrupt(), None])

    def make(_options: Options) -> Stage:
        if trouble := next(attempts):
            raise trouble
        return stage

    assert cli.main(["login", "dev-admin"], make) == 130
    assert stage.screen.said[0].startswith("✗ Cancelled.")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (["user", "configure", "--stdin"], "--stdin was given"),
        (["credential-process"], "credential-process never asks"),
        (["--no-input", "credential-process"], "--no-input was given"),
    ],
)
def test_what_forbids_asking(monkeypatch: pytest.MonkeyPatch, line: list[str], why: str) -> None:
    """B-K07: a command that asks nothing lets no keyring ask either, and says why."""
    monkeypatch.delenv("CI", raising=False)
    worlds: list[World] = []

    def run(world: World, _options: Options) -> int:
        worlds.append(world)
        return 0

    monkeypatch.setattr(cli, "_command", lambda _name: run)
    assert cli.main(line) == 0
    assert [world.unasked for world in worlds] == [why]
    assert worlds[0].prompter is None
