"""How an SDK's program is asked, and the AWS CLI with the same interface.

A program reads a request a line from its standard input and writes an answer a line to its
standard output, both JSON, until its input ends.  A request has

``operation``    of STS ``GetCallerIdentity`` and ``GetSessionToken``, IAM's ``GetUser``, S3's
                 ``ListBuckets``
``times``        how often to call it, with one client; the last answer counts
``credentials``  access key id, secret access key, and session token or ``""``; or
``profile``      the profile whose credentials to use; without either, the SDK's default chain
``serial``       GetSessionToken's SerialNumber
``code``         GetSessionToken's TokenCode, or the MFA code that a profile's role asks for
``duration``     GetSessionToken's DurationSeconds

and leaves out what is not needed.  An answer has ``arn`` or ``credentials``, or is empty where
there is neither.  A failure has ``message``, and ``code`` where it is AWS's refusal, else
``error``, the type of the SDK's own error.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from contextlib import contextmanager, suppress
from threading import Timer
from typing import TYPE_CHECKING, Any, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

Request = dict[str, Any]
Answer = dict[str, Any]

LIMIT = 60  # seconds for an answer, with the SDK's own retries


class Failed(Exception):
    """A program did not do its work; this says nothing about AWS's answers."""


class Program(Protocol):
    """A program that uses an SDK."""

    def ask(self, request: Request) -> Answer:
        """Carry out a request.  Raises Failed when there is no answer."""


class Lines:
    """A process that is asked by lines; leaving the context ends it."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str]) -> None:
        self._process = _started(command, environ)
        assert self._process.stdin
        assert self._process.stdout
        self._requests, self._answers = self._process.stdin, self._process.stdout

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(BrokenPipeError):
            self._requests.close()
        with _ended_after(5, self._process):
            self._process.wait()
        self._answers.close()

    def ask(self, request: Request, limit: float = LIMIT) -> Answer:
        """Send a request and return its answer.

        A program that ends instead answers with its exit status as the error.  Raises Failed
        when it is ended by the limit, in seconds.
        """
        with _ended_after(limit, self._process), suppress(BrokenPipeError):
            self._requests.write(json.dumps(request) + "\n")
            self._requests.flush()
            if line := self._answers.readline():
                answer: Answer = json.loads(line)
                return answer
        with _ended_after(limit, self._process):
            status = self._process.wait()
        if status == -signal.SIGKILL:
            raise Failed(f"no answer within {limit} seconds")
        return {"error": f"exit {status}", "message": "its stderr says why"}


class Cli:
    """The AWS CLI: a process for each call.  `options` are added to each."""

    def __init__(self, command: str, environ: Mapping[str, str], *options: str) -> None:
        self._command, self._environ, self._options = command, environ, options

    def ask(self, request: Request) -> Answer:
        """Run the CLI as often as asked.  Raises Failed."""
        words = [self._command, *_WORDS[request["operation"]], *self._options]
        for name, option in _OPTIONS.items():
            words += [option, str(request[name])] if name in request else []
        code = request.get("code", "")
        if "serial" in request:
            words += ["--token-code", code]
        keys = zip(_VARIABLES, request.get("credentials", ()), strict=False)
        environ = {**self._environ, **{name: text for name, text in keys if text}}
        for _ in range(request["times"]):
            done = finished(words, LIMIT, f"{code}\n", environ)  # a role's MFA code is read there
        return _answer(done)


_VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
_WORDS = {
    "GetCallerIdentity": ("sts", "get-caller-identity", "--query=Arn"),
    "GetSessionToken": (
        *("sts", "get-session-token"),
        "--query=Credentials.[AccessKeyId,SecretAccessKey,SessionToken]",
    ),
    "GetUser": ("iam", "get-user", "--query=User.Arn"),
    "ListBuckets": ("s3api", "list-buckets", "--query=Nothing"),
}
_OPTIONS = {
    "profile": "--profile",
    "serial": "--serial-number",
    "duration": "--duration-seconds",
}
_REFUSED = re.compile(r"An error occurred \((\w+)\) when calling[^:]*: (.*)", re.DOTALL)


def _answer(done: subprocess.CompletedProcess[str]) -> Answer:
    """Return what the CLI printed, in the form of the other programs."""
    if done.returncode:
        found = _REFUSED.search(done.stderr)
        if found:
            return {"code": found[1], "message": found[2].strip()}
        return {"error": f"exit {done.returncode}", "message": done.stderr.strip()}
    said = json.loads(done.stdout)
    if isinstance(said, str):
        return {"arn": said}
    return {"credentials": said} if said else {}


def finished(
    command: Sequence[str],
    limit: float,
    given: str = "",
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a command, at most `limit` seconds, with a standard input; return what it printed."""
    process = _started(command, environ, folder, stderr=subprocess.PIPE)
    with _ended_after(limit, process):
        out, err = process.communicate(given)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def _started(
    command: Sequence[str],
    environ: Mapping[str, str] | None,
    folder: Path | None = None,
    stderr: int | None = None,
) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own commands
        command,
        env=None if environ is None else {**environ},
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        start_new_session=True,
    )


@contextmanager
def _ended_after(seconds: float, process: subprocess.Popen[str]) -> Iterator[None]:
    """End the process, with all that it has started, unless the block ends before."""

    def end() -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    timer = Timer(seconds, end)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
