"""Registers the plug-in that makes tests of story files; makes the surroundings the same anywhere.

Tests see the default signals, and none of the settings of whoever runs them.
"""

import os
import re
import signal
import sys

from hypothesis import HealthCheck, settings

pytest_plugins = ["pytester", "scenarios.replay.runner.collect"]

# A busy machine takes long over an example, and over making one, which says nothing of either.
# The same commit gives the same examples: `python -m tests.fuzz` looks for others.
_slow = {HealthCheck.too_slow, *settings().suppress_health_check}
settings.register_profile(
    "repeatable", settings(), deadline=None, derandomize=True, suppress_health_check=_slow
)
settings.load_profile("repeatable")

# Where nothing compiled may be kept, every process that a test starts compiles what it imports, a
# seventh of the time of an authkit, and pytest rewrites every test anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# A container's image often has it.  authkit says the same with it and without, and only a new
# interpreter can read it: none of its processes could be forked (`tests.support.forked`).
os.environ.pop("PYTHONUNBUFFERED", None)

# What `nohup` and a shell's background job make this process ignore, and every process that a
# test starts.  A handler is not inherited by other programs: they get the default.  SIGHUP has one
# that does nothing, so that `nohup pytest` goes on.
for _name, _handler in (
    ("SIGINT", signal.default_int_handler),
    ("SIGQUIT", signal.SIG_DFL),
    ("SIGHUP", lambda *_: None),
):
    _signum = getattr(signal, _name, None)
    if _signum is not None and signal.getsignal(_signum) is signal.SIG_IGN:
        signal.signal(_signum, _handler)

# Settings of authkit, of the AWS libraries, of keyring, of proxies and of terminals, which a
# person may have exported.  The other variables of authkit's name are options of the tests.
_OPTIONS = {"AUTHKIT_LONG_HISTORIES"}
_SETTINGS = re.compile(
    r"(AUTHKIT|AWS|BOTO|XDG|KEYRING|PYTHON_KEYRING|GNUPG|GPG|LC)_.*|.*_proxy|.*CA_BUNDLE"
    r"|SSLKEYLOGFILE|SSL_CERT_.*|COLUMNS|LINES|LANG|TZ|NO_COLOR|FORCE_COLOR",
    re.IGNORECASE,
)
for _name in {*os.environ} - _OPTIONS:
    if _SETTINGS.fullmatch(_name):
        del os.environ[_name]
os.environ["LANG"] = "C.UTF-8"  # names of files, and what is printed, are UTF-8
# Tests change the mode of what they make where it matters; the rest is as most machines have it.
os.umask(0o022)


def pytest_sessionfinish() -> None:
    """Write what was covered: xdist kills a worker that takes ten seconds to end."""
    coverage = sys.modules.get("coverage")
    if coverage and (measured := coverage.Coverage.current()):
        measured.save()
