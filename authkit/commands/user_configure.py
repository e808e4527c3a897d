"""authkit user configure: an identity's fields, asked for or read, tried with STS, and saved."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar

from authkit.core import config, endings
from authkit.core.failures import Failure
from authkit.core.messages import CONFIGURE, CONFIGURE_AGAIN
from authkit.core.model import Secret, Values, hide
from authkit.core.render import fill, text
from authkit.core.rules import SPREADING, Action
from authkit.login import form
from authkit.login.flows import TRY
from authkit.login.keys import Keys
from authkit.login.lock import single_flight
from authkit.login.recover import KeysFlow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from authkit.arguments import Options
    from authkit.core.failures import CallFailed
    from authkit.core.identity import Identity
    from authkit.core.kinds import Field
    from authkit.core.ports import World
    from authkit.core.rules import Rule


def run(world: World, options: Options) -> int:
    """Save an identity's fields and drop the sessions of other keys (B-C01 to B-C03).

    Raises Failure, KeyringTrouble, StateTrouble.
    """
    identity = config.resolve(world, options.given, options.name)
    if not identity.kind.fields:
        facts = {"kind": identity.kind.name, "path": identity.config_path}
        raise Failure("nothing-to-configure", identity=identity.name, **facts)
    given = _read(world, identity) if options.stdin else None  # before any lock (B-A06)
    world.keyring.unlock(writing=True)
    with single_flight(world, identity.name):
        keys = Keys(world, identity, anew=True)
        verify = not options.no_verify
        trial = (
            Asked(world, identity, keys.values, verify=verify)
            if given is None
            else Given(world, identity, _merged(identity, keys.values, given), verify=verify)
        )
        taken = trial.run()
        keep = identity.keys_fingerprint(trial.values) == keys.fingerprint
        if keep and keys.changed():  # else older keys would be put in the place of newer ones
            raise Failure("not-kept-keys", identity=identity.name)
        keys.save(trial.values, taken=taken)
    return 0


class Trial(KeysFlow[bool]):
    """Fields that STS is asked about before they are saved; running it tells whether it took them.

    `values` are the fields so far.
    """

    command = CONFIGURE

    def __init__(self, world: World, identity: Identity, values: Values, *, verify: bool) -> None:
        super().__init__(world, identity)
        self.values = values
        self.verify = verify

    def attempt(self) -> bool:
        """Return whether AWS has taken the keys; other vendors' are not tried."""
        try_keys = TRY.get(self.identity.kind.name)
        if not self.verify or try_keys is None:
            return False
        self.show("verified", principal=try_keys(self, self.values))
        return True

    def done(self, *, cut_off: bool = False) -> str:  # noqa: ARG002 - nothing is ever half done
        """Return that nothing was saved."""
        return text("nothing-saved")

    @property
    def key_id(self) -> str:
        """The access key id that is tried."""
        return self.values.text("access_key_id")

    @property
    def mfa_arn(self) -> str:
        """The MFA ARN in force."""
        return self.identity.setting(self.values, "mfa_arn")

    def keys_are_spreading(self, trouble: CallFailed) -> bool:
        """Tell whether to wait for the keys: for all that is known they are new (B-L08)."""
        return self.pauses_left(trouble.operation, SPREADING)

    def save_unverified(self, rule: Rule, trouble: CallFailed) -> None:
        """Say why STS could not be asked; the next attempt does without."""
        self.show("not-verified", why=endings.why(rule, trouble))
        self.verify = False

    remedies: ClassVar[Mapping[Action, Callable[..., None]]] = {Action.WAIT: save_unverified}


class Asked(Trial):
    """Fields that a person is asked for; what is refused is asked for again (B-C01)."""

    def __init__(self, world: World, identity: Identity, values: Values, *, verify: bool) -> None:
        super().__init__(world, identity, values, verify=verify)
        self.prompter = form.somebody(world, "nobody-to-ask", identity=identity.name)
        self.fields = identity.asked()
        keeps = [text("keeps")] if values else []
        if hints := [*keeps, *identity.set_in_config()]:
            world.screen.say("\n".join(hints))

    def attempt(self) -> bool:
        """Ask for the fields that are to be asked, and try the keys."""
        if self.fields:
            answers = form.fill(self.fields, self.values, self.prompter, self.world.screen)
            asked = {field.name for field in self.fields}
            kept = {name: value for name, value in self.values.items() if name not in asked}
            self.values, self.fields = Values(kept | answers), []
            self.paused.clear()
        return super().attempt()

    def ask_again(self, rule: Rule, trouble: CallFailed) -> None:
        """Have the credentials asked for again, of a wrong secret only the secret."""
        self.show("refused-ask-again", meaning=fill(rule.meaning, **self.facts(trouble)))
        only_secret = rule.action is Action.REPLACE_SECRET
        self.fields = [f for f in self.identity.kind.credentials if f.secret or not only_secret]
        wrong = {field.name for field in self.fields}
        self.values = Values({n: v for n, v in self.values.items() if n not in wrong})

    remedies: ClassVar[Mapping[Action, Callable[..., None]]] = {
        **Trial.remedies,
        Action.REPLACE_KEYS: ask_again,
        Action.REPLACE_SECRET: ask_again,
    }


class Given(Trial):
    """Fields that are given as JSON on standard input; one left out stays as it is (B-C03)."""

    asks = False

    def stop(self, rule: Rule, trouble: CallFailed) -> None:
        """End it.  `login` would not ask for these keys, and the stored ones may be good."""
        if rule.action in {Action.REPLACE_KEYS, Action.REPLACE_SECRET}:
            rule = rule.replaced(hint=CONFIGURE_AGAIN, ending="refused")
        super().stop(rule, trouble)


def _read(world: World, identity: Identity) -> dict[str, str]:
    """Return the fields on standard input, without blanks at their ends.  Raises Failure."""
    try:
        given = json.loads(world.stdin().removeprefix("\ufeff"))  # a byte-order mark
    except (ValueError, RecursionError):  # bad UTF-8 is a ValueError too
        raise _not_fields(identity, "it is not JSON") from None
    if not isinstance(given, dict):
        raise _not_fields(identity, "it is not an object of texts")
    for name, value in given.items():
        if not isinstance(value, str):
            raise _not_fields(identity, f"{name} is not a text in quotes")
        if name not in {field.name for field in identity.kind.fields}:
            raise _not_fields(identity, f"there is no field {name}")
        if name in identity.settings:
            raise _not_fields(identity, f"{name} is set in {identity.config_path}")
    return {name: value.strip() for name, value in given.items()}


def _merged(identity: Identity, present: Values, given: dict[str, str]) -> Values:
    """Return the present fields and those that are given.  Raises Failure if one is invalid."""
    secret = {field.name for field in identity.kind.fields if field.secret}
    # A blank secret is the present one, if it belongs to these keys.
    given = {name: value for name, value in given.items() if value or name not in secret}
    keys_stay = all(
        given.get(f.name, present.get(f.name)) == present.get(f.name)
        for f in identity.kind.credentials
        if not f.secret
    )
    values = Values(present)
    for field in identity.kind.fields:
        if field.secret and not keys_stay:
            values.pop(field.name, None)
        if field.name in given:
            values[field.name] = _valid(field, given[field.name], identity)
    for field in identity.kind.credentials:
        if not values.get(field.name):
            raise _not_fields(identity, f"{field.name} is missing")
    return values.without_blanks()


def _valid(field: Field, value: str, identity: Identity) -> str | Secret:
    if field.secret:
        hide(value)
    if not value and not field.required:
        return ""
    try:
        return field.checked(value)
    except ValueError as error:
        raise _not_fields(identity, f"{field.name}: {error}") from None


def _not_fields(identity: Identity, reason: str) -> Failure:
    fields = ", ".join(field.name for field in identity.kind.fields)
    return Failure("stdin-not-fields", reason=reason, fields=fields)
