"""The keyring port over the keyring library: working backends, and backends that fail."""

from __future__ import annotations

import configparser
import contextlib
import json
import sys
from typing import TYPE_CHECKING

import keyring
import pytest
from keyring import errors
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null
from keyrings.alt.file import PlaintextKeyring

from authkit.adapters.keyring import LibraryKeyring
from authkit.core.failures import KeyringTrouble
from tests.support.pty_tools import ENVIRON, finished, imported

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
ENTRY = json.dumps({"version": 1, "secret_access_key": SECRET})
ASKED = ("authkit", "dev-admin")


class Memory(KeyringBackend):
    """A backend that works, and keeps entries in memory."""

    priority = -1  # never chosen automatically

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """Return the entry."""
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store the entry."""
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Delete the entry.  Raises PasswordDeleteError if there is none."""
        if self.kept.pop((service, username), None) is None:
            raise errors.PasswordDeleteError("Password not found")


class Rewritten(Memory):
    """A backend whose file another process is rewriting: each read takes the next state of it."""

    def __init__(self, *states: str | Exception | None) -> None:
        self.states = [*states]

    def get_password(self, *_: str) -> str | None:
        """Return or raise the next state."""
        state = self.states.pop(0)
        if isinstance(state, Exception):
            raise state
        return state


class Obstinate(Memory):
    """A backend that refuses to delete, with the error that others raise for a missing entry."""

    def delete_password(self, *_: str) -> None:
        """Raise PasswordDeleteError."""
        raise errors.PasswordDeleteError("Cancelled by user")


def use(monkeypatch: pytest.MonkeyPatch, backend: KeyringBackend | None) -> LibraryKeyring:
    """Return a LibraryKeyring over a backend; None is the backend that the settings choose."""
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
    return LibraryKeyring()


def trouble(port: LibraryKeyring) -> list[tuple[str, str]]:
    """Return the state and the reason of the KeyringTrouble that each method raises."""
    calls: tuple[Callable[[], object], ...] = (
        lambda: port.get_password(*ASKED),
        lambda: port.set_password(*ASKED, ENTRY),
        lambda: port.delete_password(*ASKED),
    )
    said = []
    for call in calls:
        with pytest.raises(KeyringTrouble) as raised:
            call()
        said.append((raised.value.state, raised.value.reason))
    return said


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Isolate each test from the settings of the machine and of other tests."""
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))


def round_trip(port: LibraryKeyring) -> None:
    """Write, read and delete an entry, and delete it again."""
    assert port.get_password(*ASKED) is None
    port.set_password(*ASKED, "first")
    port.set_password(*ASKED, ENTRY)
    assert port.get_password(*ASKED) == ENTRY
    assert port.get_password("authkit", "another") is None
    port.delete_password(*ASKED)
    assert port.get_password(*ASKED) is None
    port.delete_password(*ASKED)


def test_a_backend_that_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S04: a missing entry is None, and deleting it is no error."""
    port = use(monkeypatch, Memory())
    round_trip(port)
    assert port.backend == f"{__name__}.Memory"
    assert not port.in_the_clear


def test_in_the_clear(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """B-S05: an unencrypted backend is used if the person chose it."""
    name = "keyrings.alt.file.PlaintextKeyring"
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", name)
    port = use(monkeypatch, None)
    round_trip(port)
    assert (port.backend, port.in_the_clear) == (name, True)
    assert list(tmp_path.rglob("keyring_pass.cfg"))


def test_in_the_clear_by_config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """B-S05: a choice in keyring's own config file counts too."""
    folder = tmp_path / "python_keyring"
    folder.mkdir()
    (folder / "keyringrc.cfg").write_text(
        "[backend]\ndefault-keyring=keyrings.alt.file.PlaintextKeyring\n"
    )
    assert use(monkeypatch, None).in_the_clear


def test_in_the_clear_unchosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S05: an unencrypted backend that was not chosen is not used."""
    name = "keyrings.alt.file.PlaintextKeyring"
    reason = f"{name} keeps passwords in the clear, and was not chosen"
    assert trouble(use(monkeypatch, made(PlaintextKeyring))) == [("no-backend", reason)] * 3


def chain(*links: KeyringBackend) -> KeyringBackend:
    """Return keyring's chainer over these backends."""
    kind = type("Chain", (chainer.ChainerBackend,), {"priority": -1, "backends": links})
    return made(kind)


def made(kind: Callable[[], KeyringBackend]) -> KeyringBackend:
    """Return an instance; the classes have no types."""
    return kind()


def test_chains(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S05: a chain is as safe as its first backend."""
    round_trip(use(monkeypatch, chain(Memory(), made(PlaintextKeyring))))
    assert not LibraryKeyring().in_the_clear
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "chosen")
    assert use(monkeypatch, chain(made(PlaintextKeyring), Memory())).in_the_clear


def test_which_link_has_the_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S09: after reading as after writing the backend is the link; all are at hand."""

    class Lower(Memory):
        """A second store."""

    upper, lower = Memory(), Lower()
    port = use(monkeypatch, chain(upper, lower))
    whole = port.backend
    assert whole.endswith(".Chain")
    lower.set_password(*ASKED, ENTRY)
    port.get_password(*ASKED)
    assert port.backend == f"{__name__}.{Lower.__qualname__}"
    port.set_password(*ASKED, ENTRY)
    assert port.backend == f"{__name__}.Memory"
    assert port.backends == [whole, *(f"{__name__}.{n}" for n in ("Memory", Lower.__qualname__))]


@pytest.mark.parametrize(
    "backend",
    [
        made(fail.Keyring),
        made(null.Keyring),
        chain(),
        chain(made(null.Keyring), made(fail.Keyring)),
    ],
)
def test_backends_that_keep_nothing(
    monkeypatch: pytest.MonkeyPatch, backend: KeyringBackend
) -> None:
    """B-S05: a backend that keeps nothing is neither written nor read."""
    ((state, reason),) = set(trouble(use(monkeypatch, backend)))
    assert state == "no-backend"
    assert reason.endswith("keeps nothing")


@pytest.mark.parametrize("name", ["keyring.backends.null.Keyring", "no.such.Backend", ""])
def test_a_named_backend_that_keeps_nothing(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """B-S05: the first way out is to unset PYTHON_KEYRING_BACKEND, where that named it."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", name)
    library = use(monkeypatch, None if name else null.Keyring())  # type: ignore[no-untyped-call]
    with pytest.raises(KeyringTrouble) as raised:
        library.get_password("authkit", "dev-admin")
    assert raised.value.says == ("keyring-backend-named" if name else "")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("no.such.Backend", "No module named 'no'"),
        ("keyring.backends.null.NoSuch", "has no attribute 'NoSuch'"),
        ("NoModule", "Empty module name"),
    ],
)
def test_a_choice_that_does_not_exist(
    monkeypatch: pytest.MonkeyPatch, name: str, reason: str
) -> None:
    """B-S05: a PYTHON_KEYRING_BACKEND that does not exist is reported as such."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", name)
    ((state, said),) = set(trouble(use(monkeypatch, None)))
    assert state == "no-backend"
    assert reason in said


def test_not_deleted_is_not_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S04: an entry that could not be deleted is not reported as missing."""
    backend = Obstinate()
    port = use(monkeypatch, backend)
    port.delete_password(*ASKED)
    backend.set_password(*ASKED, ENTRY)
    with pytest.raises(KeyringTrouble) as raised:
        port.delete_password(*ASKED)
    reason = "Cancelled by user; nobody can be asked here: there is no terminal"
    assert (raised.value.state, raised.value.reason) == ("locked", reason)


@contextlib.contextmanager
def alone(**_: bool) -> Iterator[None]:
    """Be the only one who writes."""
    yield


@pytest.mark.parametrize(
    "first",
    [None, ENTRY[:20], "", ValueError("Incorrect padding"), configparser.ParsingError("a file")],
)
def test_a_file_that_is_being_rewritten(
    monkeypatch: pytest.MonkeyPatch, first: str | Exception | None
) -> None:
    """B-S02, B-S04: what is not there, or not whole, is read once more while nobody writes."""
    use(monkeypatch, Rewritten(first, ENTRY))
    assert LibraryKeyring(alone).get_password(*ASKED) == ENTRY
    use(monkeypatch, Rewritten(first, first, ENTRY))
    if isinstance(first, Exception):
        with pytest.raises(KeyringTrouble):
            LibraryKeyring(alone).get_password(*ASKED)
    else:
        assert LibraryKeyring(alone).get_password(*ASKED) == first


@pytest.mark.parametrize("first", [None, ENTRY[:20], ""])
def test_it_is_read_again_under_the_lock(
    monkeypatch: pytest.MonkeyPatch, first: str | None
) -> None:
    """B-S02: another writer is waited for, briefly where the entry may be missing indeed."""
    backend = Rewritten(first)
    use(monkeypatch, backend)
    waited = []

    @contextlib.contextmanager
    def one_writer(**how: bool) -> Iterator[None]:
        waited.append(how)
        backend.states = [ENTRY]  # the other writer is done
        yield
        backend.states = [ValueError("read when somebody writes again")]

    assert LibraryKeyring(one_writer).get_password(*ASKED) == ENTRY
    assert waited == [{"briefly": first is None}]


@pytest.mark.parametrize(
    "error",
    [
        errors.KeyringLocked("no"),
        ValueError("Incorrect Password"),
        errors.KeyringError("no bus"),
        OSError(5, "no"),
    ],
)
def test_other_trouble_is_not_read_twice(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """B-S04: a locked keyring does not ask twice for its password."""
    use(monkeypatch, Rewritten(error, ENTRY))
    with pytest.raises(KeyringTrouble):
        LibraryKeyring(alone).get_password(*ASKED)


def test_reading_needs_no_lock_as_a_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S07: a process that holds the lock, and was stopped, does not keep others from reading."""
    use(monkeypatch, Rewritten(ENTRY))

    def refuse() -> contextlib.AbstractContextManager[None]:
        raise AssertionError("the lock was taken")

    assert LibraryKeyring(refuse).get_password(*ASKED) == ENTRY


@pytest.mark.parametrize("operation", ["set_password", "delete_password"])
def test_one_writes_at_a_time(monkeypatch: pytest.MonkeyPatch, operation: str) -> None:
    """B-S02: an entry is written and deleted by one process at a time, whatever the identity."""
    backend = Memory()
    backend.kept[ASKED] = "before"
    use(monkeypatch, backend)
    seen = []

    @contextlib.contextmanager
    def one_writer() -> Iterator[None]:
        seen.append(dict(backend.kept))
        yield
        seen.append(dict(backend.kept))

    arguments = (*ASKED, "after") if operation == "set_password" else ASKED
    getattr(LibraryKeyring(one_writer), operation)(*arguments)
    assert seen == [{ASKED: "before"}, backend.kept]
    assert backend.kept != {ASKED: "before"}


def test_a_look_and_a_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S02, B-L04: the lock is taken once for both, and released whatever happens in between."""
    use(monkeypatch, Memory())
    taken: list[bool] = []

    @contextlib.contextmanager
    def one_writer(**_: bool) -> Iterator[None]:
        assert not any(taken), "it is taken while it is held"
        taken.append(True)
        try:
            yield
        finally:
            taken[-1] = False

    port = LibraryKeyring(one_writer)
    with port.alone():
        assert port.get_password(*ASKED) is None  # a missing entry is looked for under the lock
        port.set_password(*ASKED, ENTRY)
        assert taken == [True]
    with pytest.raises(ZeroDivisionError), port.alone():
        raise ZeroDivisionError
    port.delete_password(*ASKED)
    assert taken == [False] * 3


def test_a_plug_in_that_exits(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S05: SystemExit while a backend is chosen is keyring trouble; Ctrl-C is not."""

    def gives_up() -> KeyringBackend:
        raise SystemExit("no way")

    def interrupted() -> KeyringBackend:
        raise KeyboardInterrupt

    monkeypatch.setattr(keyring, "get_keyring", gives_up)
    assert trouble(LibraryKeyring()) == [("no-backend", "no way")] * 3
    monkeypatch.setattr(keyring, "get_keyring", interrupted)
    with pytest.raises(KeyboardInterrupt):
        LibraryKeyring().get_password(*ASKED)


def test_the_library_stays_silent() -> None:
    """B-A02: a plug-in of keyring that cannot be loaded shows no traceback."""
    script = """
from authkit.adapters.keyring import LibraryKeyring
from authkit.core.failures import KeyringTrouble
import keyring.backend
def plugins(group):
    class Broken:
        name = "broken"
        def load(self): raise RuntimeError("plugin")
    return [Broken()]
keyring.backend.metadata.entry_points = plugins
try: LibraryKeyring().get_password("authkit", "dev-admin")
except KeyringTrouble as trouble: print(trouble.state)
"""
    environ = ENVIRON | {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
    done = finished([sys.executable, "-c", script], environ)
    assert (done.stdout, done.stderr) == ("no-backend\n", "")


def test_start_up() -> None:
    """B-E01: importing the module does not import the keyring library."""
    assert (
        imported("authkit.adapters.keyring", among="keyring logging typing importlib.metadata")
        == set()
    )
