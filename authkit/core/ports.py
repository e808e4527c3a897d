"""What authkit needs of the world.

A port is a Protocol.  The real ones are in ``adapters``, the fakes in
fakes/world.  The core reaches the world only through a `World`; what its methods
raise is in ``failures``.  Nothing imports this module at run time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime, timedelta, tzinfo

    from authkit.core.kinds import Kind
    from authkit.core.model import (
        AccessKeys,
        Caller,
        Marker,
        MfaCode,
        Question,
        RoleRequest,
        Secret,
        Session,
    )


class Sts(Protocol):
    """STS, as much of it as login needs, and one call of IAM.  Each call is made once."""

    def get_caller_identity(self, who: AccessKeys | Session) -> Caller:
        """Raise Refused or Unreachable.  With a Session it is a check: 5 s at most."""

    def get_date(self) -> datetime:
        """Return the Date of its answer to a request without credentials.  Raises Unreachable."""

    def get_session_token(self, keys: AccessKeys, *, duration: int, mfa: MfaCode | None) -> Session:
        """Raise Refused or Unreachable.  `duration` is in seconds."""

    def assume_role(self, who: Session, request: RoleRequest) -> Session:
        """Raise Refused or Unreachable."""

    def list_mfa_devices(self, keys: AccessKeys) -> Sequence[str]:
        """Return the serial numbers of the caller's MFA devices, which IAM tells: 5 s at most.

        Raises Refused or Unreachable.
        """


class Web(Protocol):
    """The web, for kinds from elsewhere.  Each request is made once; waiting is the caller's."""

    def post(self, url: str, form: Mapping[str, str]) -> tuple[int, str]:
        """Send a form; return the answer's status and body.

        `url` holds no secret: it is shown.  No redirect is followed.  Raises Unreachable.
        """


class Keyring(Protocol):
    """Three methods of keyring.backend.KeyringBackend, a lock, and what to say of the backend.

    All raise KeyringTrouble.
    """

    def unlock(self, *, writing: bool = False, notice: Callable[[], str] = lambda: "") -> None:
        """Get what opens the keyring: called before a lock is taken, since it may ask (B-S09).

        Where nothing has to be unlocked it does nothing.  With `writing`, also get what a
        keyring that is not there yet will need, or fail.  What `notice` returns is shown
        before a question.  Raises Cancelled too.
        """

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None:
        """Deleting what is not there is fine."""

    def alone(self) -> AbstractContextManager[None]:
        """Return a context in which no other authkit writes to it: for a look and what follows."""

    @property
    def backend(self) -> str:
        """The backend's name, for messages: of a chain, the link that has the entry."""

    @property
    def backends(self) -> Collection[str]:
        """The names of all backends at hand: a chain's, and its links'."""

    @property
    def chosen_by(self) -> str:
        """The setting that chose the backend, "" where it is the best that was found."""

    @property
    def noticed(self) -> bool:
        """Whether the notice of `unlock` was shown."""

    @property
    def in_the_clear(self) -> bool:
        """Whether it writes passwords down unencrypted (B-S05)."""


class Prompter(Protocol):
    """Somebody to ask."""

    def ask(self, question: Question) -> str:
        """Return the line without its end.  Raises Cancelled."""


class Screen(Protocol):
    """What a person and a pipe get to see.  Texts are whole, without a last newline."""

    def say(self, text: str, *, close: bool = False) -> None:
        """To the person (stderr): a paragraph, or (`close`) a line close to the one before."""

    def put(self, text: str) -> None:
        """Data (stdout).

        Raise Failure when it cannot be written, BrokenPipeError when its reader has gone.
        """

    def foreign(self) -> None:
        """Note that another program wrote on the screen: a blank line comes before what follows."""


class Clock(Protocol):
    """Time."""

    def time(self) -> float:
        """Return the instant in seconds since 1970, as ``time.time`` does: sessions have these."""

    def now(self) -> datetime:
        """Return the same instant, aware and in UTC."""

    def sleep(self, pause: timedelta) -> None: ...

    def elapsed(self) -> timedelta:
        """Return the time since some instant; no correction of the clock changes it."""

    def zone(self) -> tzinfo | None:
        """Return the zone to show times in; None is the machine's own."""


class Sessions(Protocol):
    """Cached sessions as texts, by identity name.  All methods raise StateTrouble.

    ``core.sessions`` says what a text means.
    """

    def read(self, name: str) -> str | None: ...

    def replace(self, name: str, written: str) -> None: ...

    def drop(self, name: str, *, draft: bool = True) -> bool:
        """Return whether there was one.

        With `draft` what a crash left of another goes too: only for who has the lock.
        """

    def names(self) -> list[str]: ...


class Markers(Protocol):
    """Which identities have keys, since a keyring cannot be listed.  All raise StateTrouble."""

    def mark(self, name: str, marker: Marker) -> None:
        """Make the marker, or replace it."""

    def read(self, name: str) -> Marker | None: ...

    def unmark(self, name: str) -> None: ...

    def marked(self) -> list[str]: ...

    def others(self, name: str) -> bool:
        """Tell whether another identity has a marker."""


class Notes(Protocol):
    """Notes about MFA codes as texts (``login.spent_codes``).  All methods raise StateTrouble."""

    def codes(self) -> list[str]:
        """Return every identity's note: two may share a device."""

    def replace_codes(self, name: str, written: str) -> None: ...


class Lock(Protocol):
    """One identity's single-flight lock, across processes; a holder's death frees it."""

    def acquire(self) -> bool:
        """Try once; never wait.  Raises StateTrouble."""

    def release(self) -> None: ...

    def holder(self) -> str:
        """Return which process holds it, in words, "" when that is not known.

        Raises StateTrouble.
        """


class Children(Protocol):
    """Runs a command in this terminal, its input and output untouched."""

    def run(self, command: Sequence[str], environ: Mapping[str, str]) -> int:
        """Return the exit status, 128+N for death by signal N.  Raises CannotRun."""


class Programs(Protocol):
    """Runs a program that prints one line; it has nothing to read."""

    def line(self, command: Sequence[str], environ: Mapping[str, str], within: timedelta) -> Secret:
        """Return the line without its end.  Raises CannotRun, also for what is no one line.

        What the program writes to standard error is passed on.  When the time is up, it is
        killed with all that it has started.
        """


class ConfigText(Protocol):
    """The config file: where it is, and its bytes (None: there is none)."""

    @property
    def path(self) -> str: ...

    def read(self) -> bytes | None:
        """Raise Failure (2) when it cannot be read, or was named and is not there.

        Also when it has more than 1 MiB, or nothing comes from a pipe in its place.
        """

    def kind(self, name: str) -> Kind | None:
        """Return the kind that an installed distribution brings by this name, None for none.

        Its `trouble` is set where it cannot be used.
        """

    def stamp(self) -> str:
        """Return a text that changes whenever the file does: path, mtime, size, inode.

        Once the file was read, it is the stamp of what was read.
        """

    def distrusted(self) -> str:
        """Return who else may have written what was read, as a clause, "" for nobody (B-S06)."""


class UserFiles(Protocol):
    """Files of the person's own, as AWS's config file: other programs read and write them too.

    All raise FileTrouble.
    """

    def path(self, named: str) -> str:
        """Return the whole path of what is named; it may begin with ``~``."""

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, 1 MiB at most; None when there is none."""

    def replace(self, path: str, written: bytes, was: bytes | None) -> bool:
        """Put `written` in the place of `was`, which was read there; None: there was no file.

        False, and nothing is changed, when the file has other bytes by now: another program
        wrote it.  The file changes as a whole or not at all.  Links to it, its owner and its
        mode stay; a new one is 0600, in a folder of 0700.
        """


class World(Protocol):
    """Everything a command can touch."""

    @property
    def environ(self) -> Mapping[str, str]: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def screen(self) -> Screen: ...

    @property
    def prompter(self) -> Prompter | None:
        """Somebody to ask, or None when not interactive."""

    @property
    def unasked(self) -> str:
        """Why nobody can be asked at this instant, as a clause, "" when somebody can."""

    @property
    def keyring(self) -> Keyring: ...

    @property
    def sessions(self) -> Sessions: ...

    @property
    def markers(self) -> Markers: ...

    @property
    def notes(self) -> Notes: ...

    @property
    def children(self) -> Children: ...

    @property
    def programs(self) -> Programs: ...

    @property
    def config(self) -> ConfigText: ...

    @property
    def web(self) -> Web: ...

    @property
    def files(self) -> UserFiles: ...

    def sts(self, region: str) -> Sts: ...

    def lock(self, name: str) -> Lock: ...

    def versions(self) -> Mapping[str, str]:
        """Return the versions of authkit, Python and the libraries, by name; "" for a missing one.

        Unlike a call of any other port it has no effect.
        """

    def width(self) -> int:
        """Return how many columns a line on the screen may have."""

    def found(self, program: str) -> tuple[str, str]:
        """Return the file that a command's first word means, and why it cannot be started.

        The path is "" where there is none, and relative where the word or PATH is.  The reason is
        a clause, "" where nothing is known against it; it is ``failures.MAY_NOT_EXECUTE`` where
        the mode is at fault.
        """

    def shared(self, path: str) -> tuple[str, str]:
        """Return what others may write to, a file or a folder above it, and why; "" for nothing.

        `path` is a whole one, and links are followed.  The reason is a clause; it is
        ``config.OTHERS_WRITE`` where the mode is at fault, and not the owner.
        """

    def shell(self) -> str:
        """Return the person's shell, "" where it could not be used: there is no terminal."""

    def program(self) -> Sequence[str]:
        """Return the words that start this authkit from any folder, with an empty PATH.

        It then has the same config file and state folder.  Raises Failure (2).
        """

    def stdin(self) -> str:
        """Return all of standard input, for --stdin, without a byte-order mark.

        Raises UnicodeDecodeError; Failure when it has more than 1 MiB, or nothing comes.
        """
