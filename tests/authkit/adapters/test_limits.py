"""Which limit an error comes from."""

from __future__ import annotations

import errno
import json
import sys

import pytest

from authkit.adapters import limits
from authkit.core.failures import KeyringTrouble, StateTrouble
from tests.support.pty_tools import finished


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (OSError(errno.EMFILE, "Too many open files"), "too few file descriptors"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "too little memory"),
        (OSError(errno.EFBIG, "File too large"), "a file would be larger than is allowed"),
        (MemoryError(), "too little memory"),
        (OSError(errno.ENOENT, "No such file"), ""),
        (ValueError("no"), ""),
    ],
    ids=str,
)
def test_an_error_of_a_limit(error: Exception, what: str) -> None:
    """B-A07: the limit is named, also where another error was raised from it or during it."""
    from_it, during = StateTrouble("/x", "it"), KeyringTrouble("unreadable", "it")
    from_it.__cause__ = error
    during.__context__ = from_it
    for raised in (error, from_it, during):
        assert limits.named(raised, look=False)[0] == what
    if isinstance(error, OSError):
        assert limits.reason(error).startswith(what or "No such file")


LOOK = """
import json, resource as r
from authkit.adapters import limits
for limit in (r.RLIMIT_NOFILE, r.RLIMIT_AS, r.RLIMIT_DATA):  # those of who runs the tests
    r.setrlimit(limit, (r.getrlimit(limit)[1],) * 2)
{}
print(json.dumps(limits.named(ValueError(), look=True)))
"""


@pytest.mark.parametrize(
    ("limiting", "said"),
    [
        ("", ["", ""]),
        (
            "r.setrlimit(r.RLIMIT_NOFILE, (7, 7))",
            ["too few file descriptors", "Raise the limit (ulimit -n, now 7)"],
        ),
        (
            "r.setrlimit(r.RLIMIT_AS, (40 << 20,) * 2)",
            ["too little memory", "Raise the limit (ulimit -v, now 40960)"],
        ),
        (
            "r.setrlimit(r.RLIMIT_DATA, (40 << 20,) * 2)",
            ["too little memory", "Raise the limit (ulimit -d, now 40960)"],
        ),
        (
            "r.setrlimit(r.RLIMIT_AS, (40 << 20,) * 2); r.setrlimit(r.RLIMIT_DATA, (1 << 30,) * 2)",
            ["too little memory", "Raise the limit (ulimit -v, now 40960, or -d, now 1048576)"],
        ),
    ],
)
def test_looking(limiting: str, said: list[str]) -> None:
    """B-A07: what a library does not say is tried out: a limit is hit that leaves too little."""
    done = finished([sys.executable, "-c", LOOK.format(limiting)])
    assert json.loads(done.stdout) == said


WITHOUT_PROC = """
import os
opened = os.open
def without_proc(path, *rest):
    if path.startswith("/proc"): raise FileNotFoundError(2, "No such file or directory")
    return opened(path, *rest)
os.open = without_proc
"""
NOT_IN_PROC = "limits._in_proc = lambda *_: [][0]"
WITHOUT_EITHER = f"{WITHOUT_PROC}\nimport sys\nsys.modules['resource'] = None"


@pytest.mark.parametrize("elsewhere", ["", WITHOUT_PROC, NOT_IN_PROC, WITHOUT_EITHER])
def test_where_a_limit_is_looked_up(elsewhere: str) -> None:
    """B-A07: in /proc, else by the system's call; both limits are named where neither tells."""
    limiting = f"r.setrlimit(r.RLIMIT_DATA, (40 << 20,) * 2)\n{elsewhere}"
    done = finished([sys.executable, "-c", LOOK.format(limiting)])
    option = "-v or -d" if elsewhere == WITHOUT_EITHER else "-d, now 40960"
    assert json.loads(done.stdout)[1] == f"Raise the limit (ulimit {option})"


SET = """
import json, resource as r, sys
from authkit.adapters import limits
for limit in (r.RLIMIT_AS, r.RLIMIT_DATA):  # those of who runs the tests
    r.setrlimit(limit, (r.getrlimit(limit)[1],) * 2)
r.setrlimit(r.{0}, ({1}, r.getrlimit(r.{0})[1]))
{3}
print(json.dumps(limits.named(OSError({2}, "It failed"), look=False)[1]))
"""


@pytest.mark.parametrize("elsewhere", [WITHOUT_PROC, "sys.modules['resource'] = None"])
@pytest.mark.parametrize(
    ("name", "limit", "number", "option"),
    [
        ("RLIMIT_NOFILE", 50, errno.EMFILE, "-n, now 50"),
        ("RLIMIT_FSIZE", 1 << 20, errno.EFBIG, "-f, now 1024"),
        ("RLIMIT_AS", 4 << 30, errno.ENOMEM, "-v, now 4194304"),
        ("RLIMIT_DATA", 4 << 30, errno.ENOMEM, "-d, now 4194304"),
    ],
)
def test_either_tells_each_limit(
    name: str, limit: int, number: int, option: str, elsewhere: str
) -> None:
    """B-A07: /proc and the system's call tell the same, in ulimit's unit."""
    script = SET.format(name, limit, number, elsewhere)
    done = finished([sys.executable, "-c", script])
    assert json.loads(done.stdout) == f"Raise the limit (ulimit {option})"


@pytest.mark.parametrize(
    ("number", "limit", "reason", "cure"),
    [
        (errno.ENOMEM, -1, "too little memory", "End other programs"),
        (
            errno.ENOMEM,
            None,
            "too little memory (ulimit -v or -d)",
            "Raise the limit (ulimit -v or -d)",
        ),
        # A limit of nothing is one.
        (
            errno.EFBIG,
            0,
            "a file would be larger than is allowed (ulimit -f)",
            "Raise the limit (ulimit -f, now 0)",
        ),
    ],
)
def test_limits_not_set_not_known_and_of_nothing(
    monkeypatch: pytest.MonkeyPatch, number: int, limit: int | None, reason: str, cure: str
) -> None:
    """B-A07: limits that may be set are named; where none is, the machine itself is short."""
    monkeypatch.setattr(limits, "_limit", lambda _: limit)
    error = OSError(number, "It failed")
    assert limits.reason(error) == reason
    assert limits.named(error, look=False)[1] == cure
