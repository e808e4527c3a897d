"""`authkit logout`: what is removed, and what is said of what is left."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from authkit.arguments import parse
from authkit.commands import logout
from authkit.core import entries
from authkit.core.failures import Failure, KeyringTrouble
from authkit.core.model import Marker
from sts_simulator.account.faults import Fault
from tests.authkit.examples import CACHED, NAME, LockedKeyring, logged_in
from tests.explore.test_role_mixes import ROLE, a_role
from tests.support.people import KEYS, run
from tests.support.simulator import MFA, ROLE_CONFIG
from tests.support.stage import CountedConfig, Stage

ENTRY = json.dumps({"version": 1, **KEYS})


def a_stage() -> Stage:
    """Return a stage on which dev-admin has a session and keys, and audit has keys."""
    stage = logged_in()
    for name in (NAME, "audit"):
        stage.keyring.entries[entries.SERVICE, name] = ENTRY
        stage.sessions.markers.mark(name, Marker())
    return stage


def log_out(stage: Stage, *line: str) -> int:
    """Run `logout`; return the exit status."""
    return logout.run(stage, parse(["logout", *line]))


def test_only_the_session() -> None:
    """B-O01: the session is dropped, the keys stay; a second time there is nothing to drop."""
    stage = a_stage()
    assert [log_out(stage, NAME), log_out(stage, NAME)] == [0, 0]
    assert stage.screen.said == ["✓ Session dropped: dev-admin", "✓ Not logged in: dev-admin"]
    assert stage.sessions.texts == {}
    assert len(stage.keyring.entries) == 2


def test_the_keys_too() -> None:
    """B-O01: with --keys the entry and the marker go; another identity's stay."""
    stage = a_stage()
    assert log_out(stage, NAME, "--keys") == 0
    assert stage.screen.said[-1] == "✓ Keys removed from keyring: dev-admin"
    assert [*stage.keyring.entries] == [(entries.SERVICE, "audit")]
    assert stage.sessions.markers.marked() == ["audit"]
    assert log_out(stage, NAME, "--keys") == 0
    assert stage.screen.said[-1] == "✓ No keys in keyring: dev-admin"


def test_an_identity_that_the_config_file_has_no_more() -> None:
    """B-O01: its session is dropped by name, as what `--all` says of it has to work."""
    stage = logged_in()
    stage.config = CountedConfig("[identities.audit]\n")
    assert log_out(stage, NAME) == 0
    assert stage.screen.said == ["✓ Session dropped: dev-admin"]
    with pytest.raises(Failure, match="identity-unknown"):
        log_out(stage, NAME)


def test_a_mistyped_name() -> None:
    """B-A05: that nothing was there is not the whole answer where another name is near."""
    stage = a_stage()
    assert [log_out(stage, "dev-admim", "--keys"), log_out(stage, "x", "--keys")] == [0, 0]
    assert stage.screen.said == [
        "⚠ dev-admim is new on this machine; the nearest is dev-admin.",
        "✓ Not logged in: dev-admim",
        "✓ No keys in keyring: dev-admim",
        "✓ Not logged in: x",
        "✓ No keys in keyring: x",
    ]


def test_settings_without_keys() -> None:
    """B-O01: where `list` shows no keys it is not said that some were removed."""
    stage = a_stage()
    stage.keyring.entries[entries.SERVICE, NAME] = json.dumps({"version": 1, "mfa_arn": MFA})
    assert log_out(stage, NAME, "--keys") == 0
    assert stage.screen.said[-1] == "✓ Settings removed from keyring: dev-admin"
    assert (entries.SERVICE, NAME) not in stage.keyring.entries


@pytest.mark.parametrize("raw", ["{", '{"version": 2}'])
def test_keys_that_cannot_be_understood(raw: str) -> None:
    """B-O01: any entry can be removed, whatever is in it; other identities' entries stay."""
    stage = a_stage()
    stage.keyring.entries[entries.SERVICE, NAME] = raw
    assert log_out(stage, NAME, "--keys") == 0
    assert stage.screen.said[-1] == "✓ Keys removed from keyring: dev-admin"
    assert [*stage.keyring.entries] == [(entries.SERVICE, "audit")]


def test_all() -> None:
    """B-O01: --all means every identity with keys or a session."""
    stage = a_stage()
    assert log_out(stage, "--all", "--keys") == 0
    assert (stage.sessions.texts, stage.keyring.entries, stage.sessions.markers.texts) == (
        {},
        {},
        {},
    )


def test_all_of_nothing() -> None:
    """B-O01: without identities there is nothing to do, which is said."""
    stage = Stage()
    assert log_out(stage, "--all") == 0
    assert stage.screen.said[0].startswith("There are no identities yet.")


def test_all_and_a_name() -> None:
    """docs/contract.md, exit codes: --all with an identity is a usage error."""
    with pytest.raises(Failure) as ended:
        log_out(a_stage(), NAME, "--all")
    assert (ended.value.name, ended.value.status) == ("usage", 2)


def test_a_locked_keyring() -> None:
    """B-O01: exit 1 where keys may be left, and the message says so; the session is gone."""
    stage = a_stage()
    stage.keyring = LockedKeyring()
    assert log_out(stage, NAME, "--keys") == 1
    assert "The session is gone; the keys of dev-admin may still be" in stage.screen.said[-1]
    assert stage.sessions.texts == {}


class Sealed(LockedKeyring):
    """A keyring whose passphrase is not told."""

    def unlock(self, *, writing: bool = False, notice: object = None) -> None:
        """Raise KeyringTrouble."""
        raise KeyringTrouble("locked", f"nobody to ask {writing} {notice}")


def test_a_keyring_that_cannot_be_opened() -> None:
    """B-O01: it is told once the session is gone."""
    stage = a_stage()
    stage.keyring = Sealed()
    assert log_out(stage, NAME, "--keys") == 1
    assert stage.sessions.texts == {}


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        ("session.drop", "✗ The session of audit cannot be dropped: "),
        ("mark.remove", "✗ /home/dev/.local/state/authkit/identities/audit: Permission denied."),
    ],
)
def test_a_state_folder_in_trouble(operation: str, said: str) -> None:
    """B-O01: exit 1 where something is left; the other identities are logged out all the same."""
    stage = a_stage()
    stage.sessions.faults.add(Fault(operation, "Permission denied"))
    assert log_out(stage, "--all", "--keys") == 1
    assert any(text.startswith(said) for text in stage.screen.said)
    assert (entries.SERVICE, NAME) not in stage.keyring.entries
    assert stage.sessions.texts == {}


@pytest.mark.parametrize(("left", "named"), [(0, False), (1, True), (3600, True)])
def test_a_session_of_a_role_that_can_still_be_used(left: int, named: bool) -> None:  # noqa: FBT001
    """B-O01: it is named, with what drops it, as long as a second of it is left."""
    stage = logged_in(config=CountedConfig(ROLE_CONFIG))
    stage.sessions.texts["deploy"] = stage.sessions.texts[NAME]
    stage.clock.sleep(timedelta(seconds=CACHED.left(stage.clock.time()) - left))
    assert log_out(stage, NAME) == 0
    assert ("authkit logout --identity deploy" in stage.screen.everything) == named


@pytest.mark.parametrize("trouble", ["corrupt", "a FIFO"])
def test_a_session_of_a_role_that_cannot_be_read(trouble: str) -> None:
    """B-O01: no command uses it, so nothing is said of it."""
    stage = logged_in(config=CountedConfig(ROLE_CONFIG))
    stage.sessions.texts["deploy"] = "corrupt"
    if trouble != "corrupt":
        stage.sessions.spoil("sessions/deploy", trouble)
    assert log_out(stage, NAME) == 0
    assert stage.screen.said == ["✓ Session dropped: dev-admin"]


def test_a_role_has_no_entry() -> None:
    """B-K03: --keys does not touch the keyring for a role."""
    scene = a_role(KEYS)
    scene.keyring.entries[entries.SERVICE, ROLE] = ENTRY
    done = run(scene, "logout", ROLE, "--keys")
    assert (done.status, done.screen.strip()) == (0, f"✓ Not logged in: {ROLE}")
    assert (entries.SERVICE, ROLE) in scene.keyring.entries


def test_a_role_that_was_a_user_before() -> None:
    """B-O01: --keys removes the keys that a marker shows, whatever the kind is now."""
    scene = a_role(KEYS)
    scene.keyring.entries[entries.SERVICE, ROLE] = ENTRY
    scene.sessions.markers.mark(ROLE, Marker())
    assert run(scene, "logout", ROLE, "--keys").status == 0
    assert (entries.SERVICE, ROLE) not in scene.keyring.entries
