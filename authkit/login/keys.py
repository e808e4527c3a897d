"""The keys of a run: one object owns the keyring's entry while a command works on it.

It loads the entry, replaces it, has it read back, and knows what was done to it.
The entry in the keyring and the fields in hand change together, so that a crash
or a cancelled prompt leaves the old entry or the new one, never a mixture.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from functools import cached_property

from authkit.core import config, entries, markers, sessions
from authkit.core.endings import ended_by
from authkit.core.failures import KeyringTrouble, StateTrouble
from authkit.core.messages import MESSAGES
from authkit.core.model import Marker, Values
from authkit.core.render import Template, table_name, text
from authkit.login import form

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from authkit.core.identity import Identity
    from authkit.core.model import CachedSession
    from authkit.core.ports import World

NEW = timedelta(minutes=1)  # keys that were saved less than this ago may not have spread yet


class Keys:
    """The fields of an identity's entry, as it stands in the keyring.

    `direct` tells that the person asked for a login of this identity, and not of a role that
    is reached from it.  Making it and every change of the entry raise KeyringTrouble.
    """

    def __init__(self, world: World, identity: Identity, *, direct: bool = True) -> None:
        self.identity = identity
        # Whether the keys were typed in this run, and the next marker says to ask for a device.
        self.typed = self.offer_devices = False
        self._world, self._began = world, world.clock.now() - world.clock.elapsed()
        # Whether this run has removed keys; the fingerprint of those whose removal has begun.
        self._removed, self._leaving = False, ""
        # Read before anything is done: a config file that cannot be read changes nothing.
        self.config = config.read(world.config)
        self._roles = self.config.reached_from(identity.name)
        self._role = self._roles and not direct
        self._known = [self.loaded()]  # the entry, and each write
        self.values = self._known[0]

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the keys, "" when there are none."""
        return self.identity.keys_fingerprint(self.values)

    @property
    def usable(self) -> bool:
        """Whether there are keys.  Session credentials count as none (B-L17)."""
        return bool(self.fingerprint) and not self._session_id()

    @cached_property
    def noted(self) -> Marker:
        """The marker.  Without one the keys count as old, and as taken by AWS."""
        with suppress(StateTrouble):
            return self._world.markers.read(self.identity.name) or Marker()
        return Marker()

    def are_new(self) -> bool:
        """Tell whether IAM may not have spread the keys yet (B-L08).

        They may have been saved by a clock that was put right since, and in AWS's time where this
        run's clock is behind it (B-L10): an instant to come is as good as now.
        """
        clock, since = self._world.clock, self.noted.untried
        nows = (clock.now(), self._began + clock.elapsed())
        return since is not None and any(now - since < NEW for now in nows)

    def loaded(self) -> Values:
        """Return the fields of the entry as it is now."""
        return entries.load(self._world.keyring, self.identity.kind, self.identity.name)

    def changed(self) -> bool:
        """Read the entry again; tell, and say, whether another process has put other keys there.

        They may be good: only keys that AWS has refused are ever removed or replaced unasked.
        """
        before = self.fingerprint
        self._known.append(self.loaded())
        self.values = self._known[-1]
        if self.fingerprint == before:
            return False
        self.typed = False
        vars(self).pop("noted", None)  # it may have changed too
        said = "keys-changed" if self.fingerprint else "keys-vanished"
        self._world.screen.say(text(said, identity=self.identity.name))
        self._drop_unfit(self.values)
        return True

    def remove(self) -> None:
        """Remove the keys, keep the settings (B-L04).

        Only where `changed` has returned False and nobody else writes since: what is removed
        is what was refused.
        """
        self._leaving = self.fingerprint
        self.store(entries.settings(self.identity.kind, self.values))
        self._removed = True
        self._drop_unfit(self.values)
        with suppress(StateTrouble):  # the keys are removed; `list --check` still tells
            self._world.markers.mark(self.identity.name, Marker(gone=True))

    def save(self, values: Values, *, taken: bool = False) -> None:
        """Replace the entry, mark the identity as one with keys, and say so (B-S05).

        `taken` tells whether AWS has taken the keys already.  Raises Failure.
        """
        keyring = self._world.keyring
        try:
            self.store(values)
            self._world.markers.mark(self.identity.name, self.marker(taken=taken))
            self._drop_unfit(values)
            said: str = text("saved", identity=self.identity.name)
            if keyring.in_the_clear:
                said = f"{said}\n{text('saved-in-the-clear', backend=keyring.backend)}"
        except (KeyringTrouble, StateTrouble) as trouble:
            raise ended_by(trouble, done=self._written()) from trouble
        self._world.screen.say(said)

    def store(self, values: Values) -> None:
        """Replace the entry.  No session outlives the keys and settings that it came from (B-S03).

        Where no other process writes (``ports.Keyring.alone``) a role's login keeps none
        meanwhile (``RoleFlow.keep``).
        """
        self._known.append(values.without_blanks())
        self._drop_unfit(self._known[-1])
        entries.save(self._world.keyring, self.identity.name, values)
        self.values = self._known[-1]

    def marker(self, *, taken: bool) -> Marker:
        """Return what marks the identity as one with keys: where, since when, and what is open.

        `taken` tells whether AWS has taken them.  Raises KeyringTrouble.
        """
        untried = None if taken else self._world.clock.now()
        self.noted = Marker(self._world.keyring.backend, untried, offer_devices=self.offer_devices)
        return self.noted

    def ask(self, refused: Values | None = None) -> None:
        """Ask for all fields but those that the config file sets, and save them (B-L02).

        Of keys whose secret alone was `refused`, all else is a default.  Raises Failure,
        Cancelled, StateTrouble.
        """
        identity, world, name = self.identity, self._world, self.identity.name
        known = self.values or self._leaving or world.keyring.noticed
        if session_id := self._session_id():
            facts = {"access_key_id": session_id}
            form.somebody(world, "session-credentials-stored", identity=name, **facts)
            world.screen.say(text("session-credentials", **facts))
        elif not known and (kept := markers.elsewhere(world, name)):
            world.screen.say(kept)
        elif not known and (near := markers.nearest(world, self.config, name)):
            world.screen.say(text("new-here", identity=name, near=near))
        prompter = form.somebody(world, "no-keys", identity=name)
        required = text("credentials-required", vendor=identity.kind.vendor, identity=name)
        present = entries.settings(identity.kind, self.values)
        if refused:
            present |= {f.name: refused[f.name] for f in identity.kind.credentials if not f.secret}
        world.screen.say("\n".join([required, *config.hints(identity, present)]))
        values = form.fill(identity.asked(), present, prompter, world.screen)
        with world.keyring.alone():
            if self.changed() and self.usable:
                return  # another process has put keys there while the person typed
            self.typed = self.offer_devices = True
            self.save(values)

    def ask_device(self) -> None:
        """Ask for the MFA ARN, the present one as default, and save it (B-L13).

        If the config file sets it, the answer holds for this run only: it is a setting
        of `identity` from then on.  Raises Failure, Cancelled.
        """
        identity, screen = self.identity, self._world.screen
        field = next(field for field in identity.kind.settings if field.name == "mfa_arn")
        set_in_config = field.name in identity.settings
        if set_in_config:
            path = identity.config_path
            screen.say(text("device-for-this-run", table=table_name(identity.name), path=path))
        prompter = form.somebody(self._world, "device-needed", identity=identity.name)
        answer = form.ask(field, identity.setting(self.values, field.name), prompter, screen)
        if set_in_config:
            self.identity = identity.replaced(settings={**identity.settings, field.name: answer})
            return
        with self._world.keyring.alone():
            self.changed()
            self.store(Values({**self.values, field.name: answer}))
        screen.say(text("device-saved" if answer else "device-gone", identity=identity.name))

    def done(self, *, cut_off: bool = False) -> str:
        """Return what this run has done to the keyring (B-A04, B-L06).

        After `cut_off` it is unknown whether the last write happened: the entry is
        loaded again.
        """
        if cut_off:
            try:
                self.values = self.loaded()
            except KeyringTrouble:
                return text("stopped")
            if self.values not in self._known:  # a backend that failed half-way
                return text("entry-lost", identity=self.identity.name)
        removed = self._removed or self._leaving not in {"", self.fingerprint}
        if self.usable:
            keys = text("removed-and-replaced" if removed else "nothing-removed")
            no_session = MESSAGES["no-session-kept"] if cut_off else MESSAGES["no-session-made"]
            return Template(f"{keys} {no_session}")
        # A session may be dropped for keys that another process took away, or a role's login have
        # made one before.
        if not removed:
            return text("nothing-removed" if self._known[1:] or self._role else "nothing-changed")
        titles = [f.title for f in self.identity.kind.settings if f.name in self.values]
        kept = [text("settings-remain", kept=" and ".join(titles))] if titles else []
        return " ".join([text("removed-refused"), *kept])

    def _written(self) -> str:
        """Return what became of a write that failed: loaded again, the entry tells."""
        done = self.done(cut_off=True)
        if self._leaving or self.values not in self._known or done == text("stopped"):
            return done
        kept = "nothing-saved" if self.values == self._known[0] else "keys-not-saved"
        saved = "saved-unmarked" if self.values == self._known[-1] else kept
        return text(saved, identity=self.identity.name)

    def _session_id(self) -> str:
        """Return the id of session credentials in the entry, "" when it holds none."""
        key_id = self.values.text("access_key_id")
        return key_id if key_id.startswith("ASIA") or "session_token" in self.values else ""

    def _drop_unfit(self, values: Values) -> None:
        keys = self.identity.keys_fingerprint(values)
        drop_unfit(self._world, [self.identity], lambda own: self.identity.made(own, values))
        drop_unfit(self._world, self._roles, lambda cached: cached.keys == keys)


def drop_unfit(
    world: World, owners: Iterable[Identity], fits: Callable[[CachedSession], bool]
) -> None:
    """Drop the sessions of these identities that do not fit (B-S03).

    Says so of one that could still be used.  Raises StateTrouble.
    """
    for owner in owners:
        cached = sessions.load(world, owner.name, quiet=True)  # a corrupt one is never handed out
        if cached is None or fits(cached):
            continue
        # A role's login may be writing its own: who changes keys does not have its lock.
        world.sessions.drop(owner.name, draft=bool(owner.kind.credentials))
        if cached.left(world.clock.time()) > 0:
            world.screen.say(text("session-of-others", identity=owner.name))
