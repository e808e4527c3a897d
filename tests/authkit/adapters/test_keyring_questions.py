"""The questions of keyring backends: asked by authkit, or refused with what forbids them."""

from __future__ import annotations

import builtins
import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from authkit.adapters.asking import GPG_TTY
from authkit.adapters.keyring import LibraryKeyring
from authkit.adapters.keyring_questions import Questions
from authkit.core.failures import Cancelled, KeyringTrouble, NobodyToAsk
from authkit.core.model import masked
from fakes.world.keyring import ASKING, PASSPHRASE, MemoryKeyring, use_backend
from tests.support.stage import CANCEL, Paper

if TYPE_CHECKING:
    from collections.abc import Callable

    from authkit.core.model import Question

WHY = "CI=true is set"


def questions(*answers: str) -> tuple[Questions, Paper]:
    """Return what asks a person with these answers, and the paper on which it asks."""
    paper = Paper(answers)
    return Questions(lambda: paper, lambda: ""), paper


def nobody() -> Questions:
    """Return what asks nobody."""
    return Questions(lambda: None, lambda: WHY)


def refused(call: Callable[[], object], asks: Questions) -> str:
    """Call a backend; return the reason for which its keyring is locked."""
    with pytest.raises(KeyringTrouble) as raised, asks.asked():
        call()
    assert raised.value.state == "locked"
    return raised.value.reason


def ask_unseen() -> str:
    """Ask as most backends do."""
    return getpass.getpass()


def ask_seen() -> str:
    """Ask as others do."""
    return input("User: ")


def test_a_backend_asks_the_person() -> None:
    """B-K07: getpass asks unseen and input as seen; a prompt cannot do anything on the screen."""
    asks, paper = questions("the-passphrase", "the-user")
    with asks.asked():
        from getpass import getpass as kept  # noqa: PLC0415 - as a backend does

        assert kept("Pass\x1bword: ") == "the-passphrase"
        assert input("User: ") == "the-user"
    assert paper.asked == ["Pass\\x1bword: ", "User: "]
    assert paper.unseen == ["Pass\\x1bword: "]
    assert masked("it is the-passphrase") == "it is ********"


def test_nobody_can_be_asked() -> None:
    """B-K07: the keyring is locked, and the error names what forbids asking."""
    said = f"it asks for a password, and nobody can be asked here: {WHY}"
    assert refused(ask_unseen, nobody()) == said
    assert refused(ask_seen, nobody()) == said


def test_a_backend_that_hides_it() -> None:
    """B-K07: a backend that goes on without an answer has not said that there is no entry."""

    def swallows() -> None:
        try:
            getpass.getpass()
        except Exception:  # noqa: BLE001 - as some backends do
            return

    def rephrases() -> None:
        try:
            getpass.getpass()
        except Exception:  # noqa: BLE001 - as some backends do
            raise ValueError("no password") from None

    assert WHY in refused(swallows, nobody())
    assert WHY in refused(rephrases, nobody())


def test_cancelled() -> None:
    """B-K07, B-L06: ^C at a backend's question is the person's, and it is not asked again."""
    asks, paper = questions(CANCEL, "too late")
    with pytest.raises(Cancelled), asks.asked():
        getpass.getpass()
    assert refused(ask_unseen, asks) == "the question for its password was cancelled"
    assert len(paper.asked) == 1


def test_the_terminal_has_become_anothers() -> None:
    """docs/contract.md, Streams: what the Prompter raises goes on."""

    class Gone:
        def ask(self, _question: Question) -> str:
            raise NobodyToAsk("question-unasked", why="gone")

    with pytest.raises(NobodyToAsk), Questions(Gone, lambda: "").asked():
        getpass.getpass()


@pytest.mark.parametrize("error", [None, ValueError, SystemExit, KeyboardInterrupt])
def test_all_is_put_back(
    monkeypatch: pytest.MonkeyPatch, error: type[BaseException] | None
) -> None:
    """B-K07: after the call getpass, input, standard input and GPG_TTY are as before."""
    monkeypatch.setenv(GPG_TTY, "/dev/pts/9")

    def state() -> list[object]:
        return [getpass.getpass, builtins.input, sys.stdin, os.fstat(0), os.environ[GPG_TTY]]

    before = state()
    try:
        with nobody().asked():
            assert GPG_TTY not in os.environ
            assert os.path.samestat(os.fstat(0), Path(os.devnull).stat())
            assert getpass.getpass is not before[0]
            if error:
                raise error
    except (ValueError, SystemExit, KeyboardInterrupt):
        assert error
    assert state() == before


@pytest.mark.parametrize("terminal", ["/dev/pts/9", None])
def test_where_gpg_asks(monkeypatch: pytest.MonkeyPatch, terminal: str | None) -> None:
    """B-K07: where somebody can be asked gpg has a terminal, although standard input is none."""
    monkeypatch.delenv(GPG_TTY, raising=False)
    monkeypatch.setattr(os, "isatty", lambda handle: handle in {1, 2})
    monkeypatch.setattr(os, "ttyname", lambda handle: f"/dev/pts/{handle}")
    if terminal:
        monkeypatch.setenv(GPG_TTY, terminal)
    asks, _ = questions()
    with asks.asked():
        assert os.environ[GPG_TTY] == (terminal or "/dev/pts/1")
    assert os.environ.get(GPG_TTY) == terminal


def test_a_lock_is_explained() -> None:
    """B-K07: what gpg or a desktop could not ask is said with what forbids asking."""

    def locked() -> None:
        raise KeyringTrouble("locked", "exit status 2", hint="unlock it")

    assert refused(locked, nobody()) == f"exit status 2; nobody can be asked here: {WHY}"
    assert refused(locked, questions()[0]) == "exit status 2"


def test_a_whole_keyring() -> None:
    """B-K07: the keyring adapter asks whenever the backend does."""
    backend = MemoryKeyring()
    backend.set_password("authkit", "dev", "entry")
    backend.state = ASKING
    paper = Paper([PASSPHRASE.typed] * 3)
    with use_backend(backend):
        keyring = LibraryKeyring(questions=Questions(lambda: paper, lambda: ""))
        assert keyring.get_password("authkit", "dev") == "entry"
        keyring.delete_password("authkit", "dev")
        assert paper.unseen == [PASSPHRASE.title] * 3
        with pytest.raises(KeyringTrouble) as raised:
            LibraryKeyring(questions=nobody()).set_password("authkit", "dev", "new")
    assert raised.value.says == "keyring-unasked"
    assert not backend.entries
