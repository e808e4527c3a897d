"""Registers the plug-in that makes tests of story files, and restores the default signals."""

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
