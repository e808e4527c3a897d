"""B-S09: where the keyring file's passphrase comes from, and what is said when it does not come."""

from __future__ import annotations

import os
import select
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from authkit.adapters import passphrase, programs
from authkit.adapters.passphrase import COMMAND, PASSPHRASE, Passphrases
from authkit.core.failures import Cancelled, KeyringTrouble
from authkit.core.model import Secret
from tests.support.stage import CANCEL, Paper

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE = "/state/keyring"
RIGHT = "correct horse"


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each command a minute to begin, and to end: the machine may be busy."""
    monkeypatch.setattr(passphrase, "SECONDS", 60)
    monkeypatch.setattr(programs, "LINGERING", 60)


def opens(given: Secret) -> str | None:
    """Open with the right passphrase only."""
    return "opened" if given.reveal() == RIGHT else None


def of(environ: dict[str, str], *answers: str, somebody: bool = True) -> tuple[Passphrases, Paper]:
    """Return the passphrases of a process, and what its person sees."""
    paper = Paper(answers)
    return Passphrases(FILE, environ, paper, lambda: paper if somebody else None), paper


def python(script: str, *words: str) -> str:
    """Return a command that runs a script."""
    return shlex.join([sys.executable, "-IS", "-c", script, *words])


def trouble(passphrases: Passphrases) -> tuple[str, str]:
    """Return which message the failing passphrases end with, and the reason."""
    with pytest.raises(KeyringTrouble) as raised:
        passphrases.opening(opens)
    assert raised.value.state == "locked"
    return raised.value.says, raised.value.reason


@pytest.mark.parametrize(
    "environ",
    [
        {PASSPHRASE: RIGHT},
        {COMMAND: python("print('correct horse')")},
        {COMMAND: python("print('correct horse')"), PASSPHRASE: "wrong"},
        {COMMAND: python("print('correct horse', end='')")},
        {COMMAND: python(r"print('correct horse', end='\r\n')")},
        {COMMAND: "", PASSPHRASE: RIGHT},
    ],
)
def test_a_setting(environ: dict[str, str]) -> None:
    """The command's line, else the variable; with a setting nobody is asked."""
    passphrases, paper = of({**environ})
    assert passphrases.opening(opens) == "opened"
    assert passphrases.new() == Secret(RIGHT)
    assert (paper.asked, paper.said) == ([], [])


def test_what_the_settings_are_called() -> None:
    """B-S09: these names are the contract's."""
    assert of({"AUTHKIT_KEYRING_PASSPHRASE": RIGHT})[0].opening(opens) == "opened"
    passphrases, _ = of({"AUTHKIT_KEYRING_PASSPHRASE_COMMAND": f"echo '{RIGHT}'"})
    assert passphrases.opening(opens) == "opened"


def test_how_long_the_command_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S09: ten seconds."""
    monkeypatch.undo()  # the minute of these tests

    def hangs(*words: Any) -> Secret:  # noqa: ANN401 - as line_of
        raise programs.too_slow(words[-1])

    monkeypatch.setattr(programs, "line_of", hangs)
    passphrases, _ = of({COMMAND: "hangs"})
    assert trouble(passphrases)[1] == f"{COMMAND} took longer than 10 s"


def test_the_settings_leave_the_environment() -> None:
    """B-E02: no program that is started later can see them, the command itself included."""
    script = (
        f"import os; print(sorted(os.environ.keys() & {{{COMMAND!r}, {PASSPHRASE!r}, 'KEPT'}}))"
    )
    environ = {COMMAND: python(script), PASSPHRASE: "wrong", "KEPT": "1"}
    passphrases, _ = of(environ)
    assert environ == {"KEPT": "1"}
    assert passphrases.new() == Secret("['KEPT']")


@pytest.mark.parametrize(("somebody", "seen"), [(True, "/dev/pts/7"), (False, "None")])
def test_where_its_gpg_asks(somebody: bool, seen: str) -> None:  # noqa: FBT001 - a table's column
    """B-K07: what forbids asking holds for `pass` as the command too, which starts gpg."""
    script = "import os; print(os.environ.get('GPG_TTY'))"
    passphrases, _ = of({COMMAND: python(script), "GPG_TTY": "/dev/pts/7"}, somebody=somebody)
    assert passphrases.new() == Secret(seen)


def test_nobody_to_ask_is_explained() -> None:
    """B-K07: the error names what forbade asking."""
    passphrases = Passphrases(FILE, {}, Paper(), lambda: None, lambda: "CI=1 is set")
    reason = f"{FILE} needs its passphrase, and nobody can be asked here: CI=1 is set"
    assert trouble(passphrases) == ("keyring-file-unasked", reason)


def test_the_command_runs_once(tmp_path: Path) -> None:
    """B-S09: the passphrase is had once a command, whatever it is needed for."""
    passphrases, _ = of({COMMAND: f"sh -c 'echo . >> {tmp_path}/runs; echo {RIGHT}'"})
    for _ in range(3):
        assert passphrases.opening(opens) == "opened"
    assert passphrases.new() == Secret(RIGHT)
    assert (tmp_path / "runs").read_text() == ".\n"


def test_the_command_is_not_run_by_a_shell() -> None:
    """It is split as a shell would, and nothing in it is expanded; its input is empty."""
    script = "import sys; print([*sys.argv[1:], sys.stdin.read()])"
    passphrases, _ = of({COMMAND: python(script) + """ "a  b" '$HOME' ; > * 'c'"""})
    assert passphrases.new() == Secret("['a  b', '$HOME', ';', '>', '*', 'c', '']")


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("MySecretPassphrase99 --flag", "names a program that was not found"),
        ("/no-such-folder/program", "names a program that was not found"),
        ("/etc/passwd", "names a program that cannot be run (Permission denied)"),
        ("/", "names a program that cannot be run (Permission denied)"),
        ("x" * 5000, "names a program that cannot be run (File name too long)"),
        ("'open", "cannot be split into words (No closing quotation)"),
        ("  ", "names no command"),
        (python("raise SystemExit(3)"), "failed with exit status 3"),
        (python("print('correct horse'); raise SystemExit(1)"), "failed with exit status 1"),
        (python("import os; os.kill(os.getpid(), 9)"), "died of signal 9"),
        (python("pass"), "printed no line"),
        (python("print()"), "printed no line"),
        (python(r"print('correct horse\nand more')"), "printed more than one line"),
        (python(r"print('correct horse\n')"), "printed more than one line"),
        (python("print('x' * 5000)"), "printed more than 4096 bytes"),
    ],
)
def test_what_is_wrong_with_a_command(command: str, why: str) -> None:
    """The reason names the setting and what happened; nothing of what was printed."""
    passphrases, paper = of({COMMAND: command})
    assert trouble(passphrases) == ("keyring-file-setting", f"{COMMAND} {why}")
    assert paper.asked == []


def test_a_command_that_prints_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not waited for once it has printed more than one line, and time to end."""
    monkeypatch.setattr(programs, "LINGERING", 0)
    passphrases, _ = of({COMMAND: python("while True: print('y')")})
    assert trouble(passphrases) == ("keyring-file-setting", f"{COMMAND} printed more than one line")


@pytest.mark.parametrize(
    "script",
    [
        "import time; time.sleep(60)",
        "import os, time; os.write(1, b'correct horse'); os.close(1); time.sleep(60)",
        "import time\nwhile True: print('x', end='', flush=True); time.sleep(0.01)",
    ],
    ids=["silent", "closes its output", "drips"],
)
def test_a_command_that_takes_too_long(script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is ended when its time is up, whatever it does until then."""
    started = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - Popen's own
            super().__init__(*arguments, **options)
            started.append(self.pid)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    monkeypatch.setattr(passphrase, "SECONDS", 1)
    passphrases, _ = of({COMMAND: python(script)})
    assert trouble(passphrases)[1] == f"{COMMAND} took longer than 1 s"
    (pid,) = started
    with pytest.raises(ChildProcessError):  # it is no child of this process any more
        os.waitpid(pid, os.WNOHANG)


FORKS = """
import os, sys, time
os.open(sys.argv[1], os.O_WRONLY)
if os.fork() == 0:
    time.sleep(600)
os.write(1, b"correct horse" + sys.argv[2].encode())
time.sleep(int(sys.argv[3]))
sys.exit(int(sys.argv[4]))
"""


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Path]:
    """Return a FIFO for processes to hold open; at the end assert that they are all gone."""
    fifo = tmp_path / "held"
    os.mkfifo(fifo)
    handle = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    yield fifo
    waiting = select.poll()
    waiting.register(handle, 0)  # POLLHUP comes by itself
    assert waiting.poll(60_000), "a process is still alive"
    os.close(handle)


@pytest.mark.parametrize(
    ("end", "lasts"), [("\n", 0), ("", 0), ("\n", 60)], ids=["line", "no end", "goes on"]
)
def test_what_the_command_has_started(
    held: Path, monkeypatch: pytest.MonkeyPatch, end: str, lasts: int
) -> None:
    """The line counts once it is there, whoever holds the output open; nothing is left alive."""
    monkeypatch.setattr(programs, "LINGERING", 0.1)
    passphrases, _ = of({COMMAND: python(FORKS, str(held), end, str(lasts), "0")})
    assert passphrases.opening(opens) == "opened"


@pytest.mark.parametrize(
    ("lasts", "why"), [("60", "took longer than 1 s"), ("0", "failed with exit status 3")]
)
def test_nothing_is_left_after_a_failure(
    held: Path, monkeypatch: pytest.MonkeyPatch, lasts: str, why: str
) -> None:
    """What takes too long, or fails, is ended together with what it has started."""
    if lasts != "0":
        monkeypatch.setattr(passphrase, "SECONDS", 1)
    passphrases, _ = of({COMMAND: python(FORKS, str(held), "", lasts, "3")})
    assert trouble(passphrases)[1] == f"{COMMAND} {why}"


@pytest.mark.parametrize(
    ("environ", "setting"),
    [({PASSPHRASE: "wr0ng-one"}, PASSPHRASE), ({COMMAND: "echo wr0ng-one"}, COMMAND)],
)
def test_a_wrong_one_from_a_setting(environ: dict[str, str], setting: str) -> None:
    """The error names the setting, never the value; nobody is asked instead."""
    passphrases, paper = of({**environ}, RIGHT)
    said = ("keyring-file-setting", f"the passphrase that {setting} gives does not open {FILE}")
    assert trouble(passphrases) == said
    assert "wr0ng" not in repr(vars(passphrases))
    assert paper.asked == []


def test_three_tries() -> None:
    """The third passphrase that is typed still counts; each wrong one is said to be wrong."""
    passphrases, paper = of({}, "wrong", "", RIGHT)
    assert passphrases.opening(opens) == "opened"
    assert paper.asked == paper.unseen == ["Keyring passphrase: "] * 3
    assert paper.said == [f"✗ That passphrase does not open {FILE}."] * 2


def test_three_wrong_ones() -> None:
    """Then it is locked, and stays so for this command: nothing is asked again."""
    passphrases, paper = of({}, *["wrong"] * 3)
    for _ in range(2):
        said = ("keyring-file-typed", f"3 passphrases did not open {FILE}")
        assert trouble(passphrases) == said
    assert len(paper.asked) == 3


def test_a_command_that_failed_is_not_run_again(tmp_path: Path) -> None:
    """B-S09: it is run once, also when it fails."""
    passphrases, _ = of({COMMAND: f"sh -c 'echo . >> {tmp_path}/runs; exit 1'"})
    assert trouble(passphrases) == trouble(passphrases)
    assert (tmp_path / "runs").read_text() == ".\n"


@pytest.mark.parametrize("new", [False, True])
def test_what_is_said_before_a_question(new: bool) -> None:  # noqa: FBT001 - a case of two
    """B-S09: a notice comes before the first question, and only before a question."""
    notice = "another backend keeps them"
    passphrases, paper = of({}, RIGHT, RIGHT)
    with passphrases.after(lambda: notice):
        passphrases.new() if new else passphrases.opening(opens)
    assert paper.said[0] == notice
    passphrases, paper = of({PASSPHRASE: RIGHT})
    with passphrases.after(lambda: notice):
        passphrases.new() if new else passphrases.opening(opens)
    assert paper.said == []


def test_nobody_is_asked_while_others_wait() -> None:
    """B-S09: under a lock a question is trouble; afterwards it may be put again."""
    passphrases, paper = of({}, RIGHT)
    with passphrases.unasked(), pytest.raises(KeyringTrouble, match="in the meantime"):
        passphrases.new()
    assert paper.asked == []


@pytest.mark.parametrize("new", [False, True])
def test_nobody_to_ask(new: bool) -> None:  # noqa: FBT001 - a case of two
    """Where nobody can be asked it is locked, for reading and for a new file."""
    passphrases, _ = of({}, somebody=False)
    with pytest.raises(KeyringTrouble) as raised:
        passphrases.new() if new else passphrases.opening(opens)
    assert (raised.value.state, raised.value.says) == ("locked", "keyring-file-unasked")


def test_a_new_one_twice_alike() -> None:
    """It is typed twice; what differs or is empty is asked for again."""
    passphrases, paper = of({}, "one", "other", "", "one", "one")
    assert passphrases.new() == Secret("one")
    new, again = "New keyring passphrase: ", "The same again: "
    assert paper.asked == paper.unseen == [new, again, new, new, again]
    assert FILE in paper.said[0]
    assert paper.said[1:] == ["✗ The two are not alike.", "✗ A passphrase cannot be empty."]


def test_a_new_one_never_twice_alike() -> None:
    """Three tries here too."""
    passphrases, _ = of({}, *["one", "other"] * 3)
    with pytest.raises(KeyringTrouble) as raised:
        passphrases.new()
    assert (raised.value.state, raised.value.says) == ("locked", "keyring-file-unmade")


@pytest.mark.parametrize("answers", [[CANCEL], ["wrong", CANCEL]])
def test_cancelled(answers: list[str]) -> None:
    """^C and ^D at the question end it."""
    with pytest.raises(Cancelled):
        of({}, *answers)[0].opening(opens)
    with pytest.raises(Cancelled):
        of({}, *answers)[0].new()
