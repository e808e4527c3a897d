"""What becomes of each identity that was found, and what it would be in the place of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authkit.core import config, entries, render
from authkit.core.failures import Failure, KeyringTrouble
from authkit.core.identity import Identity
from authkit.core.kinds import AWS_USER
from authkit.core.model import DEFAULT_REGION, Value, Values
from authkit.core.render import Visible
from authkit.importing import config_tables
from authkit.importing.found import NotTaken

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from authkit.core.config import Config
    from authkit.core.ports import ConfigText, World
    from authkit.importing.found import Found

NO_ENTRY = {"corrupt", "later-version"}  # troubles with what stands in an entry


class Step(Value):
    """One identity to import.

    `identity` is as it is going to be, and `values` its entry in the keyring.  `before` tells the
    entry that it has there now from others (`entry_now`).  `differs` says, as clauses, what there
    is of it already that is something else: that is never replaced unasked.
    """

    found: Found
    identity: Identity
    values: Values
    before: str
    saves: bool  # whether its entry has to be written
    writes: bool  # whether its table in the config file has to be written
    differs: tuple[str, ...]

    @property
    def name(self) -> str:
        """The identity's name."""
        return self.found.name

    @property
    def table(self) -> Mapping[str, str]:
        """Its table in the config file."""
        return {"kind": self.identity.kind.name, **self.identity.settings}


def step(world: World, known: Config, found: Found) -> Step:
    """Return what is to be done for an identity.  Raises KeyringTrouble, StateTrouble."""
    there = known.identities.get(found.name)
    differs: list[str] = []
    if there and there.kind is not found.kind:
        differs = [f"it is of the kind {render.provider(there.kind.name)}"]
        there = None
    elif there:
        differs = _settings_differ(there.settings, found.settings)
    elif not found.kind.fields and found.name in world.markers.marked():
        differs = ["it has keys in the keyring"]
    settings = {**(there.settings if there else {}), **found.settings}
    region = settings.get("region", DEFAULT_REGION)
    identity = Identity(found.name, found.kind, region, settings, known.path)
    present, before, said = _entry(world, identity)
    keys = identity.keys_fingerprint(found.values)
    device, wanted = identity.setting(present, "mfa_arn"), found.values.text("mfa_arn")
    if present and before not in {"", keys}:
        said.append(f"its access key is {present.text('access_key_id')}")
        fields = (f for f in found.kind.settings if f.name not in found.values)
        going = [f"{f.title} {present.text(f.name)}" for f in fields if present.get(f.name)]
        if going:
            said.append(f"its {' and '.join(going)} would go")
        present = Values()
    elif device and wanted not in {"", device}:
        said.append(f"its MFA ARN is {device}")
    values = Values({**present, **found.values})
    return Step(
        found=found,
        identity=identity,
        values=values,
        before=before,
        saves=values != present,
        writes=there is None or there.settings != settings,
        differs=(*differs, *said),
    )


def fitting(
    steps: Iterable[Step], content: bytes, text: ConfigText
) -> tuple[list[Step], list[NotTaken]]:
    """Return the steps with which the config file is one that authkit takes, and the others.

    `content` is what was read of it.  Raises Failure (2) where it is refused without them.
    """
    config.parse(content, text.path, text.kind)
    fit, not_taken = [*steps], []
    while True:
        try:
            config_tables.written(content, tables(fit), text.path, text.kind)
        except Failure as failure:
            where = str(failure.values.get("where", ""))
            wrong = next((s for s in fit if _is_of(where, s.name)), None)
            if wrong is None:
                raise
            reason = f"{where.rpartition('.')[2]}: {failure.values['reason']}"
            not_taken.append(NotTaken(wrong.name, reason, wrong=True))
            fit.remove(wrong)
            fit, others = reached(fit, {wrong.name})
            not_taken += others
        else:
            return fit, not_taken


def reached(steps: Iterable[Step], without: Iterable[str]) -> tuple[list[Step], list[NotTaken]]:
    """Return the steps that can be taken without these identities, and the roles that cannot."""
    missing, fit, not_taken = {*without}, list[Step](), list[NotTaken]()
    for one in steps:  # a source stands before its roles
        source = one.identity.settings.get("source", "")
        if source in missing:
            missing.add(one.name)
            not_taken.append(NotTaken(one.name, f"its source {source} is not imported", wrong=True))
        else:
            fit.append(one)
    return fit, not_taken


def tables(steps: Iterable[Step]) -> dict[str, Mapping[str, str]]:
    """Return the tables that the config file is to have."""
    return {one.name: one.table for one in steps if one.writes}


def rows(steps: Sequence[Step]) -> str:
    """Return the steps as lines, with what each identity is and has."""
    cells = [(f"  {one.name}", render.provider(one.found.kind.name), _about(one)) for one in steps]
    return Visible("\n".join(render.listed(cells)))


def reasons(not_taken: Sequence[NotTaken]) -> str:
    """Return what is not imported as lines, each with its reason, and below it with the place."""
    lines = render.listed((f"  {one.name}", one.reason) for one in not_taken)
    places = [one.where and f"\n    ({render.visible(one.where)})" for one in not_taken]
    return Visible("\n".join(map("".join, zip(lines, places, strict=True))))


def _about(one: Step) -> str:
    found, settings = one.found, one.found.settings
    device = found.values.text("mfa_arn")
    parts = [
        found.values.text("access_key_id"),
        settings.get("role_arn", ""),
        f"from {settings['source']}" if "source" in settings else "",
        settings.get("region", ""),
        settings.get("session_duration", ""),
        f"MFA {device}" if device else "",
        f"external id {settings['external_id']}" if "external_id" in settings else "",
        f"without {', '.join(found.left)}" if found.left else "",
        "" if one.saves or one.writes else "there already",
    ]
    return ", ".join(filter(None, parts))


def _settings_differ(there: Mapping[str, str], wanted: Mapping[str, str]) -> list[str]:
    return [
        f"its {key} is {there.get(key) or 'not set'}"
        for key, value in wanted.items()
        if there.get(key) != value
    ]


def entry_now(world: World, identity: Identity) -> str:
    """Return the fingerprint of its keys in the keyring, "" for none.

    Of an entry that cannot be understood it is the state: two of them are taken for one.
    """
    return _entry(world, identity)[1]


def _entry(world: World, identity: Identity) -> tuple[Values, str, list[str]]:
    """Return its fields in the keyring, what `entry_now` does, and what is wrong, as clauses."""
    if not identity.kind.fields:
        return Values(), "", []
    try:
        present = entries.load(world.keyring, AWS_USER, identity.name)
    except KeyringTrouble as trouble:
        if trouble.state not in NO_ENTRY:
            raise
        wrong = f"its entry in the keyring cannot be understood ({trouble.reason})"
        return Values(), trouble.state, [wrong]
    return present, identity.keys_fingerprint(present), []


def _is_of(where: str, name: str) -> bool:
    table = render.table_name(name)
    return where == table or where.startswith(f"{table}.")
