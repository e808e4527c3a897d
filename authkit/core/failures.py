"""What can go wrong, named by who failed, and the `Failure` that a command ends with.

`Refused` (STS said no), `Unreachable` (STS did not answer), `Cancelled` (the
person pressed Ctrl-C or Ctrl-D), `KeyringTrouble`, `StateTrouble`, `CannotRun`
(exec's child, or a program).  None holds a secret.  This module is on the cached path.
"""

from __future__ import annotations

# Exit statuses: what was refused or could not be done, what cannot be read, a command
# that was not run, and ^C.
FAILED, USAGE, NOT_RUN, CANCELLED = 1, 2, 125, 130
MAY_NOT_EXECUTE = "it may not be executed"  # why a program cannot be started: its mode


class Failure(Exception):
    """A command cannot go on.  It ends with this message and exit status."""

    def __init__(self, name: str, status: int = FAILED, /, **values: object) -> None:
        super().__init__(name)
        self.name = name
        self.status = status
        self.values = values


class NobodyToAsk(Failure):
    """Something has to be asked, and there is nobody who could answer."""


class FileTrouble(Failure):
    """A file of the person's own cannot be read or replaced.

    `values` has its `path`, the `reason`, the `cure` and what was `done`: nothing, unless
    the command knows better.  ``adapters.file_troubles`` makes it.
    """


LONGEST_MESSAGE, LONGEST_CODE = 500, 100  # characters of what AWS says (B-L26)

# What stands for AWS's error code where there is none.
NO_ANSWER, BROKEN_ANSWER, CANNOT_ASK = "no answer", "broken answer", "cannot ask"


class CallFailed(Exception):
    """A call of STS that did not go well.

    `code` is AWS's error code ("" when the answer had none), or one of the words
    above.  `status` is the HTTP status, 0 when there was none.
    """

    message = ""
    status = 0
    request_id = ""
    reason = ""

    def __init__(self, operation: str, code: str, said: str) -> None:
        super().__init__(f"{operation}: {said}")
        self.operation = operation
        self.code = code


class Refused(CallFailed):
    """STS answered, and said no.

    `status` is 0 when the AWS library refused before anything was sent.
    """

    def __init__(
        self,
        operation: str,
        code: str,
        message: str = "",
        *,
        status: int = 400,
        request_id: str = "",
    ) -> None:
        code, message = code[:LONGEST_CODE], message[:LONGEST_MESSAGE]
        super().__init__(operation, code, f"{code} ({status}): {message}")
        self.message = message
        self.status = status
        self.request_id = request_id[:LONGEST_CODE]


class Unreachable(CallFailed):
    """STS gave no answer that can be read.

    `reason` says why in a few words.  `answered` tells AWS trouble (an answer
    came and was broken) from network trouble.  `sent` is False only when STS
    cannot have seen the request, so that a one-time code in it is still good.
    `lasting` is True when the same call would always fail in the same way.
    """

    def __init__(
        self, operation: str, reason: str, *, answered: bool, sent: bool, lasting: bool = False
    ) -> None:
        code = BROKEN_ANSWER if answered else CANNOT_ASK if lasting else NO_ANSWER
        super().__init__(operation, code, reason)
        self.reason = reason[:LONGEST_MESSAGE]
        self.answered = answered
        self.sent = sent


class Cancelled(Exception):
    """The person pressed Ctrl-C or Ctrl-D instead of answering.

    Its text is that key, ``^C`` or ``^D``; "" where it is not known, as when the terminal has gone.
    """


class KeyringTrouble(Exception):
    """The keyring cannot be read or written, or not understood.

    `state` is "locked", "unreadable", "no-backend" (none usable), "not-kept"
    (the backend throws away what it is given), or of the entry of `identity`
    "corrupt" or "later-version".  `reason` is shown: a few words, no secret.  `says`
    is the message's name where it is another than ``keyring-STATE``; `hint` is what
    to do about it, "" where the state alone says it.
    """

    def __init__(
        self, state: str, reason: str, identity: str = "", *, says: str = "", hint: str = ""
    ) -> None:
        super().__init__(f"{state}: {reason}")
        self.state = state
        self.says = says
        self.reason = reason
        self.identity = identity
        self.hint = hint


class StateTrouble(Exception):
    """The state folder, or a file in it, cannot be used: `path` and why.

    `says` is the name of the message that it ends a command with; its cure is in
    ``messages.CURES``.  Which trouble is which says ``adapters.state_troubles``.
    """

    def __init__(self, path: str, reason: str, *, says: str = "state-trouble") -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason
        self.says = says


class CannotRun(Exception):
    """A command could not be started, or a program did not print the one line that it should.

    `status` is the shell's: 127 not found, 126 not executable, 125 anything else.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
