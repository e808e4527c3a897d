"""Which limit of the process or the machine an error comes from (B-A07).

Imported only when a command has failed.  The limits are those that ``ulimit`` sets.
"""

from __future__ import annotations

import errno
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# The limits, by ulimit's option: the name in /proc/self/limits, the one in the module `resource`,
# and how many of them ulimit counts as one.
_LIMITS = {
    "-n": ("Max open files", "RLIMIT_NOFILE", 1),
    "-v": ("Max address space", "RLIMIT_AS", 1024),
    "-d": ("Max data size", "RLIMIT_DATA", 1024),
    "-f": ("Max file size", "RLIMIT_FSIZE", 1024),
}
# What there is too little of, and the limits that it may come from.
_MEMORY = ("too little memory", ("-v", "-d"))
_SHORTAGES = {
    errno.EMFILE: ("too few file descriptors", ("-n",)),
    errno.EFBIG: ("a file would be larger than is allowed", ("-f",)),
    errno.ENOMEM: _MEMORY,
}

_NONE = -1  # a limit that is not set; 0 is one, as of ``ulimit -f 0``
_MORE_DESCRIPTORS = 8  # a command that cannot open so many more has too few
_MORE_MEMORY = 64 << 20  # bytes: boto3 and a keyring backend take as much


def named(error: BaseException, *, look: bool) -> tuple[str, str]:
    """Return what there is too little of, and what to do about it; ("", "") if nothing.

    With `look` it is also tried out: libraries pass over errors, or raise others.
    """
    found = next((it for cause in _causes(error) if (it := _shortage(cause))), None)
    if found is None and look:
        found = _lacking()
    return (found[0], _cure(found[1])) if found else ("", "")


def is_one(error: OSError) -> bool:
    """Tell whether an error of the system is that of a limit."""
    return error.errno in _SHORTAGES


def reason(error: OSError) -> str:
    """Return what an error of the system says, in the words of the limit if it is one."""
    if not (found := _shortage(error)):
        return error.strerror or str(error)
    what, options = found
    possible = " or ".join(_possible(options))
    return f"{what} (ulimit {possible})" if possible else what


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and those that it was raised from or during, each once: they may be a ring."""
    seen = set[int]()
    while error is not None and id(error) not in seen:
        yield error
        seen.add(id(error))
        error = error.__cause__ or error.__context__


def _shortage(error: BaseException) -> tuple[str, tuple[str, ...]] | None:
    if isinstance(error, MemoryError):
        return _MEMORY
    return _SHORTAGES.get(error.errno or 0) if isinstance(error, OSError) else None


def _lacking() -> tuple[str, tuple[str, ...]] | None:
    """Return what cannot be had any more."""
    opened: list[int] = []
    try:
        opened.extend(os.open(os.devnull, os.O_RDONLY) for _ in range(_MORE_DESCRIPTORS))
        bytes(_MORE_MEMORY)  # it is not written to, and costs nothing
    except (OSError, MemoryError) as error:
        return _shortage(error)
    finally:
        for handle in opened:
            os.close(handle)
    return None


def _cure(options: tuple[str, ...]) -> str:
    """Return how to have more: raise the limit, if one is set."""
    limits = _possible(options)
    if not limits:
        return "End other programs"
    told = (option if now is None else f"{option}, now {now}" for option, now in limits.items())
    separator = " or " if None in limits.values() else ", or "
    return f"Raise the limit (ulimit {separator.join(told)})"


def _possible(options: tuple[str, ...]) -> dict[str, int | None]:
    """Return those of the limits that are set, or may be, and what each is in ulimit's unit."""
    now = {option: _limit(option) for option in options}
    return {option: limit for option, limit in now.items() if limit != _NONE}


def _limit(option: str) -> int | None:
    """Return a limit of the process, `_NONE` for none; None where that cannot be told."""
    for look_up in (_in_proc, _by_resource):
        try:
            return look_up(*_LIMITS[option])
        except (ImportError, LookupError, MemoryError, OSError):
            continue
    return None


def _in_proc(name: str, _: str, unit: int) -> int:
    """Read the limit, without loading anything.  Raises OSError, LookupError."""
    handle = os.open("/proc/self/limits", os.O_RDONLY)
    try:
        text = os.read(handle, 1 << 13).decode()
    finally:
        os.close(handle)
    soft: str = text.partition(name)[2].split(None, 1)[0]
    return _NONE if soft == "unlimited" else int(soft) // unit


def _by_resource(_: str, name: str, unit: int) -> int:
    """Ask for the limit where there is no /proc.  Raises ImportError on Windows."""
    import resource

    now = resource.getrlimit(getattr(resource, name))[0]
    return _NONE if now == resource.RLIM_INFINITY else now // unit
