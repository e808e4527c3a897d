"""The session cache: a session as text, and the state folder that keeps it.

The folder (0700) holds ``sessions/NAME.json`` (0600), a marker
``identities/NAME`` for every identity whose keys were saved, and
``locks/NAME``.  Files are replaced whole; a symbolic link in a file's place is
not followed.  This module is on the cached path: filelock is imported by the
lock alone.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import stat
from datetime import UTC, datetime, timedelta

from authkit.model import CachedSession, Secret, Session
from authkit.ports import StateTrouble
from authkit.render import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from authkit.ports import World

VERSION = 1
POLL = timedelta(milliseconds=200)  # between two looks at another process's lock
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)  # Windows has no such flag, nor the next
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)
_DRAFT = ".draft"  # behind a file's name while it is written; no session file ends so


def encode(cached: CachedSession) -> str:
    """Return the text that `decode` reads back."""
    session = cached.session
    return json.dumps(
        {
            "version": VERSION,
            "access_key_id": session.access_key_id,
            "secret_access_key": session.secret_access_key.reveal(),
            "session_token": session.session_token.reveal(),
            "expiration": int(session.expiration.timestamp()),
            "granted": int(session.granted.timestamp()),
            "kind": cached.kind,
            "region": cached.region,
            "account": cached.account,
            "principal": cached.principal,
            "source": cached.source,
            "mfa_arn": cached.mfa_arn,
            "duration": int(cached.duration.total_seconds()),
            "spent_code": cached.spent_code,
            "config_stamp": cached.config_stamp,
        }
    )


def decode(written: str) -> CachedSession:
    """Return the session in a text.  Raises ValueError, with a reason, when there is none."""
    try:
        stored = json.loads(written)
        if stored.pop("version") != VERSION:
            raise ValueError("it is of another version")
        texts = {key: value for key, value in stored.items() if isinstance(value, str)}
        session = Session(
            access_key_id=texts.pop("access_key_id"),
            secret_access_key=Secret(texts.pop("secret_access_key")),
            session_token=Secret(texts.pop("session_token")),
            expiration=_instant(stored["expiration"]),
            granted=_instant(stored["granted"]),
        )
        duration = timedelta(seconds=stored["duration"])
        return CachedSession(session=session, duration=duration, **texts)
    except (KeyError, TypeError, AttributeError, OverflowError, OSError, RecursionError):
        raise ValueError("it is not what authkit writes") from None
    except json.JSONDecodeError:
        raise ValueError("it is not JSON") from None


def load(world: World, name: str) -> CachedSession | None:
    """Return the cached session; None when there is none, or (and said so) a corrupt one.

    Raises StateTrouble.
    """
    written = world.sessions.read(name)
    if written is None:
        return None
    try:
        return decode(written)
    except ValueError as error:
        world.screen.say(text("session-corrupt", reason=error))
        return None


def current(world: World, given: str, command: str) -> tuple[str, CachedSession | None]:
    """Return the identity that is meant and its cached session.

    `given` is the name on the command line, or "".  With an identity named and
    the config file as it was at login, the file is not parsed.  Raises Failure,
    StateTrouble.
    """
    name = given or world.environ.get("AUTHKIT_IDENTITY", "")
    cached = load(world, name) if is_name(name) else None
    if cached and cached.config_stamp == world.config.stamp():
        return name, cached
    from authkit import config

    identity = config.resolve(world, given, command)
    if identity.name != name:
        cached = load(world, identity.name)
    return identity.name, cached and cached.replaced(region=identity.region)


@contextlib.contextmanager
def single_flight(world: World, name: str) -> Iterator[None]:
    """Hold the identity's lock.  Raises StateTrouble."""
    lock, said = world.lock(name), False
    while not lock.acquire():
        if not said:
            world.screen.say(text("lock-wait", identity=name))
            said = True
        world.clock.sleep(POLL)
    try:
        yield
    finally:
        lock.release()


def is_name(name: str) -> bool:
    """Tell whether it can be an identity's name, and so part of a file's name."""
    return re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", name, re.ASCII) is not None


def _instant(seconds: float) -> datetime:
    if not 0 < seconds < 250_000_000_000:  # near the ends of the calendar zones have no room
        raise ValueError("its instants are out of bounds")
    return datetime.fromtimestamp(seconds, UTC)


class StateFolder:
    """The port Sessions over a folder, and the maker of its locks.  All raise StateTrouble."""

    def __init__(self, path: str) -> None:
        self.path = path

    def read(self, name: str) -> str | None:
        """Return the session file's text, None when there is none."""
        path = self._file("sessions", f"{name}.json")
        with _troubles(path):
            try:
                handle = os.open(path, os.O_RDONLY | _NOFOLLOW | _NONBLOCK)
            except FileNotFoundError:
                return None
            with open(handle, encoding="utf-8", errors="replace") as file:
                if not stat.S_ISREG(os.fstat(handle).st_mode):
                    raise OSError(errno.EINVAL, "it is not a file")
                return file.read()

    def replace(self, name: str, written: str) -> None:
        """Put a new session file in the old one's place, whole or not at all."""
        path = self._file("sessions", f"{name}.json")
        with _troubles(path):
            self._make("sessions")
            draft = f"{path}{_DRAFT}"
            _unlink(draft)  # a crash may have left one
            try:
                _write(draft, written)
                os.replace(draft, path)
            except BaseException:
                _unlink(draft)
                raise

    def drop(self, name: str) -> bool:
        """Remove the session file, and what a crash may have left; tell whether there was one."""
        path = self._file("sessions", f"{name}.json")
        self._remove(f"{path}{_DRAFT}")
        return self._remove(path)

    def names(self) -> list[str]:
        """Return the identities with a session file."""
        files = self._list("sessions")
        names = (file.removesuffix(".json") for file in files if file.endswith(".json"))
        return list(filter(is_name, names))

    def mark(self, name: str) -> None:
        """Note that keys were saved for the identity: a keyring cannot be listed."""
        path = self._file("identities", name)
        with _troubles(path):
            self._make("identities")
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | _NOFOLLOW, 0o600))

    def unmark(self, name: str) -> None:
        """Take the note back."""
        self._remove(self._file("identities", name))

    def marked(self) -> list[str]:
        """Return the identities with a marker."""
        return list(filter(is_name, self._list("identities")))

    def lock(self, name: str) -> StateLock:
        """Return the identity's lock, not taken yet."""
        path = self._file("locks", name)
        with _troubles(path):
            self._make("locks")
        return StateLock(path)

    def _file(self, *parts: str) -> str:
        return os.path.join(self.path, *parts)

    def _make(self, folder: str) -> None:
        if not os.path.isdir(self.path):
            os.makedirs(self.path, mode=0o700)
            os.chmod(
                self.path, 0o700
            )  # whatever the umask; one that was there is its owner's affair
        path = self._file(folder)
        os.makedirs(path, mode=0o700, exist_ok=True)
        if os.stat(path).st_mode & 0o777 != 0o700:
            os.chmod(path, 0o700)

    def _list(self, folder: str) -> list[str]:
        path = self._file(folder)
        with _troubles(path):
            try:
                return sorted(os.listdir(path))
            except FileNotFoundError:
                return []

    def _remove(self, path: str) -> bool:
        with _troubles(path):
            return _unlink(path)


def _write(path: str, written: str) -> None:
    """Write a new file of mode 0600, all of it on the disk when this returns."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOFOLLOW, 0o600)
    with open(handle, "w", encoding="utf-8") as file:
        os.chmod(path, 0o600)  # whatever the umask
        file.write(written)
        file.flush()
        os.fsync(handle)


def _unlink(path: str) -> bool:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return False
    return True


class StateLock:
    """The port Lock over filelock: the system frees it when the holder dies."""

    def __init__(self, path: str) -> None:
        from filelock import FileLock

        self._path = path
        self._lock = FileLock(path, mode=0o600)

    def acquire(self) -> bool:
        """Try once.  Raises StateTrouble."""
        from filelock import Timeout

        with _troubles(self._path):
            try:
                self._lock.acquire(blocking=False)
            except Timeout:
                return False
            return True

    def release(self) -> None:
        """Let the next one in."""
        self._lock.release()


@contextlib.contextmanager
def _troubles(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StateTrouble(path, error.strerror or str(error)) from error
