"""B-S09: which backend is used, by what was chosen, what is found, and what is installed."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import keyring
import pytest
from keyring.backends import fail, null

from authkit.adapters import keyring_choice
from authkit.adapters.encrypted_file import EncryptedFileKeyring
from authkit.adapters.keyring import LibraryKeyring
from authkit.adapters.passphrase import Passphrases
from authkit.core.failures import Cancelled, Failure, KeyringTrouble
from tests.authkit.adapters.test_keyring import Memory, chain, made
from tests.support.pty_tools import finished
from tests.support.stage import CANCEL, Paper

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from keyring.backend import KeyringBackend

NULL = "keyring.backends.null.Keyring"
CONFIG = f"[backend]\ndefault-keyring={NULL}\n"
ENTRY = ("authkit", "dev-admin")


class Recommended(Memory):
    """A backend of a desktop."""

    priority = 5


class Makeshift(Memory):
    """A backend that the library knows and does not recommend, as those of keyrings.alt."""

    priority = 0.5  # type: ignore[assignment]  # the library takes both


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> EncryptedFileKeyring:
    """Return authkit's own backend, without any setting of the machine's."""
    for name in ("AUTHKIT_KEYRING", "PYTHON_KEYRING_BACKEND"):
        monkeypatch.delenv(name, raising=False)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    path = str(tmp_path / "state" / "keyring")
    return EncryptedFileKeyring(path, Passphrases(path, {}, Paper(), lambda: None))


def found(monkeypatch: pytest.MonkeyPatch, backend: KeyringBackend | None) -> None:
    """Have the library find this backend; None: what the settings name."""
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend)


@pytest.mark.parametrize(
    "backend",
    [
        Recommended(),
        chain(Recommended(), Makeshift()),
        chain(Makeshift(), Recommended()),
    ],
    ids=["one", "chain", "chain the other way"],
)
def test_a_recommended_one_is_used(
    monkeypatch: pytest.MonkeyPatch, own: EncryptedFileKeyring, backend: KeyringBackend
) -> None:
    """Priority 1 or more, alone or as a link."""
    found(monkeypatch, backend)
    assert keyring_choice.chosen(lambda: own) is backend


@pytest.mark.parametrize(
    "backend",
    [made(fail.Keyring), made(null.Keyring), Makeshift(), chain(Makeshift(), Makeshift()), chain()],
    ids=["none", "null", "makeshift", "chain of makeshifts", "empty chain"],
)
def test_else_the_file(
    monkeypatch: pytest.MonkeyPatch, own: EncryptedFileKeyring, backend: KeyringBackend
) -> None:
    """Nothing chosen and nothing recommended: the file, if there is one to be chosen."""
    found(monkeypatch, backend)
    assert keyring_choice.chosen(lambda: own) is own
    assert keyring_choice.chosen(None) is backend


@pytest.mark.parametrize("by", ["variable", "config"])
def test_what_was_named_is_used(
    monkeypatch: pytest.MonkeyPatch, own: EncryptedFileKeyring, tmp_path: Path, by: str
) -> None:
    """However poor it is: that it keeps nothing is then the error."""
    if by == "variable":
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", NULL)
    else:
        (tmp_path / "python_keyring").mkdir()
        (tmp_path / "python_keyring" / "keyringrc.cfg").write_text(CONFIG)
    found(monkeypatch, None)
    assert isinstance(keyring_choice.chosen(lambda: own), null.Keyring)
    with pytest.raises(KeyringTrouble, match="keeps nothing"):
        LibraryKeyring(file=lambda: own).get_password(*ENTRY)


@pytest.mark.parametrize("backend", [Recommended(), made(null.Keyring)])
def test_the_setting_chooses_the_file_anywhere(
    monkeypatch: pytest.MonkeyPatch, own: EncryptedFileKeyring, backend: KeyringBackend
) -> None:
    """Over what is found, and over what was named."""
    found(monkeypatch, backend)
    monkeypatch.setenv("AUTHKIT_KEYRING", "file")
    assert keyring_choice.chosen(lambda: own) is own
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", NULL)
    assert keyring_choice.chosen(lambda: own) is own
    assert LibraryKeyring(file=lambda: own).backend.endswith("EncryptedFileKeyring")
    assert not LibraryKeyring(file=lambda: own).in_the_clear


@pytest.mark.parametrize(
    "error",
    [Cancelled(CANCEL), Failure("usage"), KeyringTrouble("no-backend", "it cannot")],
    ids=repr,
)
def test_what_the_own_file_raises(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """It is no trouble of a library's: who cancels is told of that, as at any question."""

    def file() -> EncryptedFileKeyring:
        raise error

    monkeypatch.setenv("AUTHKIT_KEYRING", "file")
    with pytest.raises(type(error)) as raised:
        LibraryKeyring(file=file).get_password(*ENTRY)
    assert raised.value is error


@pytest.mark.parametrize("value", ["File", "yes", "/a/file", "file ", NULL])
def test_no_other_setting(
    monkeypatch: pytest.MonkeyPatch, own: EncryptedFileKeyring, value: str
) -> None:
    """A configuration error, exit 2, before anything is asked or unlocked."""
    monkeypatch.setenv("AUTHKIT_KEYRING", value)
    library = LibraryKeyring(file=lambda: own)
    acts: tuple[Callable[[], object], ...] = (
        library.unlock,
        lambda: library.get_password(*ENTRY),
    )
    for act in acts:
        with pytest.raises(Failure) as raised:
            act()
        assert (raised.value.name, raised.value.status) == ("setting-wrong", 2)
        assert raised.value.values["value"] == value


def test_an_empty_setting_is_none(
    monkeypatch: pytest.MonkeyPatch, own: EncryptedFileKeyring
) -> None:
    """As with every other variable of authkit's."""
    monkeypatch.setenv("AUTHKIT_KEYRING", "")
    found(monkeypatch, Recommended())
    assert isinstance(keyring_choice.chosen(lambda: own), Recommended)


def test_an_empty_name_is_none(monkeypatch: pytest.MonkeyPatch, own: EncryptedFileKeyring) -> None:
    """PYTHON_KEYRING_BACKEND= chooses nothing by name; it stays as it is for a child."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "")
    monkeypatch.setattr(keyring.backend, "get_all_keyring", list)
    found(monkeypatch, None)
    assert not keyring_choice.named()
    assert keyring_choice.chosen(lambda: own) is own
    assert os.environ["PYTHON_KEYRING_BACKEND"] == ""


@pytest.mark.parametrize("setting", ["file", ""])
def test_a_malformed_config_of_the_library(
    monkeypatch: pytest.MonkeyPatch, own: EncryptedFileKeyring, tmp_path: Path, setting: str
) -> None:
    """It is keyring trouble where it counts, and not looked at where it does not."""
    (tmp_path / "python_keyring").mkdir()
    (tmp_path / "python_keyring" / "keyringrc.cfg").write_text("no section\n")
    monkeypatch.setenv("AUTHKIT_KEYRING", setting)
    found(monkeypatch, None if not setting else Recommended())
    library = LibraryKeyring(file=lambda: own)
    if setting:
        assert library.get_password(*ENTRY) is None
        assert library.backend.endswith("EncryptedFileKeyring")
        return
    with pytest.raises(KeyringTrouble, match=r"keyringrc\.cfg") as raised:
        library.get_password(*ENTRY)
    assert raised.value.state == "no-backend"


@pytest.mark.parametrize(
    ("variables", "chooser"),
    [
        ([], ""),
        (["AUTHKIT_KEYRING", "PYTHON_KEYRING_BACKEND"], "AUTHKIT_KEYRING"),
        (["PYTHON_KEYRING_BACKEND"], "PYTHON_KEYRING_BACKEND"),
    ],
)
@pytest.mark.usefixtures("own")
def test_what_chose_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variables: list[str], chooser: str
) -> None:
    """B-S09: the variable that counts, else the library's config file, "" where there is none."""
    for name in variables:
        monkeypatch.setenv(name, "file" if name == "AUTHKIT_KEYRING" else NULL)
    assert keyring_choice.chosen_by() == chooser
    (tmp_path / "python_keyring").mkdir()
    (tmp_path / "python_keyring" / "keyringrc.cfg").write_text(CONFIG, encoding="utf-8")
    assert keyring_choice.chosen_by() == (chooser or "keyring's own config file")


def test_the_choice_is_made_once(
    monkeypatch: pytest.MonkeyPatch, own: EncryptedFileKeyring
) -> None:
    """One backend for a process: what changes on the way does not divide a command's effects."""
    found(monkeypatch, Recommended())
    library = LibraryKeyring(file=lambda: own)
    before = library.backend
    monkeypatch.setenv("AUTHKIT_KEYRING", "file")
    library.set_password(*ENTRY, "entry")
    assert (library.backend, library.get_password(*ENTRY)) == (before, "entry")


def test_without_cryptography(monkeypatch: pytest.MonkeyPatch, own: EncryptedFileKeyring) -> None:
    """Chosen: the error names the extra.  Not chosen: there is no keyring."""
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.ciphers.aead", None)
    found(monkeypatch, made(fail.Keyring))
    library = LibraryKeyring(file=lambda: own)
    with pytest.raises(KeyringTrouble) as raised:
        library.get_password(*ENTRY)
    assert (raised.value.state, raised.value.says) == ("no-backend", "")
    monkeypatch.setenv("AUTHKIT_KEYRING", "file")
    with pytest.raises(KeyringTrouble) as raised:
        library.get_password(*ENTRY)
    assert (raised.value.state, raised.value.says) == ("no-backend", "keyring-file-extra")
    library.unlock()  # which leaves it to the first use to say so


def test_the_library_never_meets_it() -> None:
    """B-S09: even imported it is not among what the library finds, nor a link of a chain."""
    script = """
import keyring, keyring.backend
from authkit.adapters.encrypted_file import EncryptedFileKeyring as Own
from keyring.backends.chainer import ChainerBackend
found = [*keyring.backend.get_all_keyring(), *ChainerBackend.backends, keyring.get_keyring()]
print(len(found) > 1, [type(ring) for ring in found if isinstance(ring, Own)])
"""
    assert finished([sys.executable, "-c", script]).stdout == "True []\n"


def test_its_trouble_is_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What it raises passes through the adapter: its message, and a person's ^C."""
    monkeypatch.setenv("AUTHKIT_KEYRING", "file")
    path = tmp_path / "keyring"
    path.write_bytes(b"no keyring")
    paper = Paper([CANCEL])
    own = EncryptedFileKeyring(str(path), Passphrases(str(path), {}, paper, lambda: paper))
    library = LibraryKeyring(file=lambda: own)
    with pytest.raises(KeyringTrouble) as raised:
        library.unlock()
    assert raised.value.says == "keyring-file-damaged"
    path.unlink()
    with pytest.raises(Cancelled):
        library.unlock(writing=True)


def test_nothing_else_is_unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any other backend asks for itself, when it is used."""
    found(monkeypatch, Memory())
    LibraryKeyring().unlock(writing=True)
