"""authkit user configure: an identity's fields, asked for or read, tried with STS, and saved."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from authkit import again
from authkit.codes import devices
from authkit.core import config, markers
from authkit.core.failures import USAGE, Failure, KeyringTrouble
from authkit.core.identity import access_keys
from authkit.core.messages import CONFIGURE, CONFIGURE_AGAIN, CONFIGURE_HINTS, LOGIN
from authkit.core.model import Secret, Values, hide
from authkit.core.render import table_name, text, typed
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

_MFA_ARN = "mfa_arn"


def run(world: World, options: Options) -> int:
    """Save an identity's fields and drop the sessions of other keys (B-C01 to B-C03).

    Raises Failure, KeyringTrouble, StateTrouble.
    """
    identity = config.resolve(world, options.given)
    if not identity.kind.fields:
        command = again.without_identity(options, "user configure")
        facts = {"kind": identity.kind.name, "path": identity.config_path, "command": command}
        raise Failure("nothing-to-configure", identity=identity.name, **facts)
    config.lock_timeout(world.environ)  # a wrong one is told before anything is asked
    given = _read(world, identity) if options.stdin else None  # before any lock (B-A06)
    world.keyring.unlock(writing=True, notice=partial(markers.elsewhere, world, identity.name))
    with single_flight(world, identity.name):
        keys = Present(world, identity)
        verify = not options.no_verify
        if given is None:
            trial: Trial = Asked(world, keys, keys.values, verify=verify)
        else:
            trial = Given(world, keys, _merged(identity, keys.values, given), verify=verify)
        taken = trial.run()
        keep = identity.keys_fingerprint(trial.values) == keys.fingerprint
        with world.keyring.alone():
            if keep and keys.changed():  # else older keys would be put in the place of newer ones
                raise Failure("not-kept-keys", identity=identity.name)
            keys.save(trial.values, taken=taken)
    return 0


class Present(Keys):
    """The entry that is going to be replaced: of its fields only those that could be answers count.

    One that cannot be understood counts as empty (B-S04).
    """

    def __init__(self, world: World, identity: Identity) -> None:
        super().__init__(world, identity)
        fields = {field.name: field for field in identity.kind.fields}
        loaded = self.values.items()
        self.values = Values({n: v for n, v in loaded if n in fields and _takes(fields[n], v)})

    def loaded(self) -> Values:
        """Return the fields of the entry, none of one that cannot be understood."""
        try:
            return super().loaded()
        except KeyringTrouble as trouble:
            if trouble.state not in {"corrupt", "later-version"}:
                raise
            return Values()


def _takes(field: Field, value: str | Secret) -> bool:
    """Tell whether a stored value is valid as an answer: a session's is not (B-L17)."""
    try:
        field.validator(value.reveal() if isinstance(value, Secret) else value)
    except ValueError:
        return False
    return True


class Trial(KeysFlow[bool]):
    """Fields that STS is asked about before they are saved; running it tells whether it took them.

    `values` are the fields so far, `keys` the entry that they are going to replace.
    """

    command, hints = CONFIGURE, CONFIGURE_HINTS

    def __init__(self, world: World, keys: Present, values: Values, *, verify: bool) -> None:
        super().__init__(world, keys.identity)
        self.keys = keys
        self.values = values
        self.verify = verify

    def attempt(self) -> bool:
        """Return whether the vendor has taken the keys; not every kind's are tried."""
        try_keys = TRY.get(self.identity.kind.name, self.identity.kind.tries)
        if not self.verify or try_keys is None:
            return False
        principal = try_keys(self, self.values)
        self.show("verified", vendor=self.identity.kind.vendor, principal=principal)
        self.offer_devices()
        while reason := self.wrong_device(principal):
            if _MFA_ARN in self.identity.settings:
                where = f"{table_name(self.identity.name)}.{_MFA_ARN}"
                facts = {"path": self.identity.config_path, "where": where, "reason": reason}
                raise Failure("config-wrong", USAGE, **facts)
            self.replace_device(reason)
            self.check_partition()
        return True

    def wrong_device(self, principal: str) -> str:
        """Return why an MFA device cannot be this principal's, "" when it can."""
        ours, theirs = (arn.split(":")[4:5] for arn in (principal, self.mfa_arn))
        if not theirs or theirs == ours:  # a hardware token's serial number names no account
            return ""
        return f"{self.mfa_arn} is of the account {theirs[0]}, and these keys are of {ours[0]}"

    def stop(self, rule: Rule, trouble: CallFailed) -> None:
        """End it; what goes on is this command, not a login: nothing was saved."""
        hint = self.hints.get(rule.name) or rule.hint.replace(LOGIN, self.command)
        super().stop(rule.replaced(hint=hint), trouble)

    def offer_devices(self) -> None:
        """Offer MFA devices to a person who has left the ARN out.  Raises Failure, Cancelled."""

    def replace_device(self, reason: str) -> None:
        """Have another MFA ARN than the wrong one.  Raises Failure, Cancelled."""
        raise NotImplementedError

    def done(self, *, cut_off: bool = False) -> str:  # noqa: ARG002 - nothing is ever half done
        """Return that nothing was saved."""
        return text("nothing-saved")

    def fields(self) -> Values:
        """Return the fields that are tried."""
        return self.values

    def keys_are_spreading(self, trouble: CallFailed) -> bool:
        """Tell whether to wait for the keys: for all that is known they are new (B-L08)."""
        return self.pauses_left(trouble.operation, SPREADING)

    def keys_were_never_taken(self, _trouble: CallFailed) -> bool:
        """Tell whether they are other keys than the entry's, or AWS has not taken those (B-L07)."""
        others = self.identity.keys_fingerprint(self.values) != self.keys.fingerprint
        return others or self.keys.noted.untried is not None

    def save_unverified(self, rule: Rule, trouble: CallFailed) -> None:
        """Say why STS could not be asked; the next attempt does without."""
        self.show("not-verified", why=self.meaning(rule, trouble))
        self.verify = False

    remedies: ClassVar[Mapping[Action, Callable[..., None]]] = {Action.WAIT: save_unverified}


class Asked(Trial):
    """Fields that a person is asked for; what is refused is asked for again (B-C01)."""

    def __init__(self, world: World, keys: Present, values: Values, *, verify: bool) -> None:
        super().__init__(world, keys, values, verify=verify)
        self.prompter = form.somebody(world, "nobody-to-ask", identity=self.identity.name)
        self.wanted = self.identity.asked()
        keys.offer_devices = True  # until it was asked which; keys that are not tried are saved so
        near = markers.nearest(world, keys.config, self.identity.name)
        new = [text("new-here", identity=self.identity.name, near=near)] if near else []
        if hints := [*new, *config.hints(self.identity, values)]:
            world.screen.say("\n".join(hints))

    def attempt(self) -> bool:
        """Ask for the fields that are to be asked, and try the keys."""
        if self.wanted:
            screen = self.world.screen
            self.values = form.fill(self.wanted, self.values, self.prompter, screen)
            self.wanted = []
            self.paused.clear()
        return super().attempt()

    def offer_devices(self) -> None:
        """Offer those that IAM lists; the one that is chosen is saved with the other fields."""
        if self.mfa_arn or all(field.name != _MFA_ARN for field in self.identity.asked()):
            return
        keys = access_keys(self.values)
        device = devices.chosen(self.world, self.region, keys, form.ask)
        self.keys.offer_devices = False
        if device:
            self.values = Values({**self.values, _MFA_ARN: device})
            self.check_partition()

    def replace_device(self, reason: str) -> None:
        """Ask for the MFA ARN again."""
        self.show("answer-refused", reason=reason)
        field = next(field for field in self.identity.kind.fields if field.name == _MFA_ARN)
        answer = form.ask(field, "", self.prompter, self.world.screen)
        self.values = Values({**self.values, _MFA_ARN: answer}).without_blanks()

    def ask_again(self, rule: Rule, trouble: CallFailed) -> None:
        """Have the credentials asked for again, of a wrong secret only the secret."""
        self.show("refused-ask-again", meaning=self.meaning(rule, trouble))
        only_secret = rule.action is Action.REPLACE_SECRET
        self.wanted = [f for f in self.identity.kind.credentials if f.secret or not only_secret]
        wrong = {field.name for field in self.wanted}
        self.values = Values({n: v for n, v in self.values.items() if n not in wrong})

    remedies: ClassVar[Mapping[Action, Callable[..., None]]] = {
        **Trial.remedies,
        Action.REPLACE_KEYS: ask_again,
        Action.REPLACE_SECRET: ask_again,
    }


class Given(Trial):
    """Fields that are given as JSON on standard input; one left out stays as it is (B-C03)."""

    asks = False

    def replace_device(self, reason: str) -> None:
        """End it: the fields have to be set right."""
        raise _not_fields(self.identity, f"{_MFA_ARN}: {reason}")

    def stop(self, rule: Rule, trouble: CallFailed) -> None:
        """End it.  `login` would not ask for these keys, and the stored ones may be good."""
        if rule.action in {Action.REPLACE_KEYS, Action.REPLACE_SECRET}:
            rule = rule.replaced(hint=CONFIGURE_AGAIN, ending="refused")
        super().stop(rule, trouble)


def _read(world: World, identity: Identity) -> Values:
    """Return the fields on standard input as they are to be kept.  Raises Failure."""
    try:
        written = world.stdin()
        if not written.strip():
            raise _not_fields(identity, "nothing was given")
        given = json.loads(written)
    except (ValueError, RecursionError):  # bad UTF-8 is a ValueError too
        raise _not_fields(identity, "it is not JSON") from None
    if not isinstance(given, dict):
        raise _not_fields(identity, "it is not an object of texts")
    fields = {field.name: field for field in identity.kind.fields}
    for name, value in given.items():
        if not isinstance(value, str):
            raise _not_fields(identity, f"{name} is not a text in quotes")
        if name not in fields:
            raise _not_fields(identity, f"there is no field {name}")
        if name in identity.settings:
            raise _not_fields(identity, f"{name} is set in {identity.config_path}")
    texts = {name: typed(value) for name, value in given.items()}
    # A blank secret is the present one, if it belongs to these keys.
    given = {name: text for name, text in texts.items() if text or not fields[name].secret}
    return Values({name: _valid(fields[name], text, identity) for name, text in given.items()})


def _merged(identity: Identity, present: Values, given: Values) -> Values:
    """Return the present fields and those that are given.  Raises Failure if one is missing."""
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
            values[field.name] = given[field.name]
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
