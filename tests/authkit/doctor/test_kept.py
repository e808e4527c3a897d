"""Checks of config file, state folder, keyring and its entry, one by one."""

from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from authkit.core.failures import CANCELLED, Failure, KeyringTrouble
from authkit.core.model import Caller, Marker
from authkit.core.names import is_name
from authkit.doctor import kept
from sts_simulator.account.faults import Fault
from tests.authkit.doctor.looking import KEYS, an_examination, names
from tests.support.stage import DictKeyring

if TYPE_CHECKING:
    from collections.abc import Callable

    from authkit.doctor.examination import Examination

MFA = "arn:aws:iam::123456789012:mfa/user"


def probing(keyring: DictKeyring) -> Examination:
    """Return an examination with --probe of a machine with this keyring."""
    look = an_examination("dev-admin", "--probe")
    look.world.keyring = keyring  # type: ignore[misc]  # a Stage's may be set
    return look


def test_the_config_file() -> None:
    """None, a good one, and one that cannot be read."""
    assert names(kept.config_file(an_examination())) == ["config-none"]
    assert names(kept.config_file(an_examination(config="[identities.a]"))) == ["config-read"]
    assert names(kept.config_file(an_examination(config="["))) == ["config-wrong"]
    (empty,) = kept.config_file(an_examination(config=""))
    assert empty.words.endswith("\n  identities: none")


def test_the_identity() -> None:
    """B-K04: a user, one that there is not, and none where the config file is the trouble."""
    assert names(kept.identity(an_examination())) == ["identity-known"]
    unknown = an_examination("gone", config="[identities.a]")
    assert names(kept.identity(unknown)) == ["identity-unknown"]
    assert names(kept.identity(an_examination(config="["))) == []


def test_each_part_of_the_state_folder() -> None:
    """B-S06: each folder and each file of the identity is looked at; the same trouble once."""
    look = an_examination()
    spoilt = look.world.sessions
    for path, word in (("codes", "open to others"), ("identities/dev-admin", "a FIFO")):
        spoilt.spoil(path, word)  # type: ignore[attr-defined]  # in memory
    found = list(kept.state_folder(look))
    assert [each.name for each in found] == ["state-wrong"] * 2
    assert any("/codes" in each.words for each in found)
    assert any("identities/dev-admin" in each.words for each in found)


def test_the_lock_timeout() -> None:
    """A wrong one is named with its variable."""
    assert names(kept.lock_patience(an_examination())) == ["lock-timeout"]
    wrong = an_examination(environ={"AUTHKIT_LOCK_TIMEOUT": "soon"})
    assert names(kept.lock_patience(wrong)) == ["lock-timeout-wrong"]


def test_the_backend() -> None:
    """B-S05: the best, one that was chosen, and one that does not encrypt."""
    look = an_examination()
    keyring: Any = look.world.keyring
    (found,) = kept.keyring(look)
    assert found.words == f"{keyring.backend},\n  the best that was found"
    keyring.chosen_by = "AUTHKIT_KEYRING"
    (found,) = kept.keyring(look)
    assert found.words == f"{keyring.backend},\n  chosen by AUTHKIT_KEYRING"
    keyring.in_the_clear = True
    (found,) = kept.keyring(look)
    assert found.words == f"{keyring.backend} keeps passwords unencrypted"


@pytest.mark.parametrize(
    ("theirs", "environ", "command"),
    [
        ("other.Backend", {}, "'export PYTHON_KEYRING_BACKEND=other.Backend'"),
        (
            "other.Backend",
            {"AUTHKIT_KEYRING": "file"},
            "'unset AUTHKIT_KEYRING; export PYTHON_KEYRING_BACKEND=other.Backend'",
        ),
        (
            "authkit.adapters.encrypted_file.EncryptedFileKeyring",
            {},
            "'export AUTHKIT_KEYRING=file'",
        ),
        ("other.Backend; rm x", {}, "export PYTHON_KEYRING_BACKEND='other.Backend; rm x'"),
    ],
)
def test_keys_that_are_elsewhere(theirs: str, environ: dict[str, str], command: str) -> None:
    """B-S09: the marker names the backend, and the command chooses it."""
    look = an_examination(environ=environ)
    look.world.markers.mark("dev-admin", Marker(backend=theirs))
    found = {each.name: each for each in kept.keyring(look)}
    assert command in found["keys-elsewhere"].cure
    assert found["keys-elsewhere"].words == f"the keys of dev-admin were saved to\n  {theirs}"


def test_the_probe() -> None:
    """B-S05: what was written is removed; a keyring that forgets, or removes nothing, is found."""
    keyring = DictKeyring()
    assert names(kept.keyring(probing(keyring)))[-1] == "probe-kept"
    assert keyring.entries == {}
    assert names(kept.keyring(probing(DictKeyring(forgetful=True))))[-1] == "keyring-not-kept"
    keyring.delete_password = lambda *_: None  # type: ignore[method-assign]
    assert names(kept.keyring(probing(keyring)))[-1] == "probe-left"
    # What a crash leaves behind, other commands and versions can read: docs/contract.md.
    left = json.loads(keyring.entries["authkit", kept.PROBE])
    assert left == {"version": 1, "session_duration": "12h"}


def test_the_probe_is_of_a_keyring_that_is_open() -> None:
    """B-S09: what a keyring asks before it is written to is asked first."""
    keyring = DictKeyring()

    def unlock(*, writing: bool = False, notice: Callable[[], str] = str) -> None:
        del notice
        if writing:
            raise KeyringTrouble("locked", "it is shut")

    keyring.unlock = unlock  # type: ignore[method-assign]
    assert names(kept.keyring(probing(keyring)))[-1] == "keyring-locked"


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("at", range(4))
def test_the_probe_is_cancelled(at: int, *, after: bool, again: bool) -> None:
    """B-A04: after a Ctrl-C at any call, or at the next one too, the entry is gone or named."""
    keyring, calls = DictKeyring(), count()

    def interrupted(method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*words: str) -> object:
            number = next(calls)
            stops = number == at or (again and number == at + 1)
            if stops and not after:
                raise KeyboardInterrupt
            found = method(*words)
            if stops:
                raise KeyboardInterrupt
            return found

        return call

    for name in ("set_password", "get_password", "delete_password"):
        setattr(keyring, name, interrupted(getattr(keyring, name)))
    with pytest.raises(Failure) as ended:
        list(kept.keyring(probing(keyring)))
    said = str(ended.value.values["done"])
    assert (ended.value.name, ended.value.status) == ("cancelled", CANCELLED)
    assert ended.value.values["command"] == "authkit doctor dev-admin --probe"
    assert not keyring.entries or again
    assert not keyring.entries or f"The entry {kept.PROBE} of the service authkit may be" in said
    assert again or said == "Nothing of the probe is left in the keyring."


def test_the_probe_is_cancelled_and_the_keyring_shut() -> None:
    """B-A04: where it cannot be removed any more, the entry that is left is named."""
    keyring, troubles = DictKeyring(), [KeyringTrouble("locked", "it is shut"), KeyboardInterrupt()]

    def stops(*_: str) -> None:
        raise troubles.pop()

    keyring.delete_password = stops  # type: ignore[method-assign,assignment]
    with pytest.raises(Failure) as ended:
        list(kept.keyring(probing(keyring)))
    assert f"The entry {kept.PROBE} of the service authkit may be" in str(
        ended.value.values["done"]
    )


def test_the_probe_cannot_be_removed() -> None:
    """B-S05: where the keyring fails then, the entry that is left is named beside its trouble."""
    keyring = DictKeyring()

    def fails(service: str, username: str) -> None:
        del service, username
        raise KeyringTrouble("locked", "it is shut")

    keyring.delete_password = fails  # type: ignore[method-assign]
    assert names(kept.keyring(probing(keyring)))[-2:] == ["keyring-locked", "probe-left"]


def test_the_probe_is_nobodys_entry() -> None:
    """No identity can have the probe's name."""
    assert not is_name(kept.PROBE)


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        (KEYS, "keys-stored"),
        (None, "keys-none"),
        ({"session_duration": "36h"}, "keys-none"),
        ("{", "keyring-corrupt"),
        ({**KEYS, "session_token": "t"}, "keys-of-a-session"),
        ({**KEYS, "access_key_id": "ASIAXXXXXXXXXXXXXXXX"}, "keys-of-a-session"),
    ],
)
def test_the_entry(entry: object, name: str) -> None:
    """B-S04, B-L17: keys, none, a corrupt entry and session credentials are told apart."""
    (found,) = kept.entry(an_examination(entry=entry))
    assert found.name == name
    if name == "keys-of-a-session" and isinstance(entry, dict):
        assert found.words.endswith(f"\n  {entry['access_key_id']}")


@pytest.mark.parametrize(
    ("mfa_arn", "name"),
    [
        ("", "no-device"),
        (MFA, "device"),
        ("GAHT12345678", "device"),
        (MFA.replace("aws", "aws-cn", 1), "partition-mismatch"),
        (MFA.replace("1234", "9999", 1), "device-of-another-account"),
    ],
)
def test_the_device(mfa_arn: str, name: str) -> None:
    """B-L13, B-L19: of another partition or account, or as it should be."""
    look = an_examination(entry={**KEYS, "mfa_arn": mfa_arn} if mfa_arn else KEYS)
    look.caller = Caller("123456789012", "arn:aws:iam::123456789012:user/dev-admin")
    assert names(kept.device(look)) == [name]


@pytest.mark.parametrize(
    ("mfa_arn", "name"),
    [
        (MFA, "device"),
        (MFA.replace("aws", "aws-cn", 1), "device-in-config-of-another-partition"),
        (MFA.replace("1234", "9999", 1), "device-in-config-of-another-account"),
    ],
)
def test_the_device_of_the_config_file(mfa_arn: str, name: str) -> None:
    """What `user configure` does not ask for is mended in the file, whose key is as TOML has it."""
    look = an_examination("me@acme", config=f'[identities."me@acme"]\nmfa_arn = "{mfa_arn}"')
    look.caller = Caller("123456789012", "arn:aws:iam::123456789012:user/dev-admin")
    found = next(kept.device(look))
    assert found.name == name
    assert "configure" not in found.cure
    assert ('identities."me@acme".mfa_arn' in found.cure) is (name != "device")


def test_the_device_of_a_source() -> None:
    """B-L19: of a role it is the source's device, which is entered for the source."""
    role = 'kind = "aws/assume-role"\nrole_arn = "arn:aws:iam::123456789012:role/deploy"'
    config = f'[identities.dev-admin]\n[identities.deploy]\nsource = "dev-admin"\n{role}\n'
    entry = {**KEYS, "mfa_arn": MFA.replace("aws", "aws-cn", 1)}
    (found,) = kept.device(an_examination("deploy", config=config, entry=entry))
    assert "'authkit user configure --identity dev-admin'" in found.cure


def test_a_device_that_is_not_known() -> None:
    """Nothing is said of the device where the entry cannot be read."""
    assert names(kept.device(an_examination(entry="{"))) == []


def test_a_marker_that_cannot_be_read() -> None:
    """It says nothing of the backend; the state folder's check tells."""
    look = an_examination()
    look.world.sessions.faults.add(Fault("mark.read", "Permission denied"))  # type: ignore[attr-defined]  # in memory
    assert names(kept.keyring(look)) == ["backend-found"]
