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
            "r.setrlimit(r.RLIMIT_AS, (40 << 20,) * 2); import sys; sys.modules['resource'] = None",
            ["too little memory", "Raise the limit (ulimit -v)"],
        ),
    ],
)
def test_looking(limiting: str, said: list[str]) -> None:
    """B-A07: what a library does not say is tried out: a limit is hit that leaves too little."""
    done = finished([sys.executable, "-c", LOOK.format(limiting)])
    assert json.loads(done.stdout) == said


def test_without_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-A07: where the process has no limit, the machine itself is short of it."""
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY,) * 2)
    assert limits.named(MemoryError(), look=False)[1] == "End other programs"


def test_a_limit_of_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-A07: ``ulimit -f 0`` is a limit, and named like any other."""
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(resource, "getrlimit", lambda _: (0, 0))
    told = limits.named(OSError(errno.EFBIG, "File too large"), look=False)
    assert told[1] == "Raise the limit (ulimit -f, now 0)"
