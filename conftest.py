"""Registers the plug-in that makes tests of story files; makes the surroundings the same anywhere.

Tests see the default signals, and none of the settings of whoever runs them.
"""

import os
import re
import signal

pytest_plugins = ["pytester", "scenarios.replay.runner.collect"]

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
