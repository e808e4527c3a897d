"""Values and tables as TOML.  Pure."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from authkit.core import durations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def instant(seconds: int) -> datetime:
    """Return the instant so many seconds after 1970, in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def span(length: timedelta) -> str:
    """Return a length of time as scenarios write it: ``400ms``, ``1h45m``, ``-20m``."""
    if length < timedelta(0):
        return f"-{span(-length)}"
    seconds, rest = divmod(length, timedelta(seconds=1))
    whole = durations.spell(seconds) if seconds else ""
    return (whole + (f"{rest / timedelta(milliseconds=1):g}ms" if rest else "")) or "0s"


def fault(facts: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a fault."""
    yield "\n[[step.fault]]"
    yield from (f"{key} = {value(told)}" for key, told in facts.items())


def tables(above: str, by_name: Iterator[tuple[str, Any]]) -> Iterator[str]:
    """Yield tables, and values that are none, of a table `above`."""
    found = list(by_name)
    plain = [f"{name} = {value(told)}" for name, told in found if not isinstance(told, dict)]
    if plain:
        yield "\n".join([f"\n[{above}]", *plain])
    for name, table in found:
        if isinstance(table, dict):
            yield f"\n[{above}.{name}]"
            yield from (f"{key} = {value(told)}" for key, told in table.items())


def inline(table: Mapping[str, Any]) -> str:
    """Return a table on one line."""
    return "{ " + ", ".join(f"{key} = {value(told)}" for key, told in table.items()) + " }"


def value(thing: Any, *, block: bool = False) -> str:  # noqa: ANN401 - what TOML can hold
    """Return a value as TOML; `block` writes a text as it stands, between three quotes."""
    if block and "'''" not in thing and thing.replace("\n", "").isprintable():
        return f"'''{thing}'''"
    if isinstance(thing, datetime):
        return thing.astimezone(UTC).isoformat()
    if isinstance(thing, list) and len(thing) > 3:
        return "[\n" + "".join(f"  {value(item)},\n" for item in thing) + "]"
    if isinstance(thing, list):
        return f"[{', '.join(map(value, thing))}]"
    return json.dumps(thing, ensure_ascii=False).replace("\x7f", "\\u007f")
