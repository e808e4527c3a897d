"""Any text from whoever starts authkit, and from what it starts: see `TARGETS`.

A command line, an endpoint's address, what `mfa_process` prints, a lock file; and the file of a
story, which a person writes and the replay reads.
"""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from authkit.adapters import addresses, surroundings
from authkit.adapters.locks import StateLock
from authkit.adapters.programs import one_line
from authkit.arguments import COMMANDS, FOR_COMPLETION, OPTIONS, parse
from authkit.codes import mfa_process
from authkit.core import config, endpoints
from authkit.core.failures import Failure
from scenarios.replay.story import reading
from scenarios.replay.story.model import BadStory
from tests.fuzzing.authkit_input import CANARY, shown_plainly, tells_no_secret
from tests.fuzzing.target import must, of_bytes
from tests.support.people import NAME
from tests.support.saying import said
from tests.support.stage import Stage

if TYPE_CHECKING:
    from authkit.core.model import Secret

_NAMES = {*COMMANDS, "version", FOR_COMPLETION}


def command_line(data: bytes) -> None:
    """docs/contract.md, Commands: words, a line each, are a command's, or exit 2 in words."""
    words = data.decode("utf-8", "surrogateescape").split("\n")
    try:
        options = parse(words)
    except Failure as failure:
        shown = said(failure)
        must(failure.status == 2, "a wrong line is exit 2", failure.name)
        shown_plainly(shown)
        return
    ours, child = [*options.ours], [*options.child]
    must(options.name in _NAMES, "the command is one that there is", options.name)
    if options.name == "exec":
        parted = words in ([*ours, *child], [*ours, "--", *child])
        must(parted, "each word is authkit's or the child's", (ours, child))
        must(child or options.given, "exec runs a command, or an identity's shell", words)
    else:
        must(not child, "no other command has a child", child)
    chosen = {options.output} <= {*OPTIONS["--output"].choices}
    must(chosen and options.format in OPTIONS["--format"].choices, "a form is one that there is")
    bounds = options.duration == 0 or 900 <= options.duration <= 129_600
    must(bounds, "a duration is in AWS's bounds", options.duration)
    must(0 <= options.min_ttl <= 129_600, "no session lasts longer than it may", options.min_ttl)
    must(re.fullmatch("[A-Za-z0-9-]*", options.region), "a region is a word", options.region)


_BEHIND = re.compile(r"(?<=://)(.*)@|^(?!.*://)(.*)@", re.DOTALL)


def address(data: bytes) -> None:
    """B-S08: a password in an address is never shown, and what goes in the clear is warned of."""
    url = data.decode("utf-8", "replace")
    environ = {"AWS_ENDPOINT_URL": url, "HTTPS_PROXY": url}
    credentials = _BEHIND.search(url)
    if credentials and url.count(CANARY) == credentials[0].count(CANARY):
        tells_no_secret(endpoints.shown(url))
        tells_no_secret(addresses.without_credentials(f'cannot connect to "{url}"', environ))
        tells_no_secret(addresses.warning(environ))
    shown_plainly(addresses.warning(environ))
    try:
        surroundings.check({"AWS_ENDPOINT_URL": url} if url else {})
    except ValueError as error:
        tells_no_secret(error)
        return
    try:
        parts = urlsplit(url)
    except ValueError:  # no client can use it, and says so
        return
    must(not url or parts.hostname, "an address that is taken has a host", parts)
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        must(addresses.warning({"AWS_ENDPOINT_URL": url}), "what goes in the clear is warned of")


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost" or host.endswith(".localhost")


class Printing:
    """ports.Programs: every program prints these bytes."""

    def __init__(self, printed: bytes) -> None:
        self._printed = printed

    def line(self, *_: object) -> Secret:
        """Return the one line.  Raises CannotRun."""
        return one_line(self._printed)


_PROCESS = config.parse(f"[identities.{NAME}]\nmfa_process = 'code'\n".encode(), "/config.toml")
_CODE = re.compile(rb"[0-9]{3} ?[0-9]{3}\r?\n?")


def mfa_codes(data: bytes) -> None:
    """docs/mfa-process.md: six digits, or what is wrong, without what was printed."""
    programs: Any = Printing(data)
    stage = Stage(programs=programs)
    try:
        code = mfa_process.code(stage, _PROCESS.identities[NAME], lambda _: False)
    except Failure as failure:
        must(not _CODE.fullmatch(data), "six digits are taken", failure.name)
        tells_no_secret(said(failure))
        must(failure.status == 1, "no code is exit 1", failure.name)
        return
    must(re.fullmatch("[0-9]{6}", code.reveal()), "a code has six digits")
    printed = "".join(data.decode().split())
    must(code.reveal() == printed, "the code is what was printed")


class OneFile:
    """A state folder that has one file."""

    def __init__(self, written: str) -> None:
        self._written = written

    def read(self, _file: str) -> str:
        """Return what is in the file."""
        return self._written


def lock_file(data: bytes) -> None:
    """B-S07: who holds a lock is a process, or is not known, whatever is in the file."""
    folder: Any = OneFile(data.decode("utf-8", "replace"))
    holder = StateLock(folder, "x.lock").holder()
    told = re.fullmatch(r"(?:process [0-9]+(?: \(.*\))?)?", holder, re.ASCII | re.DOTALL)
    must(told, "the holder is a process, or is not told", holder)
    plain = re.fullmatch(rb"[0-9]{1,10}\n?", data)  # no system numbers more processes
    must(not plain or holder, "a process that is noted is told", holder)


def story_file(data: bytes) -> None:
    """docs/stories.md: a story, or mistakes, each with a line of the file and words."""
    text = data.decode("utf-8", "replace")
    try:
        story = reading.parse(text, Path("story.toml"))
    except BadStory as bad:
        lines = text.count("\n") + 1
        must(all(1 <= at <= lines for at, _ in bad.mistakes), "a mistake is on a line", bad)
        must(all(reason for _, reason in bad.mistakes), "a mistake has words", bad)
        return
    table = tomllib.loads(text)
    must(len(story.steps) == len(table["step"]), "no step is lost", story.steps)
    must(story.about == table["about"].strip(), "a story is about what it says", story.about)
    must({*story.keyring} == {*table.get("keyring", {})}, "no entry is lost", story.keyring)


_WORDS = (b"\n--\n", b"\nexec", b"--identity=", b"\n-i\n", b"--duration=", b"--output\n", b"=\n")
_URL = (b"http://", b"https://", b"@", b":", b"/", b"#", b"?", b"[::1]", b"localhost", b"127.0.0.1")
_STORY = (b"[[step]]\n", b"[account]\n", b'"""', b"'''", b"= {", b"expect", b"on = ", b"\\u0000")
TARGETS = {
    name: of_bytes(name, check, *tokens, few=few, bounded=name != "story-files")
    for name, check, tokens, few in (
        ("command-lines", command_line, _WORDS, 200),
        ("addresses", address, _URL, 200),
        ("mfa-codes", mfa_codes, (b" ", b"\r\n", b"\xd9\xa3", b"\0"), 100),
        ("lock-files", lock_file, (b"1", b"\n", b"-", b"\xd9\xa3", b"\0"), 100),
        ("story-files", story_file, _STORY, 25),
    )
}
