"""Which limit of the process or the machine an error comes from (B-A07).

Imported only when a command has failed.  The limits are those that ``ulimit`` sets.
"""

from __future__ import annotations

import errno
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# What there is too little of, the limit in the module `resource`, and ulimit's option and unit.
# Of the two limits of memory, the one that is set is meant.
_DESCRIPTORS = ("too few file descriptors", "RLIMIT_NOFILE", "-n", 1)
_MEMORY = ("too little memory", "RLIMIT_AS", "-v", 1024)
_DATA = ("too little memory", "RLIMIT_DATA", "-d", 1024)
_FILE_SIZE = ("a file would be larger than is allowed", "RLIMIT_FSIZE", "-f", 1024)
_LIMITS = {errno.EMFILE: _DESCRIPTORS, errno.EFBIG: _FILE_SIZE}

_NONE = -1  # a limit that is not set; 0 is one, as of ``ulimit -f 0``
_MORE_DESCRIPTORS = 8  # a command that cannot open so many more has too few
_MORE_MEMORY = 64 << 20  # bytes: boto3 and a keyring backend take as much


def named(error: BaseException, *, look: bool) -> tuple[str, str]:
    """Return what there is too little of, and what to do about it; ("", "") if nothing.

    With `look` it is also tried out: libraries pass over errors, or raise others.
    """
    found = next((limit for cause in _causes(error) if (limit := _meant(cause))), None)
    if found is None and look:
        found = _lacking()
    return (found[0], _cure(*found[1:])) if found else ("", "")


def is_one(error: OSError) -> bool:
    """Tell whether an error of the system is that of a limit."""
    return _meant(error) is not None


def reason(error: OSError) -> str:
    """Return what an error of the system says, in the words of the limit if it is one."""
    limit = _meant(error)
    return f"{limit[0]} (ulimit {limit[2]})" if limit else error.strerror or str(error)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and those that it was raised from or during, each once: they may be a ring."""
    seen = set[int]()
    while error is not None and id(error) not in seen:
        yield error
        seen.add(id(error))
        error = error.__cause__ or error.__context__


def _meant(error: BaseException) -> tuple[str, str, str, int] | None:
    number = error.errno or 0 if isinstance(error, OSError) else 0
    if isinstance(error, MemoryError) or number == errno.ENOMEM:
        data_alone = _limit("RLIMIT_AS") == _NONE != _limit("RLIMIT_DATA")
        return _DATA if data_alone else _MEMORY
    return _LIMITS.get(number)


def _lacking() -> tuple[str, str, str, int] | None:
    """Return what cannot be had any more."""
    opened: list[int] = []
    try:
        opened.extend(os.open(os.devnull, os.O_RDONLY) for _ in range(_MORE_DESCRIPTORS))
        bytes(_MORE_MEMORY)  # it is not written to, and costs nothing
    except (OSError, MemoryError) as error:
        return _meant(error)
    finally:
        for handle in opened:
            os.close(handle)
    return None


def _cure(limit: str, option: str, unit: int) -> str:
    """Return how to have more: raise the limit, if one is set."""
    now = _limit(limit)
    if now is None:
        return f"Raise the limit (ulimit {option})"
    if now == _NONE:
        return "End other programs"
    return f"Raise the limit (ulimit {option}, now {now // unit})"


def _limit(limit: str) -> int | None:
    """Return a limit of the process, `_NONE` for none; None where that cannot be told."""
    try:
        import resource

        now = resource.getrlimit(getattr(resource, limit))[0]
    except (ImportError, MemoryError, OSError):  # Windows, or not even that can be loaded
        return None
    return _NONE if now == resource.RLIM_INFINITY else now
