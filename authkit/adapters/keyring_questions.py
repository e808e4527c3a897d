"""The questions that keyring backends ask, asked by authkit in their place (B-K07).

Backends ask by `getpass` or `input`, or start a program that asks at a terminal, as
`pass` starts gpg.  What forbids authkit to ask forbids these too, and none of them
may read standard input, which is the child's.
"""

from __future__ import annotations

import builtins
import contextlib
import getpass
import os

from authkit.adapters import standard_input
from authkit.adapters.asking import GPG_TTY, gpg_terminal
from authkit.core.failures import Cancelled, KeyringTrouble
from authkit.core.model import Question, hide
from authkit.core.render import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from authkit.core.ports import Prompter

_UNASKED = "it asks for a password, and nobody can be asked here: {why}"
_CANCELLED = "the question for its password was cancelled"
_active: list[Questions] = []


class Questions:
    """What backends ask of the person that `person` returns, None where nobody can be asked.

    `forbidden` returns why nobody can.  A question that got no answer is not asked
    again in this process.
    """

    def __init__(self, person: Callable[[], Prompter | None], forbidden: Callable[[], str]) -> None:
        self._person = person
        self._forbidden = forbidden
        self._unanswered: KeyringTrouble | None = None
        self._raised: Exception | None = None  # in the present call of a backend

    @contextlib.contextmanager
    def asked(self) -> Iterator[None]:
        """Ask for a backend within the context.

        Raises KeyringTrouble ("locked") or Cancelled for a question without an answer,
        whatever the backend made of that; what the backend raises goes on.
        """
        if _active:
            yield
            return
        self._raised = None
        try:
            with self._in_its_place():
                yield
        except KeyringTrouble as trouble:
            raise self._raised or self._explained(trouble) from trouble.__cause__
        except Exception:
            if self._raised:  # the backend made something else of it
                raise self._raised from None
            raise
        if self._raised:  # it went on without an answer, as if there were no entry
            raise self._raised

    def ask(self, prompt: object, *, secret: bool) -> str:
        """Return the person's answer.  Raises KeyringTrouble, Cancelled."""
        try:
            answer = self._somebody().ask(Question(visible(prompt), secret))
        except Exception as error:
            if isinstance(error, Cancelled):
                self._unanswered = KeyringTrouble("locked", _CANCELLED)
            self._raised = error
            raise
        if secret:
            hide(answer)  # no backend's error may show it
        return answer

    def _somebody(self) -> Prompter:
        person = self._person()
        if self._unanswered or person is None:
            reason = _UNASKED.format(why=self._forbidden())
            raise self._unanswered or KeyringTrouble("locked", reason, says="keyring-unasked")
        return person

    @contextlib.contextmanager
    def _in_its_place(self) -> Iterator[None]:
        real = getpass.getpass, builtins.input
        terminal = os.environ.get(GPG_TTY)
        allowed = gpg_terminal(os.environ, somebody=self._person() is not None)
        os.environ.pop(GPG_TTY, None)
        os.environ |= allowed
        _active.append(self)
        getpass.getpass, builtins.input = _getpass, _input
        try:
            with standard_input.nulled():
                yield
        finally:
            getpass.getpass, builtins.input = real
            _active.clear()
            os.environ.pop(GPG_TTY, None)
            if terminal is not None:
                os.environ[GPG_TTY] = terminal

    def _explained(self, trouble: KeyringTrouble) -> KeyringTrouble:
        """Return the trouble; of a lock that could not be opened by asking, with the reason."""
        if trouble.state != "locked" or trouble.says or not (why := self._forbidden()):
            return trouble
        reason = f"{trouble.reason}; nobody can be asked here: {why}"
        return KeyringTrouble("locked", reason, trouble.identity, hint=trouble.hint)


# Functions of the module: a backend may keep them under names of its own (from getpass import …).


def _getpass(prompt: object = "Password: ", stream: object = None) -> str:  # noqa: ARG001 - getpass's own
    return _active[0].ask(prompt, secret=True)


def _input(prompt: object = "", /) -> str:
    return _active[0].ask(prompt, secret=False)
