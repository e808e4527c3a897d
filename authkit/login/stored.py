"""A login with credentials from the keyring: they are asked for, and replaced when refused.

What a new session is got with is the subclass's: ``login.user`` for an IAM user,
``authkit.kinds`` for a kind from elsewhere.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, ClassVar

from authkit.core import endings
from authkit.core.failures import KeyringTrouble, StateTrouble
from authkit.core.rules import Action
from authkit.login.keys import Keys
from authkit.login.recover import LoginFlow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from authkit.core.failures import CallFailed
    from authkit.core.identity import Identity
    from authkit.core.model import CachedSession, Values
    from authkit.core.ports import World
    from authkit.core.rules import Rule
    from authkit.login.recover import Obtain


class StoredFlow(LoginFlow):
    """One login with the fields of the keyring's entry."""

    def __init__(self, world: World, identity: Identity, *_: Obtain, direct: bool = True) -> None:
        super().__init__(world, identity, direct=direct)
        self.keys = Keys(world, identity, direct=direct)

    def made(self, cached: CachedSession) -> bool:
        """Tell whether a cached session came from the present keys and settings."""
        return self.identity.made(cached, self.keys.values)

    def keep(self, cached: CachedSession) -> bool:
        """Note that the keys were taken; where that cannot be, say so: the session is good."""
        marker = self.keys.marker(taken=True)
        super().keep(cached)
        try:
            self.world.markers.mark(self.identity.name, marker)
        except StateTrouble as trouble:
            self.world.screen.say(endings.skipped(trouble))
        return True

    def done(self, *, cut_off: bool = False) -> str:
        """Return what this run has done to the keyring."""
        return self.keys.done(cut_off=cut_off)

    def replace_keys(self, rule: Rule, trouble: CallFailed) -> None:
        """Remove the keys, keep the settings, and ask for new keys (B-L04, B-L05, B-L07, B-L09)."""
        attended = self.world.prompter is not None
        with self.world.keyring.alone() if attended else nullcontext():
            if self.keys.changed():  # other keys than were refused: they are tried
                self.forget()
                return
            if not attended:  # nobody could replace them, and they may be the only copy
                self.stop(rule, trouble)
            refused, meaning = self.keys.values, endings.meaning(rule, self.facts(trouble))
            try:
                self.keys.remove()
            except (KeyringTrouble, StateTrouble):
                self.show("keys-refused", meaning=meaning)
                raise  # it ends the run with what it is itself
        if self.keys.typed:
            self.spend(rule, trouble)
        self.show(rule.says, meaning=meaning)
        self.ask_keys(refused if rule.action is Action.REPLACE_SECRET else None)

    remedies: ClassVar[Mapping[Action, Callable[..., None]]] = {
        Action.REPLACE_KEYS: replace_keys,
        Action.REPLACE_SECRET: replace_keys,
    }

    def ask_keys(self, refused: Values | None = None) -> None:
        """Ask for keys and save them; of `refused` ones only the secret is wrong."""
        self.keys.ask(refused)
        self.forget()

    def forget(self) -> None:
        """Forget what was known of the former keys."""
        self.paused.clear()
