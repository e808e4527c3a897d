"""user configure: an identity's fields, asked for or read, checked and saved."""

from __future__ import annotations

import json

from authkit.core import config, entries, regions, render, rules, sessions
from authkit.core.identity import access_keys
from authkit.core.kinds import AWS_USER
from authkit.core.messages import CANCELLED, CONFIGURE, CONFIGURE_AGAIN, Failure
from authkit.core.model import Secret, Value, Values
from authkit.core.ports import Cancelled, KeyringTrouble, Refused, Unreachable
from authkit.core.render import fill, text
from authkit.core.rules import Action
from authkit.login import form
from authkit.login.keys import announce_saved
from authkit.login.patience import Patience, single_flight
from authkit.login.user import check_partition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from authkit.core.identity import Identity
    from authkit.core.kinds import Field
    from authkit.core.ports import Prompter, World
    from authkit.core.rules import Rule


def configure(world: World, identity: Identity, *, from_stdin: bool, verify: bool) -> int:
    """Save an identity's fields and drop a session of other keys (B-C01 to B-C03).

    Raises Failure, KeyringTrouble, StateTrouble.
    """
    if not identity.kind.fields:
        facts = {"kind": identity.kind.name, "path": identity.config_path}
        raise Failure("nothing-to-configure", identity=identity.name, **facts)
    with single_flight(world, identity.name):
        present = _present(world, identity)
        gather = _read if from_stdin else _ask
        values, taken = gather(world, identity, present, verify=verify)
        entries.save(world.keyring, identity.kind, identity.name, values)
        announce_saved(world, identity, taken=taken)
        cached = sessions.load(world, identity.name)
        if cached and not identity.made(cached, values):
            _drop(world, identity.name)
        for role in config.read(world.config).reached_from(identity.name):
            cached = sessions.load(world, role.name)
            if cached and cached.source != identity.source(values):
                _drop(world, role.name)
    return 0


def _drop(world: World, name: str) -> None:
    world.sessions.drop(name)
    world.screen.say(text("session-of-others", identity=name))


def _present(world: World, identity: Identity) -> Values:
    """Return what is there; what cannot be understood is written anew, as was asked (B-S04)."""
    try:
        values = entries.load(world.keyring, identity.kind, identity.name)
    except KeyringTrouble as trouble:
        if trouble.state not in {"corrupt", "later-version"}:
            raise
        return Values()
    fields = {field.name: field for field in identity.kind.fields}
    return Values({n: v for n, v in values.items() if n in fields and _will_do(fields[n], v)})


def _will_do(field: Field, value: str) -> bool:
    """Tell whether a stored value is worth keeping: session credentials are not (B-L17)."""
    try:
        field.validator(value)
    except ValueError:
        return False
    return True


class Trial(Value):
    """What STS says of keys: whether it took them, and what it has against them if it did not."""

    taken: bool
    refusal: Rule | None = None
    facts: Mapping[str, object] = Values()


def _ask(world: World, identity: Identity, present: Values, *, verify: bool) -> tuple[Values, bool]:
    """Ask for the fields until STS takes them; only what was refused is asked for again.

    Return them, and whether STS took them.
    """
    if world.prompter is None:
        raise Failure("nobody-to-ask", identity=identity.name)
    keeps = [text("keeps")] if present else []
    if hints := [*keeps, *identity.set_in_config()]:
        world.screen.say("\n".join(hints))
    values, fields = present, identity.asked()
    try:
        while True:
            values = _answered(world.prompter, world, fields, values)
            trial = _tried(world, identity, values) if verify else Trial(taken=False)
            if trial.refusal is None:
                return values, trial.taken
            wrong = _WRONG.get(trial.refusal.action)
            if wrong is None:
                raise rules.ending(trial.refusal, trial.facts, done=text("nothing-saved"))
            meaning = fill(trial.refusal.meaning, **trial.facts)
            world.screen.say(text("refused-ask-again", meaning=meaning))
            fields = [field for field in identity.kind.fields if field.name in wrong]
            values = Values({k: v for k, v in values.items() if k not in wrong})
    except (Cancelled, KeyboardInterrupt):
        command = fill(CONFIGURE, identity=identity.name)
        raise Failure(
            "cancelled", CANCELLED, done=text("nothing-changed"), command=command
        ) from None


# The fields that a refusal is about: they are asked for again.
_WRONG = {
    Action.REPLACE_KEYS: ("access_key_id", "secret_access_key"),
    Action.REPLACE_SECRET: ("secret_access_key",),
}


def _answered(prompter: Prompter, world: World, fields: list[Field], values: Values) -> Values:
    """Return `values` with the fields replaced by what is answered now, or gone if cleared."""
    answers = form.fill(fields, values, prompter, world.screen)
    asked = {field.name for field in fields}
    return Values({k: v for k, v in values.items() if k not in asked} | answers)


def _read(
    world: World, identity: Identity, present: Values, *, verify: bool
) -> tuple[Values, bool]:
    """Read the fields as JSON from standard input; a field left out stays as it is (B-C03).

    Return them, and whether STS took them.
    """
    given = {name: value.strip() for name, value in _object(world, identity).items()}
    for field in identity.kind.fields:
        if field.secret and not given.get(field.name, "-"):
            del given[field.name]  # a blank one is the present one, if it fits
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
    values = Values({name: value for name, value in values.items() if value})
    trial = _tried(world, identity, values) if verify else Trial(taken=False)
    if rule := trial.refusal:
        if rule.action in _WRONG:  # login would not ask for them: what is stored may be good
            rule = rule.replaced(hint=CONFIGURE_AGAIN)
        raise rules.ending(rule, trial.facts, done=text("nothing-saved"))
    return values, trial.taken


def _object(world: World, identity: Identity) -> dict[str, str]:
    try:
        given = json.loads(world.stdin())
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
    return given


def _valid(field: Field, value: str, identity: Identity) -> str:
    if field.secret:
        Secret(value)  # from here on `masked` knows it
    if not value and not field.required:
        return ""
    try:
        return field.validator(value)
    except ValueError as error:
        raise _not_fields(identity, f"{field.name}: {error}") from None


def _tried(world: World, identity: Identity, values: Values) -> Trial:
    """Try the keys.  Raises Failure when they cannot be of the region's partition."""
    if identity.kind.name != AWS_USER.name:
        return Trial(taken=False)  # STS has nothing to say of other vendors' credentials
    check_partition(identity, identity.setting(values, "mfa_arn"), done=text("nothing-saved"))
    region, patience = regions.preflight(identity.region), Patience(world)
    while True:
        try:
            caller = world.sts(region).get_caller_identity(access_keys(values))
        except Unreachable as trouble:
            if not patience.waited(trouble):
                world.screen.say(text("not-verified", why=render.unreachable(trouble)))
                return Trial(taken=False)
        except Refused as refused:
            rule = rules.meaning(refused, region)
            if patience.waited(refused, rule, lambda: True):
                continue
            if rule.action is not Action.WAIT:
                return Trial(taken=False, refusal=rule, facts=_facts(identity, refused, values))
            world.screen.say(text("not-verified", why=rules.trouble(rule, refused)))
            return Trial(taken=False)
        else:
            world.screen.say(text("verified", principal=caller.arn))
            return Trial(taken=True)


def _facts(identity: Identity, refused: Refused, values: Values) -> dict[str, object]:
    key_id = values["access_key_id"]
    facts = rules.facts(refused, identity.name, identity.region, key_id, principal=key_id)
    return {**facts, "mfa_arn": identity.setting(values, "mfa_arn")}


def _not_fields(identity: Identity, reason: str) -> Failure:
    fields = ", ".join(field.name for field in identity.kind.fields)
    return Failure("stdin-not-fields", reason=reason, fields=fields)
