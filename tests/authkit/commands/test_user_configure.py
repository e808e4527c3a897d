"""`authkit user configure`: which fields are offered and kept, and which keys are tried."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from authkit.arguments import Options, parse
from authkit.commands import user_configure
from authkit.commands.user_configure import Given, Present
from authkit.core import config, entries
from authkit.core.failures import KeyringTrouble
from authkit.core.identity import Identity
from authkit.core.kinds import AWS_USER
from authkit.core.model import Marker, Values
from authkit.login.keys import Keys
from fakes.world.journal import Journal, Kind
from fakes.world.keyring import FAILING
from fakes.world.prompter import Answer, Person
from sts_simulator.account.faults import Fault
from tests.authkit.examples import BOBS, IDENTITY, TWO_USERS, LockedKeyring
from tests.authkit.login.keyrings import Locking, a_stage
from tests.authkit.login.test_form import SERVICE_PRINCIPAL, STORED
from tests.explore.commands import COMMANDS
from tests.explore.explorer import Explorer
from tests.explore.test_role_mixes import ROLE, a_role
from tests.support.people import (
    ENTRY,
    ID,
    KEYS,
    MFA,
    NAME,
    OLD_ENTRY,
    OLD_ID,
    OLD_SECRET,
    SECRET,
    Obliging,
    a_scene,
    entry,
    run,
)
from tests.support.stage import DictKeyring, Paper, Stage

SESSION_KEYS = ENTRY | {"access_key_id": "ASIAXXXXXXXXXXXXXXXX", "secret_access_key": "session"}
BUILD = Identity("build", SERVICE_PRINCIPAL, "us-east-1", {}, "/etc/authkit.toml")

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn


@pytest.mark.parametrize("raw", ["{", '{"version": 2}'])
def test_an_entry_that_is_replaced_may_be_anything(raw: str) -> None:
    """B-S04: an entry that cannot be understood is empty, for `login` it is trouble."""
    stage = a_stage(None)
    stage.keyring.entries["authkit", IDENTITY.name] = raw
    assert Present(stage, IDENTITY).values == Values()
    with pytest.raises(KeyringTrouble):
        Keys(stage, IDENTITY)


def test_a_locked_keyring_is_trouble_whatever_comes() -> None:
    """B-S04: a locked keyring is no empty entry."""
    stage = a_stage(None)
    stage.keyring = locking = Locking()
    locking.locked = True
    with pytest.raises(KeyringTrouble):
        Present(stage, IDENTITY)


def test_a_sessions_id_is_no_default() -> None:
    """B-L17, B-C01: of an entry to be replaced only fields that could be answered count."""
    keys = Present(a_stage(SESSION_KEYS | {"session_token": "t"}), IDENTITY)
    assert "access_key_id" not in keys.values
    assert "session_token" not in keys.values


def test_session_credentials_are_no_default() -> None:
    """B-L17, B-C01: session credentials in the entry are not offered; settings are."""
    scene = a_scene(SESSION_KEYS)
    person = Person(
        [
            Answer("AWS Access Key ID:", ID),
            Answer("AWS Secret Access Key:", SECRET),
            Answer(f"MFA ARN (optional) [{MFA}]:", ""),
            Answer("Session Duration (optional, default: 12h) [36h]:", ""),
        ]
    )
    assert run(scene, "user", "configure", NAME, person=person).status == 0
    assert entry(scene) == ENTRY


@pytest.mark.parametrize("from_stdin", [False, True], ids=["asked", "stdin"])
def test_a_foreign_kind_is_not_sent_to_sts(
    monkeypatch: pytest.MonkeyPatch, *, from_stdin: bool
) -> None:
    """B-K01, B-K02: credentials of a kind without a row in TRY are saved; STS is not asked."""
    paper = Paper(STORED.texts().values())
    stage = Stage(screen=paper, prompter=paper, input=json.dumps(STORED.texts()))
    monkeypatch.setattr(config, "resolve", lambda *_: BUILD)
    options = Options(["user", "configure"])
    options.stdin = from_stdin
    assert user_configure.run(stage, options) == 0
    assert entries.load(stage.keyring, SERVICE_PRINCIPAL, "build") == STORED
    assert "verified" not in paper.everything


def test_a_clock_that_is_wrong() -> None:
    """B-C03, B-A04: other keys would not help, so the hint is the rule's own."""
    scene = a_scene()
    message = "Signature expired: 20220127T001427Z is now earlier than 20220127T014428Z"
    scene.account.faults.add(Fault("GetCallerIdentity", "SignatureDoesNotMatch", message, 403))
    done = run(scene, "user", "configure", NAME, "--stdin", stdin=json.dumps(KEYS))
    assert done.status == 1
    assert "Set the clock right" in done.screen
    assert "Then run 'authkit user configure --identity dev-admin'" in done.screen
    assert "with the right keys" not in done.screen


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("{", "it is not JSON"),
        (" \n", "nothing was given"),
        ('""', "it is not an object of texts"),
        ("[]", "it is not an object of texts"),
        ('{"mfa_arn": 1}', "mfa_arn is not a text in quotes"),
        ('{"colour": "red"}', "there is no field colour"),
        ('{"access_key_id": "short"}', "access_key_id: an access key id (AKIA…) has 16 to 128"),
        (json.dumps({"access_key_id": ID}), "secret_access_key is missing"),
    ],
)
def test_what_stdin_must_be(given: str, reason: str) -> None:
    """B-C03: what cannot be taken is refused with a reason, and nothing is saved."""
    scene = a_scene()
    done = run(scene, "user", "configure", NAME, "--stdin", stdin=given)
    assert done.status == 1
    assert f":\n  {reason}" in done.screen
    assert entry(scene) is None


def test_sessions_of_other_keys_are_dropped() -> None:
    """B-C01: a cached session of the former keys goes when other keys are saved."""
    scene = a_scene(KEYS)
    assert run(scene, "login", NAME).status == 0
    given = json.dumps(KEYS | {"session_duration": "1h"})
    done = run(scene, "user", "configure", NAME, "--stdin", stdin=given)
    assert done.status == 0
    assert f"⚠ Dropped the session of {NAME}: its keys or settings no longer hold." in done.screen
    assert scene.sessions.texts == {}


def test_a_role_has_no_fields() -> None:
    """B-K03: there is nothing to configure, and nothing is changed."""
    scene = a_role(KEYS)
    done = run(scene, "user", "configure", ROLE, person=Person())
    assert done.status == 1
    assert "for which nothing is stored" in done.screen


def test_keys_that_cannot_be_tried_are_saved_all_the_same() -> None:
    """B-C01: where STS is in trouble the keys are saved, and marked as not tried yet."""
    scene = a_scene()
    scene.account.faults.add(Fault("GetCallerIdentity", "timeout", times=0))
    done = run(scene, "user", "configure", NAME, "--stdin", stdin=json.dumps(KEYS))
    assert done.status == 0
    assert "⚠ Not verified: STS cannot be reached" in done.screen
    assert entry(scene) == KEYS
    marker = scene.sessions.markers.read(NAME)
    assert marker is not None
    assert marker.untried is not None


# A person is asked.


def test_refused_keys_are_asked_for_again() -> None:
    """B-C01: of unknown keys both fields, the settings stay; nothing is saved in between."""
    scene = a_scene()
    person = Obliging(
        {"AWS Access Key ID": (OLD_ID, ID), "AWS Secret Access Key": (OLD_SECRET, SECRET)}
    )
    done = run(scene, "user", "configure", NAME, person=person)
    assert (done.status, entry(scene)) == (0, ENTRY)
    assert f"AWS does not know key {OLD_ID}\n  (mistyped? another partition?). " in done.screen
    assert person.asked["MFA ARN"] == 1


@pytest.mark.parametrize("untried", [False, True])
def test_what_is_said_of_refused_keys_that_are_stored(*, untried: bool) -> None:
    """B-L07: a key was rotated only if AWS has taken it once, as far as its marker tells."""
    scene = a_scene(OLD_ENTRY)
    if untried:
        scene.sessions.markers.mark(NAME, Marker(untried=scene.clock.now()))
    typed = {"AWS Access Key ID": ("", ID), "AWS Secret Access Key": ("", SECRET)}
    done = run(scene, "user", "configure", NAME, person=Obliging(typed))
    assert (done.status, entry(scene)) == (0, ENTRY)
    assert ("was rotated or revoked. Nothing was saved." in done.screen) is not untried
    assert ("(mistyped?" in done.screen) is untried


def test_an_endpoint_that_refuses_is_named() -> None:
    """B-L04: under an endpoint that is not AWS's the line says whose word it is."""
    scene = a_scene()
    scene.environ["AWS_ENDPOINT_URL"] = "https://sandbox.example"
    typed = {"AWS Access Key ID": (OLD_ID, ID), "AWS Secret Access Key": (OLD_SECRET, SECRET)}
    done = run(scene, "user", "configure", NAME, person=Obliging(typed))
    assert "  https://sandbox.example says so. Nothing was saved." in done.screen


def test_a_write_that_fails_over_a_corrupt_entry() -> None:
    """B-A04: it says that nothing was saved, and the entry is as it was."""
    scene = a_scene()
    scene.keyring.entries["authkit", NAME] = "no JSON"
    scene.keyring.faults.add(Fault("keyring.set", FAILING))
    done = run(scene, "user", "configure", NAME, person=Obliging())
    assert done.status == 1
    assert "\n  Nothing was saved.\n" in done.screen
    assert scene.keyring.entries["authkit", NAME] == "no JSON"


def test_of_a_wrong_secret_only_the_secret_is_asked_for_again() -> None:
    """B-C01, B-L09: the id is right, so it is kept."""
    scene = a_scene()
    person = Obliging({"AWS Secret Access Key": ("wrong-secret", SECRET)})
    assert run(scene, "user", "configure", NAME, person=person).status == 0
    assert person.asked["AWS Access Key ID"] == 1
    assert person.asked["AWS Secret Access Key"] == 2


def test_no_verify() -> None:
    """B-C01: with --no-verify STS is not asked, and the keys are marked as not tried yet."""
    scene = a_scene()
    given = json.dumps(KEYS)
    assert run(scene, "user", "configure", NAME, "--stdin", "--no-verify", stdin=given).status == 0
    assert scene.account.calls == []
    marker = scene.sessions.markers.read(NAME)
    assert marker is not None
    assert marker.untried is not None


def test_nobody_to_ask() -> None:
    """B-C03: without a terminal the message names --stdin."""
    scene = a_scene()
    done = run(scene, "user", "configure", NAME)
    assert done.status == 1
    assert "with --stdin" in done.screen


def test_cancelled() -> None:
    """B-L06: ^C at a question saves nothing."""
    scene = a_scene(ENTRY)
    person = Person([Answer(f"AWS Access Key ID [{ID}]:", "^C")])
    done = run(scene, "user", "configure", NAME, person=person)
    assert (done.status, entry(scene)) == (130, ENTRY)
    assert "Nothing was saved." in done.screen


def test_new_keys_are_waited_for() -> None:
    """B-L08: keys that STS does not know yet are tried again before they are asked for again."""
    scene, person = a_scene(), Obliging()
    scene.account.faults.add(Fault("GetCallerIdentity", "InvalidClientTokenId", status=403))
    assert run(scene, "user", "configure", NAME, person=person).status == 0
    assert person.asked["AWS Access Key ID"] == 1


# The present entry.


@pytest.mark.parametrize("written", ["{", '{"version": 2}'], ids=["corrupt", "later version"])
def test_an_entry_that_cannot_be_understood(written: str) -> None:
    """B-S04: it is replaced, since the person asked for that."""
    scene = a_scene(written)
    assert run(scene, "user", "configure", NAME, "--stdin", stdin=json.dumps(KEYS)).status == 0
    assert entry(scene) == KEYS


def test_a_locked_keyring() -> None:
    """B-S04: an entry that cannot be read now is not replaced."""
    stage = Stage(keyring=LockedKeyring())
    with pytest.raises(KeyringTrouble):
        user_configure.run(stage, parse(["user", "configure", NAME]))


@pytest.mark.parametrize(
    ("given", "after"),
    [
        ({"session_duration": "1h"}, ENTRY | {"session_duration": "1h"}),
        ({"mfa_arn": ""}, {n: v for n, v in ENTRY.items() if n != "mfa_arn"}),
        ({"secret_access_key": ""}, ENTRY),
        ({"secret_access_key": f" {SECRET} "}, ENTRY),
    ],
    ids=["one field", "a setting left out", "a blank secret", "blanks around a secret"],
)
def test_what_stdin_leaves_out_stays(given: dict[str, str], after: dict[str, str]) -> None:
    """B-C03: a field that is not given stays; an empty setting is removed."""
    scene = a_scene(ENTRY)
    done = run(scene, "user", "configure", NAME, "--stdin", stdin=json.dumps(given))
    assert (done.status, entry(scene)) == (0, after)


def test_a_secret_of_another_key() -> None:
    """B-C01: with another key id the present secret is not kept, so it is missing."""
    scene = a_scene(ENTRY)
    given = json.dumps({"access_key_id": OLD_ID})
    done = run(scene, "user", "configure", NAME, "--stdin", stdin=given)
    assert (done.status, entry(scene)) == (1, ENTRY)
    assert "secret_access_key is missing" in done.screen


def test_a_field_that_the_config_file_sets() -> None:
    """B-L02, B-C03: such a field cannot be given."""
    scene = a_scene()
    scene.config = f'[identities.{NAME}]\nmfa_arn = "{MFA}"'
    done = run(scene, "user", "configure", NAME, "--stdin", stdin=json.dumps(ENTRY))
    assert done.status == 1
    assert "mfa_arn is set in" in done.screen


def test_a_byte_order_mark_on_stdin() -> None:
    """B-A06: what Windows puts before a text is none of it."""
    scene, given = a_scene(), f"\ufeff{json.dumps(KEYS)}"
    assert run(scene, "user", "configure", NAME, "--stdin", stdin=given).status == 0
    assert entry(scene) == KEYS


def test_stdin_is_read_before_anything_is_locked() -> None:
    """B-A06: a slow pipe keeps no other process waiting."""
    path = Explorer(full=True).walk(COMMANDS["configure-stdin"], ())
    assert path.status == 0
    order = [event.what for event in path.events]
    assert order.index("stdin") < min(order.index("unlock"), order.index("acquire"))


def test_revoked_keys_on_stdin() -> None:
    """B-C03: refused keys are not saved, and the hint is to configure again."""
    scene = a_scene(ENTRY)
    given = json.dumps({"access_key_id": OLD_ID, "secret_access_key": OLD_SECRET})
    done = run(scene, "user", "configure", NAME, "--stdin", stdin=given)
    assert (done.status, entry(scene)) == (1, ENTRY)
    assert "Run 'authkit user configure --identity dev-admin' again" in done.screen


def test_ctrl_c_while_keys_of_stdin_are_tried() -> None:
    """B-L06: no question was cancelled, so it ends like any other command."""

    def pressed(_region: str) -> NoReturn:
        raise KeyboardInterrupt

    stage = Stage(sts=pressed)
    with pytest.raises(KeyboardInterrupt):
        Given(stage, Present(stage, IDENTITY), AWS_USER.values(KEYS), verify=True).run()


def test_other_keys_begin_anew() -> None:
    """B-L08, B-C01: the next pair that is typed has ten seconds of its own."""
    scene = a_scene()
    wrong = {
        "AWS Access Key ID": (OLD_ID, OLD_ID, ID),
        "AWS Secret Access Key": (OLD_SECRET, OLD_SECRET, SECRET),
    }
    done = run(scene, "user", "configure", NAME, person=Obliging(wrong))
    assert done.status == 0
    tries = [call for call in scene.account.calls if call.access_key_id == OLD_ID]
    assert len(tries) == 2 * 5


def test_the_roles_sessions_of_former_keys() -> None:
    """B-K03, B-C01: a role's session goes too, if it was reached by the former keys."""
    scene = a_role(KEYS, account=TWO_USERS)
    assert run(scene, "login", ROLE).status == 0
    given = json.dumps(BOBS)
    assert run(scene, "user", "configure", NAME, "--stdin", stdin=given).status == 0
    assert scene.sessions.texts == {}


# The MFA device's account

OTHERS_DEVICE = MFA.replace("123456789012", "210987654321")
OTHERS = f"{OTHERS_DEVICE} is of the account 210987654321, and these keys are of 123456789012"


def test_a_device_of_another_account() -> None:
    """B-C01: the field is asked again, and nothing else, until the account is that of the keys."""
    scene = a_scene()
    person = Obliging({"MFA ARN": (OTHERS_DEVICE, OTHERS_DEVICE, MFA)})
    done = run(scene, "user", "configure", NAME, person=person)
    assert (done.status, entry(scene)) == (0, ENTRY)
    assert done.screen.count(OTHERS) == 2
    assert done.screen.count("AWS knows these keys") == 1
    assert person.asked["MFA ARN"] == 3
    assert person.asked["AWS Access Key ID"] == 1


def test_a_device_of_another_account_then_of_another_partition() -> None:
    """B-L19: what is entered instead is held against the region too; nothing is saved."""
    scene = a_scene()
    devices = (OTHERS_DEVICE, MFA.replace("arn:aws:", "arn:aws-cn:"))
    done = run(scene, "user", "configure", NAME, person=Obliging({"MFA ARN": devices}))
    assert (done.status, entry(scene)) == (1, None)
    assert "is in the partition aws-cn,\n  and the region us-east-1 in aws." in done.screen


@pytest.mark.parametrize("answer", ["", "GAHT12345678"])
def test_no_device_or_a_hardware_token(answer: str) -> None:
    """B-C01, B-L13: a blank leaves the device out; a plain serial number names no account."""
    scene = a_scene()
    person = Obliging({"MFA ARN": (OTHERS_DEVICE, answer)})
    assert run(scene, "user", "configure", NAME, person=person).status == 0
    kept = {**ENTRY, "mfa_arn": answer}
    assert entry(scene) == {name: value for name, value in kept.items() if value}


def test_a_device_of_another_account_in_stdin() -> None:
    """B-C03: nothing is saved, and the field is named, also if it is the stored one."""
    scene = a_scene()
    given = json.dumps(ENTRY | {"mfa_arn": OTHERS_DEVICE})
    done = run(scene, "user", "configure", NAME, "--stdin", stdin=given)
    assert (done.status, entry(scene)) == (1, None)
    assert f"mfa_arn: {OTHERS}" in done.screen
    scene = a_scene(OLD_ENTRY | {"mfa_arn": OTHERS_DEVICE})
    done = run(scene, "user", "configure", NAME, "--stdin", stdin=json.dumps(KEYS))
    assert (done.status, entry(scene)) == (1, OLD_ENTRY | {"mfa_arn": OTHERS_DEVICE})


@pytest.mark.parametrize("given", ["", json.dumps(KEYS)], ids=["asked", "stdin"])
def test_a_device_of_another_account_in_the_config(given: str) -> None:
    """B-C01: where the config file sets it, file and key are named, exit 2."""
    scene = a_scene()
    scene.config = f"[identities.{NAME}]\nmfa_arn = '{OTHERS_DEVICE}'\n"
    options = ["--stdin"] if given else []
    person = None if given else Obliging()
    done = run(scene, "user", "configure", NAME, *options, person=person, stdin=given)
    assert (done.status, entry(scene)) == (2, None)
    assert f"identities.{NAME}.mfa_arn: {OTHERS}" in done.screen


def test_unverified_the_account_is_unknown() -> None:
    """B-C01: with --no-verify nothing is known of the keys' account, so any device is taken."""
    scene = a_scene()
    given = json.dumps(ENTRY | {"mfa_arn": OTHERS_DEVICE})
    assert run(scene, "user", "configure", NAME, "--stdin", "--no-verify", stdin=given).status == 0
    assert entry(scene) == ENTRY | {"mfa_arn": OTHERS_DEVICE}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("{", "it is not JSON"),
        ('{"session_duration": "36"}', "36 is in seconds, 36h in hours"),
        ('{"access_key_id": "AKIAIOSFODNN7\u200bEXAMPLE"}', "it holds \\u200b, which cannot be"),
        ('{"secret_access_key": "se\\u0000cret"}', "it holds \\x00, which cannot be seen"),
    ],
)
def test_stdin_is_read_first(given: str, reason: str) -> None:
    """B-C03: bad fields end it before the keyring, the lock and STS are touched."""
    journal = Journal()
    done = run(a_scene(), "user", "configure", NAME, "--stdin", stdin=given, journal=journal)
    effects = [text for kind, text in journal.entries if kind is Kind.DID]
    assert done.status == 1
    assert reason in done.screen
    assert effects == ["config read -> none"]


class Noted(DictKeyring):
    """A keyring that notes what it is opened for, and what it would say before it asks."""

    opened: tuple[bool, str] | None = None

    def unlock(self, *, writing: bool = False, notice: Callable[[], str] = str) -> None:
        """Note it."""
        self.opened = writing, notice()


def test_a_keyring_that_is_to_be_written() -> None:
    """B-S09: before a passphrase is asked for it is said that another keyring has the keys."""
    keyring = Noted()
    stage = Stage(keyring=keyring)
    stage.input = json.dumps(ENTRY)
    stage.markers.mark(NAME, Marker(backend="other.Keyring"))
    words = ["user", "configure", NAME, "--stdin", "--no-verify"]
    assert user_configure.run(stage, parse(words)) == 0
    assert keyring.opened
    writing, said = keyring.opened
    assert writing
    assert NAME in said
    assert "other.Keyring" in said
