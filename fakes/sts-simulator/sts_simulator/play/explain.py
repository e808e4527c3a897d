"""``sts-simulator explain``: why the last refused request was refused.

For a wrong signature it shows what the simulator signed.  Beside it stands what the client
signed, when the client's debug log is given (botocore and most SDKs write both texts).
"""

from __future__ import annotations

import json
import os
import re
import sys
from itertools import zip_longest
from pathlib import Path
from typing import Any, TextIO
from urllib.error import HTTPError, URLError

from sts_simulator.account.authentication import CANONICAL_REQUEST, without_secrets
from sts_simulator.client import Simulator
from sts_simulator.play.sim import FILE

_VARIABLES = ("AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL")
TOKEN = "STS_SIMULATOR_CONTROL_TOKEN"  # noqa: S105 - a variable's name
_WIDTH = 64  # of a column; hashes have as many characters
_TITLES = {
    "canonical_request": re.compile(r"canonical[ _]?(?:request|string)\b.*", re.IGNORECASE),
    "string_to_sign": re.compile(r"string[ _]?to[ _]?sign\b.*", re.IGNORECASE),
}
_SIGNED_HEADERS = re.compile(r"[a-z0-9-]+(;[a-z0-9-]+)*")
_HASH = re.compile(r"[0-9a-f]{64}|UNSIGNED-PAYLOAD|STREAMING-.*")


class CannotExplain(Exception):
    """Raised with the line that says why there is no explanation."""


def explain(
    endpoint: str | None,
    log: str | None,
    out: TextIO | None = None,
    *,
    ready_file: Path | None = None,
) -> int:
    """Print the last refusal; return the exit status.  `log` is a path, or - for stdin."""
    try:
        simulator = _simulator(endpoint, ready_file)
        said = _read(log) if log else ""
        refused = _last_refusal(simulator)
    except CannotExplain as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    (out or sys.stdout).write(_told(refused, said) if refused else "No request was refused.\n")
    return 0


def _simulator(endpoint: str | None, ready_file: Path | None) -> Simulator:
    """Return the simulator: by endpoint, by its ready line, or of the shell that this runs in."""
    known: dict[str, Any] = {"account": "", "users": {}, "control_token": os.environ.get(TOKEN)}
    named = next(filter(None, (endpoint, *map(os.environ.get, _VARIABLES))), None)
    if ready_file:
        known |= _ready_line(ready_file) | ({"endpoint": endpoint} if endpoint else {})
    elif named:
        known |= {"endpoint": named, "ca_bundle": os.environ.get("AWS_CA_BUNDLE")}
    elif FILE in os.environ:
        known |= _ready_line(Path(os.environ[FILE]))
    else:
        raise CannotExplain(f"no simulator: give --endpoint, or set {_VARIABLES[0]}")
    try:
        return Simulator.running(known)
    except OSError as trouble:  # ssl does not tell the file
        raise CannotExplain(f"cannot read {known['ca_bundle']}: {trouble.strerror}") from None


def _ready_line(file: Path) -> dict[str, Any]:
    try:
        ready = json.loads(_text(file))
    except ValueError:
        ready = None
    if not isinstance(ready, dict) or "endpoint" not in ready:
        raise CannotExplain(f"cannot read {file}: it is no ready line of serve")
    return ready


def _last_refusal(simulator: Simulator) -> Any:  # noqa: ANN401 - JSON
    try:
        return simulator.control("GET", "refusal")
    except HTTPError as trouble:
        cure = f": give --ready-file, or set {TOKEN}" if trouble.code == 403 else ""
        raise CannotExplain(f"{simulator.endpoint} answers {trouble.code}{cure}") from None
    except URLError as trouble:
        raise CannotExplain(f"no simulator at {simulator.endpoint}: {trouble.reason}") from None


def _read(log: str) -> str:
    return sys.stdin.read() if log == "-" else _text(Path(log))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as trouble:
        raise CannotExplain(f"cannot read {file}: {trouble.strerror}") from None


def _told(refused: dict[str, Any], log: str) -> str:
    """Return the whole explanation."""
    who = refused["access_key_id"] or "an unsigned request"
    reason, signed, _ = refused["reason"].partition(CANONICAL_REQUEST)
    lines = [
        f"{refused['at']}  {refused['service']} {refused['operation']}".rstrip() + f" by {who}",
        *([f"  Account: {refused['account']}"] if refused.get("account") else []),
        f"  {refused['status']} {refused['code']}: {refused['message'] or ''}".rstrip(),
        f"  Why: {reason}",
    ]
    theirs = signed_by_client(log)
    if refused["string_to_sign"] and refused["string_to_sign"] == theirs["string_to_sign"]:
        lines.append("  Both signed the same text, so the client has another secret access key.")
    if log and not any(theirs.values()):
        lines.append("  The client's log has no canonical request and no string to sign.")
    # EC2's code, AuthFailure, does not tell a wrong signature from an unknown key.
    if signed or refused["code"].startswith(("SignatureDoesNotMatch", "InvalidSignature")):
        for name, title in (
            ("canonical_request", "Canonical request"),
            ("string_to_sign", "String to sign"),
        ):
            if refused[name]:
                lines += ["", *beside(title, refused[name], theirs[name])]
    return "\n".join(lines) + "\n"


def signed_by_client(log: str) -> dict[str, str]:
    """Return the last canonical request and string to sign of a client's debug log.

    "" for one that is not in it.  Tokens and MFA codes are replaced by ***.
    """
    lines = without_secrets(log).splitlines()
    found = dict.fromkeys(_TITLES, "")
    for number, line in enumerate(lines):
        for name, title in _TITLES.items():
            if title.search(line):
                rest = [one for one in lines[number + 1 :] if not one.startswith("---")]
                end = _string_end(rest) if name == "string_to_sign" else _canonical_end(rest)
                found[name] = "\n".join(rest[:end])
    return found


def _string_end(lines: list[str]) -> int:
    """Return how many lines a string to sign has: algorithm, date, scope and hash."""
    return 4 if lines and lines[0].startswith("AWS4-") else 0


def _canonical_end(lines: list[str]) -> int:
    """Return how many lines a canonical request has: it ends in the hash of the body."""
    for number, line in enumerate(lines):
        if _HASH.fullmatch(line) and number and _SIGNED_HEADERS.fullmatch(lines[number - 1]):
            return number + 1
    return 0


def beside(title: str, ours: str, theirs: str) -> list[str]:
    """Return two texts as columns of lines; lines that differ have ≠ between them."""
    if not theirs:
        return [f"{title}, as the simulator has it:", *(f"  {line}" for line in ours.split("\n"))]
    rows = [f"{title}: {'the simulator':<{max(0, _WIDTH - len(title))}}   the client"]
    for left, right in zip_longest(ours.split("\n"), theirs.split("\n"), fillvalue=""):
        mark = " " if left == right else "≠"
        rows.append(f"  {left:<{_WIDTH}} {mark} {right}".rstrip())
    return rows
