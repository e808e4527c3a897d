"""B-S09: the encrypted file as a keyring backend: the library's suite, the key, the file."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from keyring.errors import PasswordDeleteError
from keyring.testing.backend import BackendBasicTests

from authkit.adapters import sealed
from authkit.adapters.encrypted_file import EncryptedFileKeyring
from authkit.adapters.folders import Folder
from authkit.adapters.keyring import LibraryKeyring
from authkit.adapters.locks import StateLock
from authkit.adapters.one_writer import OneWriter
from authkit.adapters.passphrase import Passphrases
from authkit.core.failures import KeyringTrouble
from tests.support.pty_tools import LIMIT
from tests.support.stage import Paper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from authkit.adapters.sealed import Key
    from authkit.core.model import Secret

ENTRY = ("authkit", "dev-admin")


@pytest.fixture(autouse=True)
def derived(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Derive keys quickly; return the list of the salts that they were derived with."""
    salts, derive = list[bytes](), sealed.derive

    def recorded(passphrase: Secret, salt: bytes) -> Key:
        salts.append(salt)
        return derive(passphrase, salt)

    monkeypatch.setattr(sealed, "COST", 16)
    monkeypatch.setattr(sealed, "derive", recorded)
    return salts


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the file is to be: its folder is not there yet."""
    return tmp_path / "state" / "keyring"


def opened_with(path: Path, passphrase: str = "a passphrase") -> EncryptedFileKeyring:
    """Return the backend of a process that has the passphrase in a setting."""
    environ = {"AUTHKIT_KEYRING_PASSPHRASE": passphrase}
    return EncryptedFileKeyring(str(path), Passphrases(str(path), environ, Paper(), lambda: None))


def asking(path: Path, *answers: str) -> tuple[EncryptedFileKeyring, Paper]:
    """Return the backend of a process with a person in front of it, and what they see."""
    paper = Paper(answers)
    return EncryptedFileKeyring(str(path), Passphrases(str(path), {}, paper, lambda: paper)), paper


def trouble(act: Callable[[], object]) -> KeyringTrouble:
    """Return what is raised."""
    with pytest.raises(KeyringTrouble) as raised:
        act()
    return raised.value


class TestTheLibrarysSuite(BackendBasicTests):
    """keyring.testing.backend, which every backend is to pass."""

    def init_keyring(self) -> EncryptedFileKeyring:
        """Return the backend to test."""
        self.folder = TemporaryDirectory()
        return opened_with(Path(self.folder.name) / "state" / "keyring")

    def cleanup(self) -> None:
        """Remove what a test has left."""
        super().cleanup()  # type: ignore[no-untyped-call]  # the library's own
        self.folder.cleanup()


def test_it_is_never_found() -> None:
    """B-S09: no link of a chain (they have priorities over 0), and no entry point."""
    assert EncryptedFileKeyring.priority == -1
    pyproject = Path(__file__).parents[3] / "pyproject.toml"
    assert "keyring.backends" not in pyproject.read_text("utf-8")


# The key.


def test_another_process(path: Path) -> None:
    """What one process writes another reads; the file shows nothing of it."""
    opened_with(path).set_password(*ENTRY, "the-secret-entry")
    assert opened_with(path).get_password(*ENTRY) == "the-secret-entry"
    assert b"secret" not in path.read_bytes()
    assert b"dev-admin" not in path.read_bytes()


def test_the_key_is_derived_once(path: Path, derived: list[bytes]) -> None:
    """Whatever a process does, the costly part happens once, for a new file and an old one."""
    for _process in range(2):
        derived.clear()
        keyring = opened_with(path)
        keyring.unlock(writing=True)
        for number in range(5):
            keyring.set_password("authkit", f"user-{number}", "entry")
            assert keyring.get_password("authkit", f"user-{number}") == "entry"
        keyring.delete_password("authkit", "user-0")
        assert len(derived) == 1


def test_a_file_that_was_made_in_between(path: Path, derived: list[bytes]) -> None:
    """Two processes that both find no file: the second takes the first one's salt."""
    first, second = opened_with(path), opened_with(path)
    first.unlock(writing=True)
    second.unlock(writing=True)
    first.set_password(*ENTRY, "the first's")
    second.set_password("authkit", "another", "the second's")
    assert first.get_password("authkit", "another") == "the second's"
    assert opened_with(path).get_password(*ENTRY) == "the first's"
    assert len(derived) == 4


def test_a_file_that_was_made_in_between_with_another_passphrase(path: Path) -> None:
    """It is not overwritten: the error says what has happened."""
    second = opened_with(path, "the second's")
    second.unlock(writing=True)
    opened_with(path).set_password(*ENTRY, "the first's")
    raised = trouble(lambda: second.set_password(*ENTRY, "the second's"))
    assert (raised.state, raised.says) == ("locked", "keyring-file-typed")
    assert opened_with(path).get_password(*ENTRY) == "the first's"


def test_a_file_that_vanished_in_between(path: Path) -> None:
    """It is made anew under the passphrase that opened it."""
    opened_with(path).set_password(*ENTRY, "gone")
    keyring = opened_with(path)
    keyring.unlock()
    path.unlink()
    keyring.set_password("authkit", "another", "kept")
    assert opened_with(path).get_password("authkit", "another") == "kept"


def test_reading_what_is_not_there_asks_nothing(path: Path) -> None:
    """Without a file there is nothing to open: no question, no file, no folder."""
    keyring, paper = asking(path)
    keyring.unlock()
    assert keyring.get_password(*ENTRY) is None
    with pytest.raises(PasswordDeleteError):
        keyring.delete_password(*ENTRY)
    assert (paper.asked, path.parent.exists()) == ([], False)


def test_unlocking_asks_and_the_rest_does_not(path: Path) -> None:
    """B-S09: `unlock` has all that is needed; what comes after, under locks, asks nothing."""
    keyring, paper = asking(path, "one", "one")
    keyring.unlock(writing=True)
    assert paper.asked == paper.unseen == ["New keyring passphrase: ", "The same again: "]
    keyring.set_password(*ENTRY, "entry")
    keyring, paper = asking(path, "one")
    keyring.unlock(writing=True)
    keyring.set_password(*ENTRY, "another entry")
    assert paper.asked == paper.unseen == ["Keyring passphrase: "]


def test_nobody_there_for_a_new_file(path: Path) -> None:
    """Unlocking it for writing is an error before anything else is done; for reading it is not."""
    keyring = EncryptedFileKeyring(str(path), Passphrases(str(path), {}, Paper(), lambda: None))
    keyring.unlock()
    for act in (
        lambda: keyring.unlock(writing=True),
        lambda: keyring.set_password(*ENTRY, "entry"),
    ):
        raised = trouble(act)
        assert (raised.state, raised.says) == ("locked", "keyring-file-unasked")
    assert not path.parent.exists()


@pytest.mark.parametrize("operation", ["set_password", "delete_password"])
def test_nothing_is_asked_under_the_lock(
    path: Path, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    """B-S09: the passphrase is asked for before it, and never while others wait for it."""
    monkeypatch.setenv("AUTHKIT_KEYRING", "file")
    keyring, paper = asking(path, "a passphrase", "a passphrase")
    asked = list[int]()

    @contextlib.contextmanager
    def one_writer() -> Iterator[None]:
        asked.append(len(paper.asked))
        opened_with(path).set_password(*ENTRY, "another process's")
        yield
        asked.append(len(paper.asked))

    port = LibraryKeyring(one_writer, file=lambda: keyring)
    arguments = (*ENTRY, "entry") if operation == "set_password" else ENTRY
    if operation == "set_password":
        port.set_password(*arguments)
        assert (asked, port.get_password(*ENTRY)) == ([2, 2], "entry")
    else:  # there was no file to unlock
        raised = trouble(lambda: port.delete_password(*ENTRY))
        assert (asked, raised.says) == ([0], "keyring-file-typed")
        assert paper.asked == []
    assert port.get_password(*ENTRY) is not None


def test_a_write_reads_under_the_lock(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S02: what another process writes while this one waits for the lock is not lost."""
    monkeypatch.setenv("AUTHKIT_KEYRING", "file")
    looks = Queue[bool]()

    class Watched(StateLock):
        """A lock that tells of each look at it."""

        def acquire(self) -> bool:
            """Try once."""
            free = super().acquire()
            looks.put(free)
            return free

    def lock() -> Watched:
        return Watched(Folder(str(path.parent), "locks"), "+keyring")

    other, third = opened_with(path), opened_with(path)
    other.set_password("authkit", "first", "entry")
    port = LibraryKeyring(OneWriter(lock), file=lambda: third)
    port.unlock(writing=True)
    waiting = Thread(target=port.set_password, args=("authkit", "third", "entry"))
    with OneWriter(lock)():
        assert looks.get(timeout=LIMIT)
        waiting.start()
        assert not looks.get(timeout=LIMIT)
        other.set_password("authkit", "second", "entry")
    waiting.join()
    names = ("first", "second", "third")
    assert [other.get_password("authkit", name) for name in names] == ["entry"] * 3


# The file.


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda data: data[:-1], "keyring-file-damaged"),
        (lambda data: data[:50], "keyring-file-damaged"),
        (lambda _: b"", "keyring-file-damaged"),
        (lambda _: b"[authkit]\n", "keyring-file-damaged"),
        (lambda data: data[:-1] + bytes([data[-1] ^ 1]), "keyring-file-damaged"),
        (lambda data: data[:20] + bytes([data[20] ^ 1]) + data[21:], "keyring-file-damaged"),
        (lambda data: data + b"\0" * sealed.LARGEST, ""),
        (lambda data: data[:16] + b"\2" + data[17:], "keyring-file-later"),
    ],
)
def test_what_cannot_be_read_is_never_overwritten(
    path: Path, change: Callable[[bytes], bytes], says: str
) -> None:
    """A damaged, truncated, too large or later file stays as it is, byte for byte."""
    opened_with(path).set_password(*ENTRY, "entry")
    changed = change(path.read_bytes())
    path.write_bytes(changed)
    for act in (
        lambda: opened_with(path).get_password(*ENTRY),
        lambda: opened_with(path).set_password(*ENTRY, "entry"),
        lambda: opened_with(path).delete_password(*ENTRY),
    ):
        raised = trouble(act)
        assert (raised.state, raised.says) == ("unreadable", says)
        assert path.read_bytes() == changed


def test_a_wrong_passphrase_changes_nothing(path: Path) -> None:
    """It is told from damage, and the file stays."""
    opened_with(path).set_password(*ENTRY, "entry")
    before = path.read_bytes()
    raised = trouble(lambda: opened_with(path, "wrong").set_password(*ENTRY, "entry"))
    assert (raised.state, raised.says) == ("locked", "keyring-file-setting")
    assert path.read_bytes() == before


def test_an_entry_that_is_too_large(path: Path) -> None:
    """A file that could not be read again is not written: the old one stays."""
    keyring = opened_with(path)
    keyring.set_password(*ENTRY, "entry")
    raised = trouble(lambda: keyring.set_password(*ENTRY, "x" * sealed.LARGEST))
    assert raised.reason == f"{path}: it would be larger than {sealed.LARGEST} bytes"
    assert opened_with(path).get_password(*ENTRY) == "entry"


@pytest.mark.parametrize("plant", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_file(path: Path, plant: Callable[[Path], None]) -> None:
    """B-S06: reading, writing and deleting say what it is, and leave it (``folders``)."""
    path.parent.mkdir(mode=0o700)
    plant(path)
    for act in (
        opened_with(path).unlock,
        lambda: opened_with(path).get_password(*ENTRY),
        lambda: opened_with(path).set_password(*ENTRY, "entry"),
        lambda: opened_with(path).delete_password(*ENTRY),
    ):
        raised = trouble(act)
        assert (raised.state, raised.says) == ("unreadable", "")
        assert raised.reason.startswith(f"{path}: it is a ")
        assert raised.hint.startswith("Remove it, or set AUTHKIT_STATE_DIR")
    assert not path.is_file()
