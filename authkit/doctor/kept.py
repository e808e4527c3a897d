"""Checks of what is kept on this machine: config file, state folder, keyring and its entry."""

from __future__ import annotations

import json
from contextlib import suppress
from functools import partial
from shlex import quote

from authkit import again
from authkit.core import durations, entries, regions
from authkit.core.config import lock_timeout
from authkit.core.failures import CANCELLED, Failure, KeyringTrouble, StateTrouble
from authkit.core.render import table_name, text
from authkit.doctor import shared
from authkit.doctor.examination import tried
from authkit.doctor.findings import TROUBLES, Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from authkit.core.ports import World
    from authkit.doctor.examination import Examination

# Of the probe, as messages name it: no identity's name has such a character (docs/contract.md,
# "Stored form").
PROBE = "probe!"
# The backend that AUTHKIT_KEYRING=file chooses, as markers name it.
_OWN_FILE = "authkit.adapters.encrypted_file.EncryptedFileKeyring"


def config_file(look: Examination) -> Iterator[Finding]:
    """Look at the config file."""
    found = look.config
    if isinstance(found, TROUBLES):
        yield look.trouble(found)
        return
    if found.found:
        names = ", ".join(found.identities) or "none"
        yield look.say("config-read", path=found.path, names=names)
    else:
        yield look.say("config-none", path=found.path)
    yield from shared.config_file(look, found.path)


def identity(look: Examination) -> Iterator[Finding]:
    """Look for the identity that is meant."""
    meant, root = look.resolved, look.root
    if isinstance(meant, StateTrouble) or isinstance(look.config, TROUBLES):
        return  # another check tells
    if isinstance(meant, TROUBLES):
        yield look.trouble(meant)
    elif root and root.name != meant.name:
        facts = {"identity": meant.name, "kind": meant.kind.name, "source": root.name}
        yield look.say("role-of", **facts)
    else:
        yield look.say("identity-known", identity=meant.name, kind=meant.kind.name)


def state_folder(look: Examination) -> Iterator[Finding]:
    """Look at the state folder, its folders, and the files of the identity."""
    world, who = look.world, look.identity
    reads: list[Callable[[World], object]] = [
        lambda world: world.sessions.names(),
        lambda world: world.markers.marked(),
        lambda world: world.notes.codes(),
    ]
    if who is not None:
        reads += [
            lambda world: world.sessions.read(who.name),
            lambda world: world.markers.read(who.name),
            lambda world: world.lock(who.name).holder(),
        ]
    found = [tried(partial(read, world)) for read in reads]
    troubles = {str(t): t for t in found if isinstance(t, TROUBLES)}
    for trouble in troubles.values():
        yield look.trouble(trouble)
    if not troubles:
        yield look.say("state-private")


def lock_patience(look: Examination) -> Iterator[Finding]:
    """Look at AUTHKIT_LOCK_TIMEOUT."""
    patience = tried(lambda: lock_timeout(look.world.environ))
    if isinstance(patience, TROUBLES):
        yield look.trouble(patience)
    else:
        yield look.say("lock-timeout", patience=durations.spell(patience))


def keyring(look: Examination) -> Iterator[Finding]:
    """Look at the keyring backend: which, chosen by what, and whether it encrypts."""

    def backend() -> Finding:
        at_hand = look.world.keyring
        if at_hand.in_the_clear:
            return look.say("backend-in-the-clear", backend=at_hand.backend)
        name = "backend-chosen" if at_hand.chosen_by else "backend-found"
        return look.say(name, backend=at_hand.backend, setting=at_hand.chosen_by)

    found = tried(backend)
    if isinstance(found, TROUBLES):
        yield look.trouble(found)
        return
    yield found
    if elsewhere := _elsewhere(look):
        yield elsewhere
    if look.options.probe:
        yield from _probed(look)


def _elsewhere(look: Examination) -> Finding | None:
    """Return the finding of keys that another backend keeps, as their marker tells."""
    root, world = look.root, look.world
    if root is None:
        return None
    theirs = getattr(tried(lambda: world.markers.read(root.name)), "backend", "")
    if theirs in {"", *world.keyring.backends}:
        return None
    command = "export AUTHKIT_KEYRING=file"
    if theirs != _OWN_FILE:
        command = f"export PYTHON_KEYRING_BACKEND={quote(theirs)}"
        if world.environ.get("AUTHKIT_KEYRING"):  # it is looked at first
            command = f"unset AUTHKIT_KEYRING; {command}"
    return look.say("keys-elsewhere", identity=root.name, backend=theirs, command=command)


def _probed(look: Examination) -> list[Finding]:
    """Return what comes of the probe.  Raises Failure for a Ctrl-C: it says what is left."""
    try:
        return _probe(look)
    except KeyboardInterrupt:
        command = again.line(look.options)
        raise Failure("cancelled", CANCELLED, done=_taken_back(look), command=command) from None


def _probe(look: Examination) -> list[Finding]:
    """Write an entry, read it back and remove it, while no other authkit writes."""
    at_hand, place, found = look.world.keyring, (entries.SERVICE, PROBE), list[Finding]()
    # Left behind by a crash it is an entry without keys, in the stored form.
    written = json.dumps({"version": entries.VERSION, "session_duration": "12h"})
    try:
        at_hand.unlock(writing=True)
        with at_hand.alone():
            try:
                at_hand.set_password(*place, written)
                if at_hand.get_password(*place) != written:
                    raise KeyringTrouble("not-kept", "what was written cannot be read back")
            finally:
                at_hand.delete_password(*place)
    except TROUBLES as trouble:
        found.append(look.trouble(trouble))
    if isinstance(tried(lambda: at_hand.get_password(*place)), str):
        found.append(look.say("probe-left", entry=PROBE, reason="it is still there"))
    return found or [look.say("probe-kept")]


def _taken_back(look: Examination) -> str:
    """Remove the probe's entry after a Ctrl-C; return what is to be said of it."""
    at_hand, place = look.world.keyring, (entries.SERVICE, PROBE)
    with suppress(*TROUBLES, KeyboardInterrupt):  # who presses it again has no time for this
        at_hand.delete_password(*place)
        if at_hand.get_password(*place) is None:
            return text("probe-taken-back")
    return text("probe-perhaps-left")


def entry(look: Examination) -> Iterator[Finding]:
    """Look at the keyring's entry: can it be read, and does it have keys."""
    root, found = look.root, look.entry
    if root is None:
        return
    if isinstance(found, TROUBLES):
        yield look.trouble(found)
    elif not entries.is_configured(root.kind, found):
        yield look.say("keys-none", identity=root.name)
    elif found.text("access_key_id").startswith("ASIA") or "session_token" in found:
        yield look.say("keys-of-a-session", access_key_id=found.text("access_key_id"))
    else:
        yield look.say("keys-stored", identity=root.name)


def device(look: Examination) -> Iterator[Finding]:
    """Look at the MFA device: its form is checked where it is read, its partition here."""
    root, serial = look.root, look.mfa_arn
    if root is None or "mfa_arn" not in {field.name for field in root.kind.fields}:
        return
    if not serial and isinstance(look.entry, TROUBLES):  # it may have one
        return
    theirs, ours = regions.partition_of_arn(serial), regions.partition(root.region)
    in_config = "mfa_arn" in root.settings
    where = {"table": table_name(root.name), "path": root.config_path}
    if theirs not in {"", ours}:
        facts = {"region": root.region, "mfa_arn": serial, "theirs": theirs, "ours": ours}
        if in_config:
            yield look.say("device-in-config-of-another-partition", **facts, **where)
        else:
            yield look.trouble(Failure("partition-mismatch", identity=root.name, done="", **facts))
    elif not serial:
        yield look.say("no-device")
    elif look.caller and theirs and serial.split(":")[4] != look.caller.account:
        name = "device-in-config-of-another-account" if in_config else "device-of-another-account"
        yield look.say(name, mfa_arn=serial, account=look.caller.account, **where)
    else:
        yield look.say("device", mfa_arn=serial)
