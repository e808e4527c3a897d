"""Files of the person's own in a recording: their outline, in the words of the replaying world.

Of AWS's files that is the sections and keys which decide what authkit does.  A value is kept
of authkit's own command alone; comments, other keys and whatever else stands there are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from authkit.aws_files.ini import IniFile
from authkit.aws_files.profiles import (
    PROCESS,
    REGION,
    SOURCES,
    command_line,
    header_of,
    identity_in,
    profile_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from authkit.recording.keep import Keep

PROGRAM = "/home/dev/.local/bin/authkit"  # of the world in which scenarios are replayed
_OTHER = "setting"


def outline(content: bytes, keep: Keep, program: Sequence[str]) -> str:
    """Return an INI file with the same sections, lines for the same keys, and invented values.

    What botocore refuses it for is there too.  `program` are the words that start authkit.
    """
    return "".join(f"{line}\n" for line in _lines(IniFile(content), keep, program))


def _lines(file: IniFile, keep: Keep, program: Sequence[str]) -> Iterator[str]:
    kept: dict[int, str] = {}
    for section in file.sections:
        profile = profile_of(section.name)
        name = header_of(_profile(profile, keep)) if profile else _profile(section.name, keep)
        kept[section.line] = f"[{name}]"
        for number, entry in enumerate(section.entries):
            known = entry.key in SOURCES or entry.key == REGION
            key = entry.key if known else f"{_OTHER}_{number}"
            value = _command(entry.value, keep, program) if entry.key == PROCESS else "value"
            kept[entry.lines[0]] = f"{key} = {value}"
    yield from (kept.get(number, "") for number in range(len(file.lines)))


def _profile(name: str, keep: Keep) -> str:
    return name if name in {"default", "DEFAULT"} else keep.identity(name)


def _command(line: str, keep: Keep, program: Sequence[str]) -> str:
    """Return a command of authkit's for the same identity; of any other nothing is told."""
    identity = identity_in(line)
    if not identity:
        return "other"
    own = command_line([*program, "credential-process", identity])
    words = [PROGRAM if line == own else "authkit", "credential-process", keep.identity(identity)]
    return command_line(words)
