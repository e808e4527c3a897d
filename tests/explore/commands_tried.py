"""The commands that the law of failures tries, and what there is before each: data."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from authkit.adapters import state_troubles
from authkit.core import entries
from authkit.core.model import Marker
from fakes.world.children import Child
from fakes.world.prompter import INTERRUPT
from sts_simulator.account.faults import Fault
from tests.support.brought_kind import ADDRESS, KIND, serve
from tests.support.people import (
    ACCOUNT,
    AWS_CONFIG,
    AWS_CREDENTIALS,
    CODES,
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
    run,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from fakes.world.scene import Scene

OTHER, ROLE, ROBOT = "audit", "deploy", "robot"
CONFIG = f"""
[identities.{NAME}]
[identities.{ROLE}]
kind = "aws/assume-role"
source = "{NAME}"
role_arn = "arn:aws:iam::123456789012:role/{ROLE}"
"""
WORLD: Mapping[str, Any] = {**ACCOUNT, "roles": {ROLE: {}}}
OLD_KEYS = {"old": {"id": OLD_ID, "secret": OLD_SECRET}}
BEFORE_ROTATION: Mapping[str, Any] = {**WORLD, "keys": OLD_KEYS}
BY_PROCESS = f'[identities.{NAME}]\nmfa_process = "print-code"\n'
CODES_BEFORE = ("900001", "900002")  # typed before the command that is tried
HAS_CODES = {"mfa": {**ACCOUNT["mfa"], "codes": [*ACCOUNT["mfa"]["codes"], *CODES_BEFORE]}}


def printed(first: int) -> tuple[Child, ...]:
    """Return runs of `mfa_process` that print ten codes in turn, from this one of `CODES` on."""
    return tuple(Child(says=code) for code in CODES[first : first + 10])


def keys(entry: Mapping[str, str] | None = ENTRY, account: Mapping[str, Any] = WORLD) -> Scene:
    """Return a scene with this entry and without a session."""
    return a_scene(entry, {**account, **HAS_CODES})


def log_in(scene: Scene, name: str = NAME) -> Scene:
    """Log in; the code is none of those that a person types in the command that is tried."""
    assert run(scene, "login", name, person=Obliging({"Enter MFA Token": CODES_BEFORE})).status == 0
    return scene


def session() -> Scene:
    """Return a scene with a session."""
    return log_in(keys())


def over() -> Scene:
    """Return a scene whose session is over."""
    scene = session()
    scene.clock.sleep(timedelta(hours=40))
    return scene


def rotated() -> Scene:
    """Return a scene with a session over, and keys that were rotated since."""
    scene = log_in(keys(OLD_ENTRY, BEFORE_ROTATION))
    scene.account.administrator.rotate(NAME, ID, SECRET)
    scene.clock.sleep(timedelta(hours=40))
    return scene


def refused() -> Scene:
    """Return a scene with a session that is good by the clock, and that STS refuses."""
    scene = session()
    scene.account.faults.add(Fault("GetCallerIdentity", "ExpiredToken"))
    return scene


def kept_elsewhere() -> Scene:
    """Return a scene without keys, with a marker that says that another backend keeps them."""
    scene = nothing()
    scene.sessions.markers.mark(NAME, Marker(backend="elsewhere.Keyring"))
    return scene


def of_other_settings() -> Scene:
    """Return a scene with a session of other keys and settings than the person enters."""
    scene = log_in(keys(OLD_ENTRY | {"session_duration": "1h"}, BEFORE_ROTATION))
    scene.account.administrator.add_key(NAME, ID, SECRET)
    return scene


def role_keys() -> Scene:
    """Return a scene with a role, and its source's keys."""
    scene = keys()
    scene.config = CONFIG
    return scene


def role_session() -> Scene:
    """Return a scene with the sessions of a role and of its source."""
    return log_in(role_keys(), ROLE)


def role_over() -> Scene:
    """Return a scene with a role's session that is over; the source's is not."""
    scene = role_session()
    scene.clock.sleep(timedelta(hours=2))
    return scene


def role_of_other_settings() -> Scene:
    """Return the sessions of a role and of its source, both of other keys than are entered."""
    scene = of_other_settings()
    scene.config = CONFIG
    return log_in(scene, ROLE)


def role_of_dead_keys() -> Scene:
    """Return the sessions of a role and of its source, whose key was deleted since."""
    scene = role_of_other_settings()
    scene.account.administrator.delete_key(OLD_ID)
    return scene


def brought() -> Scene:
    """Return a scene with an identity of a kind from elsewhere, and its keys."""
    scene = plain()
    scene.config = f"[identities.{NAME}]\n[identities.{ROBOT}]\nkind = '{KIND.name}'\n"
    scene.kinds[KIND.name] = KIND
    scene.services[ADDRESS] = serve
    scene.keyring.entries[entries.SERVICE, ROBOT] = json.dumps({"version": 1, **KEYS})
    return scene


def by_process() -> Scene:
    """Return a scene with keys, and a command that prints the MFA codes."""
    scene = keys()
    scene.config = BY_PROCESS
    return scene


def by_process_over() -> Scene:
    """Return the same with a session that is over."""
    scene = over()
    scene.config = BY_PROCESS
    return scene


def two() -> Scene:
    """Return a scene with two identities that have keys; one has a session."""
    scene = session()
    scene.keyring.entries[entries.SERVICE, OTHER] = json.dumps({"version": 1, **KEYS})
    scene.sessions.markers.mark(OTHER, Marker())
    return scene


def plain() -> Scene:
    """Return a scene with keys that need no MFA."""
    return keys(KEYS)


def nothing() -> Scene:
    """Return a scene without keys."""
    return keys(None)


def dead() -> Scene:
    """Return a scene with keys that AWS does not know, and no session."""
    return keys(OLD_ENTRY)


def dead_without_device() -> Scene:
    """Return a scene with keys that AWS does not know, and no MFA ARN."""
    return keys({"access_key_id": OLD_ID, "secret_access_key": OLD_SECRET})


def of_another_device() -> Scene:
    """Return a scene with keys and the MFA ARN of another user's device."""
    return keys(ENTRY | {"mfa_arn": "arn:aws:iam::123456789012:mfa/other"})


def mistyped() -> Scene:
    """Return a scene with keys whose secret is wrong."""
    return keys(ENTRY | {"secret_access_key": "new-secert"})


def session_credentials() -> Scene:
    """Return a scene with session credentials in the place of keys."""
    return keys(ENTRY | {"access_key_id": "ASIAXXXXXXXXXXXXXXXX"})


def half_a_pair() -> Scene:
    """Return a scene with an entry that is corrupt: a secret without its id."""
    return keys({"secret_access_key": OLD_SECRET})


def held() -> Scene:
    """Return a scene in which another process holds the lock, and does not end."""
    scene = keys()
    scene.environ["AUTHKIT_LOCK_TIMEOUT"] = "1"
    scene.locks.hold_elsewhere(NAME, timedelta(hours=3), process="4711")
    return scene


def with_profile() -> Scene:
    """Return a scene with keys, and a profile in AWS's config file beside a foreign one."""
    scene = keys()
    scene.files.put(AWS_CONFIG, "[profile theirs]\nregion = eu-west-1\n")
    assert run(scene, "profile", "add", NAME).status == 0
    return scene


def with_keys_file() -> Scene:
    """Return a scene with keys, and others in AWS's credentials file."""
    scene = keys()
    scene.files.put(AWS_CREDENTIALS, f"[{NAME}]\naws_access_key_id = {OLD_ID}\n")
    return scene


def aws_keys(entry: Mapping[str, str] | None = None) -> Scene:
    """Return a scene with keys in AWS's credentials file, and no others in the keyring."""
    scene = keys(entry)
    lines = f"aws_access_key_id = {ID}\naws_secret_access_key = {SECRET}\n"
    scene.files.put(AWS_CREDENTIALS, f"[{NAME}]\n{lines}")
    return scene


def aws_keys_of_other_keys() -> Scene:
    """Return the same with other keys in the keyring, and a session of those."""
    scene = log_in(keys(OLD_ENTRY, BEFORE_ROTATION))
    scene.account.administrator.add_key(NAME, ID, SECRET)
    scene.files.put(AWS_CREDENTIALS, aws_keys().files.contents[AWS_CREDENTIALS].decode())
    return scene


def fifo() -> Scene:
    """Return a scene with keys, and a FIFO in the place of the session."""
    scene = session()
    scene.sessions.spoil(f"sessions/{NAME}.json", state_troubles.FIFO)
    return scene


def open_to_others() -> Scene:
    """Return a scene with a session, in a state folder that others may write to."""
    scene = session()
    scene.sessions.spoil("", state_troubles.OPEN)
    return scene


class Command(NamedTuple):
    """A command line in a scene: with somebody to ask or without, a child, standard input."""

    words: str
    start: Callable[[], Scene]
    asks: bool = True
    child: Child | None = None
    stdin: str = ""
    known: Mapping[str, Iterable[str]] | None = None  # the person's answers that are others
    programs: Sequence[Child] = ()  # the runs of `mfa_process`

    @property
    def name(self) -> str:
        """The identity that the next login is of: the last word that is one."""
        return next((name for name in (ROLE, ROBOT) if name in self.words.split()), NAME)

    @property
    def line(self) -> list[str]:
        """The command line."""
        return self.words.split()


PRINTS = printed(50)
RUNS, FAILS = Child(), Child(exit=3)
FIELDS = json.dumps(ENTRY)
ANOTHER_DURATION = json.dumps({"session_duration": "2h"})


COMMANDS: Mapping[str, Command] = {
    "login without keys": Command("login dev-admin", nothing),
    "login with a device that IAM lists": Command(
        "login dev-admin", nothing, known={"MFA ARN": ("", MFA), "Device Number": ("1",)}
    ),
    "login with a listed device that is left out": Command(
        "login dev-admin", dead_without_device, known={"MFA ARN": ("",), "Device Number": ("",)}
    ),
    "login": Command("login dev-admin", keys),
    "login with a session": Command("login dev-admin", session),
    "login after the session": Command("login dev-admin", over),
    "login with a refused session": Command("login dev-admin", refused),
    "login with keys kept elsewhere": Command("login dev-admin", kept_elsewhere),
    "login with rotated keys": Command("login dev-admin", rotated),
    "login with dead keys": Command("login dev-admin", dead),
    "login with another device": Command("login dev-admin", of_another_device),
    "login with a device that is given up": Command(
        "login dev-admin", of_another_device, known={"MFA ARN": ("-",)}
    ),
    "login with a mistyped secret": Command("login dev-admin", mistyped),
    "login without keys, nobody to ask": Command("login dev-admin", nothing, asks=False),
    "login while another is under way": Command("login dev-admin", held),
    "login with dead keys, unattended": Command("login dev-admin", dead, asks=False),
    "login unattended": Command("login dev-admin", plain, asks=False),
    "login --force": Command("login dev-admin --force", session),
    "login --force with other keys and a cancel": Command(
        "login dev-admin --force", role_of_dead_keys, known={"Enter MFA Token": (INTERRUPT,)}
    ),
    "login of a role": Command("login deploy", role_keys),
    "login of a role after its session": Command("login deploy", role_over),
    "login --force of a role": Command("login deploy --force", role_session),
    "login of a kind from elsewhere": Command("login robot", brought),
    "login of a kind from elsewhere, unattended": Command("login robot", brought, asks=False),
    "exec": Command("exec dev-admin -- true", keys, child=RUNS),
    "exec with a session": Command("exec dev-admin -- true", session, child=RUNS),
    "exec of what fails": Command("exec dev-admin -- false", session, child=FAILS),
    "exec after the session": Command("exec dev-admin -- true", over, child=RUNS),
    "exec with rotated keys": Command("exec dev-admin -- true", rotated, child=RUNS),
    "exec unattended": Command("exec dev-admin -- true", plain, asks=False, child=RUNS),
    "exec, nobody to ask": Command("exec dev-admin -- true", over, asks=False, child=RUNS),
    "exec of a role": Command("exec deploy -- true", role_keys, child=RUNS),
    "exec of a role with a session": Command("exec deploy -- true", role_session, child=RUNS),
    "env": Command("env dev-admin", session),
    "env after the session": Command("env dev-admin", over),
    "env of a role": Command("env deploy", role_session),
    "credential-process": Command("credential-process dev-admin", session),
    "credential-process, nobody to ask": Command("credential-process dev-admin", over, asks=False),
    "login by mfa_process": Command("login dev-admin", by_process, asks=False, programs=PRINTS),
    "login by mfa_process, attended": Command("login dev-admin", by_process, programs=PRINTS),
    "exec by mfa_process": Command(
        "exec dev-admin -- true", by_process_over, asks=False, child=RUNS, programs=PRINTS
    ),
    "credential-process by mfa_process": Command(
        "credential-process dev-admin", by_process_over, asks=False, programs=PRINTS
    ),
    "credential-process unattended": Command("credential-process dev-admin", plain, asks=False),
    "credential-process of a kind from elsewhere": Command("credential-process robot", brought),
    "credential-process of a role": Command("credential-process deploy", role_over, asks=False),
    "whoami": Command("whoami dev-admin", session),
    "whoami after the session": Command("whoami dev-admin", over),
    "whoami without keys": Command("whoami dev-admin", nothing),
    "whoami --offline": Command("whoami dev-admin --offline", session),
    "whoami --json": Command("whoami dev-admin --output json", session),
    "whoami of a role": Command("whoami deploy", role_session),
    "list": Command("list", two),
    "complete-identities": Command("complete-identities", two),
    "list --check": Command("list --check", two),
    "list --json": Command("list --output json", two),
    "list of roles": Command("list", role_session),
    "doctor": Command("doctor dev-admin", session),
    "doctor --probe": Command("doctor dev-admin --probe --json", keys),
    "doctor of a role": Command("doctor deploy", role_session),
    "logout": Command("logout dev-admin", session),
    "logout without a session": Command("logout dev-admin", nothing),
    "logout --all": Command("logout --all", two),
    "logout of a source": Command("logout dev-admin", role_session),
    "logout --keys of a source": Command("logout dev-admin --keys", role_session),
    "logout --keys": Command("logout dev-admin --keys", session),
    "logout --keys without keys": Command("logout dev-admin --keys", nothing),
    "logout --keys --all": Command("logout --keys --all", two),
    "logout of a FIFO": Command("logout dev-admin", fifo),
    "login in the place of a FIFO": Command("login dev-admin", fifo),
    "list with a FIFO": Command("list", fifo),
    "exec in an open folder": Command("exec dev-admin -- true", open_to_others, child=RUNS),
    "whoami in an open folder": Command("whoami dev-admin", open_to_others),
    "list in an open folder": Command("list", open_to_others),
    "logout in an open folder": Command("logout dev-admin --keys", open_to_others),
    "logout --all in an open folder": Command("logout --all", open_to_others),
    "user configure in an open folder": Command("user configure dev-admin", open_to_others),
    "logout of a role": Command("logout deploy --keys", role_session),
    "import": Command("import --all --remove", aws_keys, asks=False),
    "import --no-verify": Command("import --profile dev-admin --no-verify", aws_keys, asks=False),
    "import over other keys": Command(
        "import --all --remove", aws_keys_of_other_keys, known={"Replace it": ("y",)}
    ),
    "import of what is there": Command(
        "import --all --remove", partial(aws_keys, ENTRY), known={"Replace it": ("y",)}
    ),
    "profile add": Command("profile add dev-admin", with_keys_file),
    "profile add once more": Command("profile add dev-admin", with_profile),
    "profile remove": Command("profile remove dev-admin", with_profile),
    "profile remove without one": Command("profile remove dev-admin", keys),
    "user configure": Command("user configure dev-admin", of_other_settings),
    "user configure without keys": Command("user configure dev-admin", nothing),
    "user configure with a device that IAM lists": Command(
        "user configure dev-admin", nothing, known={"MFA ARN": ("",)}
    ),
    "user configure --no-verify": Command("user configure dev-admin --no-verify", dead),
    "user configure, nobody to ask": Command("user configure dev-admin", session, asks=False),
    "user configure over session credentials": Command(
        "user configure dev-admin", session_credentials
    ),
    "user configure over half a pair": Command("user configure dev-admin", half_a_pair),
    "user configure of a role's source": Command(
        "user configure dev-admin", role_of_other_settings
    ),
    "user configure --stdin": Command(
        "user configure dev-admin --stdin", of_other_settings, asks=False, stdin=FIELDS
    ),
    "user configure --stdin without keys": Command(
        "user configure dev-admin --stdin", nothing, asks=False, stdin=FIELDS
    ),
    "user configure --stdin with dead keys": Command(
        "user configure dev-admin --stdin", dead, asks=False, stdin=ANOTHER_DURATION
    ),
}
