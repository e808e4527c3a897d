"""What a pasted screen tells of a failure: the command, its options, the call, the answer.  Pure.

Nothing of the screen is copied into a story: names, key ids and texts of somebody's own
world stay where they are.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, NamedTuple

from authkit.arguments import COMMANDS
from scenarios.replay.coverage.cells import CALLS
from scenarios.replay.story.faults import CODES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_PROMPTED = re.compile(r""".*[^\w\s'"]\s+(authkit .*)""")  # a shell's prompt, whatever it is
_CODE = re.compile(r"\b(?:[A-Z][a-z0-9]+){2,}(?:Id)?\b")
_OPERATIONS = tuple(dict.fromkeys(call.operation for call in CALLS))
# Words that authkit says where it shows no code, and the answer that leads to them.
_SAID = {
    "cannot be reached": "timeout",
    "cannot be understood": "garbage",
    "refused the code": "AccessDenied",
    "was rotated or revoked": "InvalidClientTokenId",
    "The secret is wrong": "SignatureDoesNotMatch",
    "AWS denied": "AccessDenied",
    "does not let": "AccessDenied",
}
_WRONG_CODE = "MultiFactorAuthentication failed with invalid MFA one time pass code. "
_OPTIONS = {"--force", "--no-input", "--offline", "--no-verify", "--no-probe", "--check", "--keys"}
_ENDS = ("Exception", "Error", "Failure")


class Pasted(NamedTuple):
    """What is known of a failure; what the screen does not tell is ""."""

    screen: Sequence[str]
    command: str
    options: Sequence[str]
    operation: str
    answer: str
    message: str = ""
    session: bool = False  # the identity was logged in
    mfa: bool = False  # a code was asked for


def read(text: str) -> Pasted:
    """Return what a screen tells.  Raises LookupError when no line of it is a command."""
    lines = [line.rstrip() for line in text.splitlines()]
    runs = _runs(lines)
    if not runs:
        raise LookupError("no line of the screen is a command: $ authkit …")
    number, run = runs[-1]
    words, screen = shlex.split(run)[1:], lines[number + 1 :]
    said = "\n".join(screen)
    begun = [name for name in COMMANDS if words[: len(name.split())] == name.split()]
    ours = words[: words.index("--")] if "--" in words else words
    return Pasted(
        screen,
        begun[0] if begun else "login",
        [word for word in ours if word in _OPTIONS],
        next((operation for operation in _OPERATIONS if operation in said), ""),
        _answer(said),
        _WRONG_CODE if "refused the code" in said else "",
        session="Already logged in" in said or "Current Authentication Status" in said,
        mfa="Enter MFA Token" in said,
    )


def _runs(lines: Sequence[str]) -> list[tuple[int, str]]:
    """Return the lines that are commands; without a prompt the first that may be one.

    authkit itself shows commands too, without a prompt.
    """
    prompted = [(number, _PROMPTED.fullmatch(line)) for number, line in enumerate(lines)]
    bare = [(number, line) for number, line in enumerate(lines) if line.startswith("authkit ")]
    return [(number, found[1]) for number, found in prompted if found] or bare[:1]


def _answer(said: str) -> str:
    found = [word for word in _CODE.findall(said) if word not in _OPERATIONS]
    known = [code for code in found if code in CODES]
    named = [answer for words, answer in _SAID.items() if words in said]
    unknown = [code for code in found if code.endswith(_ENDS)]
    return next(iter((*known, *named, *unknown)), "")


def not_shown(pasted: Pasted, screen: Iterable[str]) -> list[str]:
    """Return the lines of the pasted screen that a story does not show.

    Names of somebody's world and figures do not count.
    """
    shown = {_without_names(line) for line in screen}
    return [line for line in pasted.screen if _without_names(line) not in shown]


def _without_names(line: str) -> str:
    """Return the words of a line that are authkit's own: lower case, no figures, no ARNs."""
    return " ".join(
        word for word in line.split() if re.fullmatch(r"[✓✗⚠]|[A-Z]?[a-z']+[,.:;]?", word)
    )
