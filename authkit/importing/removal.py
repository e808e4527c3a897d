"""Keys taken out of one of AWS's files: the two lines, and nothing else.  Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from authkit.aws_files.ini import CannotEdit, IniFile
from authkit.importing.from_files import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from authkit.importing.found import Found


class Removed(NamedTuple):
    """What becomes of the file: its new bytes, None if they stay; and the lines, or why not.

    The lines are counted from 1, as they are in the file before.  With neither lines nor a reason
    the keys were gone already.
    """

    content: bytes | None
    lines: tuple[int, ...] = ()
    reason: str = ""


def without_keys(content: bytes, found: Found) -> Removed:
    """Return the file without the keys of an identity, as it was imported from there.

    It stays where other keys would count then, or another program has changed it meanwhile; and
    where the keys are gone, which is no reason to complain.
    """
    try:
        return _without(content, found)
    except ValueError as error:
        return Removed(None, reason=str(error))


def _without(content: bytes, found: Found) -> Removed:
    """Return what becomes of the file.  Raises ValueError with a reason for it to stay."""
    file, place = IniFile(content), found.place
    if file.faults:
        line, reason = file.faults[0]
        raise ValueError(f"line {line}: {reason}, for which AWS programs refuse the whole file")
    section = file.section(place.section) if place else None
    if place and place.also:
        raise ValueError(f"{place.also} has keys for it too, which would count then")
    if place is None or section is None or file.values(section).keys().isdisjoint(KEYS):
        return Removed(None)
    at = [entry for entry in map(section.entry, KEYS) if entry]
    if len(at) < len(KEYS):
        raise ValueError("not both are in a section of their own")
    texts = [found.values.text(name) for name in ("access_key_id", "secret_access_key")]
    if [entry.value for entry in at] != texts:
        raise ValueError("there are other keys by now")
    try:
        left = file.without(section, KEYS)
    except CannotEdit:
        raise ValueError("the lines around them are indented: remove them by hand") from None
    if not _values(left, section.name).keys().isdisjoint(KEYS):
        raise ValueError("[DEFAULT] has keys too, which would count then")
    lines = sorted(number + 1 for entry in at for number in entry.lines)
    return Removed(left, lines=tuple(lines))


def as_before(line: int, gone: Iterable[int]) -> int:
    """Return where a line was in a file from which these lines are `gone`, all counted from 1."""
    for other in sorted(gone):
        if other > line:
            break
        line += 1
    return line


def _values(content: bytes, name: str) -> Mapping[str, str]:
    file = IniFile(content)
    return next(file.values(section) for section in file.sections if section.name == name)
