"""An identity's entry in the keyring: its fields to text and back.  Generic: kinds are data.

An entry is a JSON object with ``version`` and the fields that are set
(docs/contract.md, "Stored form").  A missing entry gives no fields.  A locked,
unreadable or corrupt one, or one of a later version, is a KeyringTrouble with
that state.
"""

from __future__ import annotations

import json
from functools import partial

from authkit.core.failures import KeyringTrouble
from authkit.core.model import Values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.core.kinds import Kind
    from authkit.core.ports import Keyring

SERVICE = "authkit"
VERSION = 1


def load(keyring: Keyring, kind: Kind, name: str) -> Values:
    """Return the fields of the entry, empty when there is none.  Raises KeyringTrouble."""
    raw = keyring.get_password(SERVICE, name)
    return Values() if raw is None else decode(raw, kind, name)


def save(keyring: Keyring, name: str, values: Values) -> None:
    """Replace the entry by these fields, or delete it when there are none; read it back (B-S05).

    Raises KeyringTrouble, "not-kept" when reading back gives something else.
    """
    kept = values.without_blanks()
    if not kept:
        keyring.delete_password(SERVICE, name)
        return
    written = json.dumps({"version": VERSION, **kept.texts()})
    keyring.set_password(SERVICE, name, written)
    if keyring.get_password(SERVICE, name) != written:
        raise KeyringTrouble("not-kept", "what was written cannot be read back")


def is_configured(kind: Kind, values: Values) -> bool:
    """Tell whether all credentials are there; settings alone are not enough."""
    return all(values.get(field.name) for field in kind.credentials)


def settings(kind: Kind, values: Values) -> Values:
    """Return what outlives the credentials: the remembered settings."""
    return Values({f.name: values[f.name] for f in kind.settings if f.name in values})


def decode(raw: str, kind: Kind, name: str = "") -> Values:
    """Return the fields in the text of an identity's entry.

    Raises KeyringTrouble: corrupt or later-version.
    """
    corrupt = partial(KeyringTrouble, "corrupt", identity=name)
    try:
        entry = json.loads(raw)
    except (ValueError, RecursionError):
        raise corrupt("it is not JSON") from None
    if not isinstance(entry, dict) or type(entry.get("version")) is not int:
        raise corrupt("it is not an object with a version")
    version = entry["version"]
    if version > VERSION:
        reason = f"version {version}; this one knows {VERSION}"
        raise KeyringTrouble("later-version", reason, name)
    fields = {n: value for n, value in entry.items() if n != "version"}
    if version < 1 or not all(isinstance(value, str) for value in fields.values()):
        raise corrupt("its fields are not texts of version 1")
    values = kind.values(fields)
    for field in kind.fields:
        value = fields.get(field.name)
        try:
            if value:
                (field.stored or field.validator)(value)
        except ValueError as error:
            raise corrupt(f"{field.name}: {error}") from None
    for field in kind.credentials:
        if not values.get(field.name) and any(f.name in values for f in kind.credentials):
            raise corrupt(f"{field.name} is missing")
    return values
