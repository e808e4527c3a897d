"""Runs commands of Python's in which authkit has a defect, and measures them.

A command runs in a process of its own that has not imported anything of the project's
before.  It is forked from this one, which has imported what the tests need of others.
"""

from __future__ import annotations

import gc
import marshal
import os
import resource
import runpy
import signal
import sys
import tempfile
import threading
import warnings
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from tests.planted.patch import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.planted.patch import Planted

HOOK = Path(__file__).parent / "hook"
VARIABLE = "PLANTED_DEFECT"  # read by hook/sitecustomize.py
MEMORY = 3 << 30  # bytes that each process may take: some defects never end
OTHERS = (
    *("pytest", "hypothesis", "jsonschema", "boto3", "moto.iam.models", "pexpect"),
    "sts_simulator.account.schema",
)


class Ran(NamedTuple):
    """How a command ended: exit status (-N for death by signal N), output, CPU seconds."""

    status: int
    output: str
    seconds: float
    in_time: bool


def run(planted: Planted | None, words: Sequence[str], *, cpu: int, within: int = 1800) -> Ran:
    """Run ``python -m WORDS`` in the checkout, with a changed module or none.

    `cpu` is the CPU seconds that each of its processes may take; after `within` seconds of
    the clock it is killed, with what it has started.
    """
    for name in OTHERS:
        import_module(name)
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as output:
        environ = _environment(planted, folder)
        sys.stdout.flush()
        process = _forked()
        if not process:
            _become(words, environ, output.fileno(), cpu)
        late = threading.Event()

        def kill() -> None:
            late.set()
            os.killpg(process, signal.SIGKILL)

        timer = threading.Timer(within, kill)
        timer.start()
        _, status, used = os.wait4(process, 0)
        timer.cancel()
        timer.join()
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
    code = os.waitstatus_to_exitcode(status)
    in_time = not late.is_set() and code not in {-signal.SIGXCPU, -signal.SIGKILL}
    return Ran(code, text, used.ru_utime + used.ru_stime, in_time)


def _forked() -> int:
    """Fork; return the id of the new process, 0 in that one.

    Python 3.12 warns where there are threads, as in a worker of the tests: the new process
    has none of them, and uses nothing that they hold.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _environment(planted: Planted | None, folder: str) -> dict[str, str]:
    """Return the environment of a process; the compiled code is put into `folder`."""
    unwanted = {"CI", "PYTHONDONTWRITEBYTECODE"}  # what is compiled once is not compiled again
    environ = {name: value for name, value in os.environ.items() if name not in unwanted}
    others = environ.get("PYTHONPATH", "")
    environ["PYTHONPATH"] = f"{HOOK}{os.pathsep}{others}" if others else str(HOOK)
    environ[VARIABLE] = ""
    if planted:
        code = Path(folder) / f"code.{sys.implementation.cache_tag}"
        compiled = compile(planted.tree, str(planted.path), "exec", dont_inherit=True)
        code.write_bytes(marshal.dumps(compiled))
        environ[VARIABLE] = f"{planted.module}={code}"
    return environ


def _become(words: Sequence[str], environ: dict[str, str], output: int, cpu: int) -> NoReturn:
    """Run the command in this process, which ends with it."""
    status = 1
    try:
        gc.freeze()  # what the tests share is no garbage: pytest collects it twice
        os.setsid()
        with Path(os.devnull).open("rb") as nothing:
            os.dup2(nothing.fileno(), 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        sys.stdin, sys.stdout, sys.stderr = (
            os.fdopen(number, mode, encoding="utf-8", closefd=False)
            for number, mode in enumerate("rww")
        )
        os.chdir(ROOT)
        os.environ.clear()
        os.environ.update(environ)
        # The hard limit stays: tests of what a limit does to authkit lift the soft one.
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
        for name in [*sys.modules]:
            if name.partition(".")[0] in {"tests", "scenarios", "fakes", "authkit"}:
                del sys.modules[name]  # those that plant: no command finds them there
        sys.dont_write_bytecode = False
        runpy.run_path(str(HOOK / "sitecustomize.py"))
        sys.argv = [*words]
        runpy.run_module(words[0], run_name="__main__", alter_sys=True)
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else bool(end.code)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is told
        sys.stdout.write(f"{type(error).__name__}: {error}\n")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
