"""Tables of identities in authkit's config file: added or changed, comments and order kept.  Pure.

tomlkit is imported here alone, and only where there is something to write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from authkit.core import config
from authkit.core.failures import Failure
from authkit.core.names import normal

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

    from authkit.core.config import FindKind

    Tables = Mapping[str, Mapping[str, str]]  # by identity: its kind, and its settings

_MARK = "\ufeff"  # a byte-order mark


class Written(NamedTuple):
    """What becomes of the config file: its new bytes, None if they stay."""

    content: bytes | None


def written(content: bytes, tables: Tables, path: str, elsewhere: FindKind) -> Written:
    """Return the config file with these tables, in place of others of the same names.

    `elsewhere` finds a kind that is not built in.  Raises Failure (2) where authkit would
    refuse such a file, or this one.
    """
    import tomlkit

    config.parse(content, path, elsewhere)
    if not tables:
        return Written(None)
    text = content.decode()
    mark = _MARK if text.startswith(_MARK) else ""
    text = text.removeprefix(mark)
    document = tomlkit.parse(text)
    before = document.unwrap()
    if "identities" not in document:
        document["identities"] = tomlkit.table(is_super_table=True)
    spelt = _put(document["identities"], tables)
    made = tomlkit.dumps(document)
    if "\r\n" in text:
        made = made.replace("\r\n", "\n").replace("\n", "\r\n")
    meant = {**before.get("identities", {}), **{spelt[name]: {**t} for name, t in tables.items()}}
    if tomlkit.parse(made).unwrap() != {**before, "identities": meant}:
        raise Failure("import-by-hand", path=path)
    config.parse(made.encode(), path, elsewhere)
    return Written((mark + made).encode())


def _put(identities: MutableMapping[str, Any], tables: Tables) -> Mapping[str, str]:
    """Write the tables; return how the file spells their names (two Unicode forms are one)."""
    spelt = {name: name for name in tables} | {normal(name): name for name in identities}
    for name, wanted in tables.items():
        table = identities.setdefault(spelt[name], {**wanted})
        for key in [key for key in table if key not in wanted]:
            del table[key]
        below = _below(table)
        for key, value in wanted.items():
            if table.get(key) != value:
                table[key] = value
        if below:
            table.value.body.extend(below)
    return spelt


def _below(table: object) -> list[Any]:
    """Take the blank lines and comments at a table's end out of it; return them.

    They belong to what follows, and tomlkit would put new keys behind them.
    """
    from tomlkit.items import Table

    body = table.value.body if isinstance(table, Table) else []
    taken: list[Any] = []
    while body and body[-1][0] is None:
        taken.insert(0, body.pop())
    return taken
