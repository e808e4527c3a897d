"""An identity's credentials while a command works on them: the keyring's entry, and the asking.

The entry in the keyring and the one in hand are changed together, so that a
crash or a cancelled prompt leaves the one or the other, never a mixture.
"""

from __future__ import annotations

from datetime import timedelta

from authkit.core import entries
from authkit.core.identity import access_keys
from authkit.core.messages import Failure
from authkit.core.model import Values
from authkit.core.ports import KeyringTrouble, StateTrouble
from authkit.core.render import text
from authkit.login import form

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from authkit.core.identity import Identity
    from authkit.core.model import AccessKeys, CachedSession
    from authkit.core.ports import Prompter, World

NEW = timedelta(minutes=1)  # keys that were saved less than this ago


class Credentials:
    """The keyring's entry of an identity, as it stands there.

    Making it raises KeyringTrouble; every change of the entry does too.
    """

    def __init__(self, world: World, identity: Identity) -> None:
        self.identity = identity
        self.typed = False  # the keys were typed in this run
        self._world = world
        self._values = entries.load(world.keyring, identity.kind, identity.name)
        self._gone: set[str] = set()  # fingerprints of the keys that this run removes
        self._removed = False  # and has, for all that is known
        self._unsure = False  # the keyring could not be looked into again
        self._device: str | None = None  # over the config file's, for this run only (B-L13)

    @property
    def keys(self) -> AccessKeys | None:
        """The keys, None when there are none: session credentials are as good as none (B-L17)."""
        if not entries.is_configured(self.identity.kind, self._values) or self._session_id():
            return None
        return access_keys(self._values)

    def are_new(self) -> bool:
        """Tell whether IAM may not have spread the keys yet (B-L08).

        They were typed just now, in this run, or in another in which AWS has not
        taken them.
        """
        if self.typed:
            return True
        try:
            untried = self._world.sessions.untried(self.identity.name)
        except StateTrouble:  # then they are as old as most keys are
            return False
        return untried is not None and abs(self._world.clock.now() - untried) < NEW

    def present_keys(self) -> AccessKeys:
        """Return the keys, where there must be some."""
        return access_keys(self._values)

    @property
    def source(self) -> str:
        """The fingerprint of the keys."""
        return self.identity.source(self._values)

    @property
    def mfa_arn(self) -> str:
        """The MFA ARN in force, "" for none."""
        if self._device is not None:
            return self._device
        return self.identity.setting(self._values, "mfa_arn")

    @property
    def duration(self) -> timedelta:
        """The session duration to ask for."""
        return self.identity.duration(self._values)

    def made(self, cached: CachedSession) -> bool:
        """Tell whether a cached session came from these keys and settings."""
        return self.identity.made(cached, self._values)

    def remove_keys(self) -> str:
        """Remove the keys, keep the settings (B-L04); return the access key id that went."""
        gone = self._values["access_key_id"]
        self._gone.add(self.source)
        self._store(entries.settings(self.identity.kind, self._values))
        self._removed = True
        return gone

    def ask_keys(self, key_id: str = "") -> None:
        """Ask for all fields but those that the config file sets, and save them (B-L02).

        `key_id` is the default for the access key id.  Raises Failure, Cancelled.
        """
        identity, screen = self.identity, self._world.screen
        if session_id := self._session_id():
            self.prompter("session-credentials-stored", access_key_id=session_id)
            screen.say(text("session-credentials", access_key_id=session_id))
        prompter = self.prompter("no-keys")
        required = text("credentials-required", vendor=identity.kind.vendor, identity=identity.name)
        screen.say("\n".join([required, *identity.set_in_config()]))
        present = entries.settings(identity.kind, self._values)
        present["access_key_id"] = key_id
        answers = form.fill(identity.asked(), present, prompter, screen)
        self._store({**identity.unasked(present), **answers})
        self.typed = True
        announce_saved(self._world, identity)

    def ask_device(self) -> None:
        """Ask for the MFA ARN, the present one as default, and save it (B-L13).

        Where the config file sets it, it holds for this run only.  Raises
        Failure, Cancelled.
        """
        identity, screen = self.identity, self._world.screen
        field = next(field for field in identity.kind.settings if field.name == "mfa_arn")
        set_in_config = field.name in identity.settings
        if set_in_config:
            where = {"identity": identity.name, "path": identity.config_path}
            screen.say(text("device-for-this-run", **where))
        answer = form.ask(field, self.mfa_arn, self.prompter("code-needed"), screen)
        if set_in_config:
            self._device = answer
            return
        self._store({**self._values, field.name: answer})
        if answer:
            screen.say(text("device-saved", identity=identity.name))
        else:
            screen.say(text("device-gone", identity=identity.name))

    def prompter(self, otherwise: str, **facts: object) -> Prompter:
        """Return somebody to ask.  Raises Failure, with this message, when not interactive."""
        if self._world.prompter is None:
            raise Failure(otherwise, identity=self.identity.name, **facts)
        return self._world.prompter

    def look_again(self) -> None:
        """Take the entry as it stands now: a write may have been cut off, effective or not."""
        try:
            self._values = entries.load(self._world.keyring, self.identity.kind, self.identity.name)
        except KeyringTrouble:
            self._unsure = True

    def done(self) -> str:
        """Return what this run has done to the keyring (B-A04, B-L06)."""
        there = {self.source} if entries.is_configured(self.identity.kind, self._values) else set()
        removed = self._removed or bool(self._gone - there)
        if self._unsure:
            return text("stopped")
        if self.keys:
            keys = text("removed-and-replaced" if removed else "nothing-removed")
            return f"{keys} {text('no-session-made')}"
        if not removed:
            return text("nothing-changed")
        titles = [f.title for f in self.identity.kind.settings if f.name in self._values]
        kept = [text("settings-remain", kept=" and ".join(titles))] if titles else []
        return " ".join([text("removed-refused"), *kept])

    def _session_id(self) -> str:
        key_id = self._values.get("access_key_id", "")
        return key_id if key_id.startswith("ASIA") or "session_token" in self._values else ""

    def _store(self, values: Mapping[str, str]) -> None:
        entries.save(self._world.keyring, self.identity.kind, self.identity.name, values)
        self._values = Values({name: value for name, value in values.items() if value})


def announce_saved(world: World, identity: Identity, *, taken: bool = False) -> None:
    """Mark the identity as one with keys, and say that they were saved, and how (B-S05).

    `taken`: AWS has taken them already.
    """
    world.sessions.mark(identity.name, None if taken else world.clock.now())
    said: str = text("saved", identity=identity.name)
    if world.keyring.in_the_clear:
        said = f"{said}\n{text('saved-in-the-clear', backend=world.keyring.backend)}"
    world.screen.say(said)
