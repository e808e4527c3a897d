"""Invented values for those that tell about somebody: the same one for the same."""

from __future__ import annotations

import re
from collections import Counter

from authkit.codes import mfa_process
from authkit.core.endpoints import host
from authkit.core.names import is_name, normal

# The first account and user, and all paths, are those of the world in which scenarios are
# replayed.
CONFIG = ".config/authkit/config.toml"
HOME = "/home/dev/"
AWS_FILES = ("/.aws/config", "/.aws/credentials")
STATE = f"{HOME}.local/state/authkit"
STATE_FOLDERS = ("sessions", "identities", "codes", "locks")
ACCOUNT = "123456789012"
USER = "dev-admin"
_PROBE = "probe!"  # the entry of ``doctor.kept``, which is kept as one of an identity is
_IDENTITY, _NO_IDENTITY = "identity-{}", "identity-{}?"  # one that is named, one that cannot be
PARTITIONS = {"aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"}


class Invented:
    """Remembers what it has invented.  `state` is AUTHKIT_STATE_DIR, "" for the usual folder."""

    def __init__(self, state: str = "") -> None:
        self._state = state.rstrip("/")
        self._invented: dict[tuple[str, str], str] = {}
        self._counts = Counter[str]()

    def outside(self, text: str) -> str:
        """Return what may be kept of a text for which nothing is invented: its length."""
        return _length(text)

    def given(self, text: str) -> str:
        """Return what may be kept of what the person gave authkit: its length."""
        return _length(text)

    def _invent(self, form: str, real: str, *, first: str = "") -> str:
        """Return the value for a real one: the form with the next number, or `first`."""
        if (form, real) not in self._invented:
            self._counts[form] += 1
            number = self._counts[form]
            self._invented[form, real] = first if first and number == 1 else form.format(number)
        return self._invented[form, real]

    def identity(self, name: str) -> str:
        """Return the invented name of an identity; the lock of `mfa_process` has its own name.

        What cannot be a name becomes one that cannot be either, so that what is said of it stays.
        """
        if name == mfa_process.LOCK:
            return name
        if name == _PROBE or is_name(normal(name)):
            return self._invent(_IDENTITY, name, first=USER)
        return self._invent(_NO_IDENTITY, name)

    def key_id(self, real: str) -> str:
        """Return an invented access key id; that it is of a session stays."""
        prefix = "ASIA" if real.upper().startswith("ASIA") else "AKIA"
        return self._invent(f"{prefix}RECORDED{{:08}}", real)

    def secret(self, real: str) -> str:
        """Return an invented secret."""
        return self._invent("secret-{}", real)

    def code(self, real: str) -> str:
        """Return an invented MFA code; of what is none, its length."""
        digits = "".join(real.split())
        if not re.fullmatch(r"[0-9]{6}", digits):
            return self.given(real)
        return self._invent("{:06}", digits)

    def principal(self, real: str) -> str:
        """Return an invented principal: an ARN, or a key of which no more is known."""
        return self.arn(real) if real.startswith("arn:") else self._key_or_text(real)

    def _key_or_text(self, real: str) -> str:
        is_key = re.fullmatch(r"A(?:KIA|SIA)[A-Za-z0-9_]{12,124}", real)
        return self.key_id(real) if is_key else self.outside(real)

    def serial(self, real: str) -> str:
        """Return an invented serial number of an MFA device; of an ARN, an ARN."""
        if real.startswith("arn:"):
            return self.arn(real)
        return self._invent("GAHT{:08}", real)

    def account(self, real: str) -> str:
        """Return an invented account id."""
        return self._invent("21098765{:04}", real, first=ACCOUNT)

    def arn(self, real: str) -> str:
        """Return the same ARN of an invented account, with invented names; else `outside`."""
        parts = real.split(":", 5)
        fits = len(parts) == 6 and parts[0] == "arn" and parts[2] in {"iam", "sts"}
        if not fits or parts[1] not in PARTITIONS or parts[3]:
            return self.outside(real)
        kind, _, name = parts[5].partition("/")
        account = self.account(parts[4])
        return f"arn:{parts[1]}:{parts[2]}::{account}:{self._resource(kind, name, real)}"

    def _resource(self, kind: str, name: str, real: str) -> str:
        """Return the last part of an ARN."""
        last = name.rpartition("/")[2]
        if kind == "user":
            return f"user/{self._invent('user-{}', last, first=USER)}"
        if kind == "role":
            return f"role/{self._role(last)}"
        if kind in {"mfa", "u2f"}:
            return f"{kind}/{self._invent('device-{}', real)}"
        if kind == "assumed-role" and "/" in name:
            role, session = name.split("/", 1)
            mine = session.removeprefix("authkit-")
            known = mine != session and self._is_identity(mine)
            told = f"authkit-{self.identity(mine)}" if known else "session"
            return f"assumed-role/{self._role(role)}/{told}"
        return "root" if kind == "root" and not name else f"{self.outside(kind)}"

    def _role(self, name: str) -> str:
        return self._invent("role-{}", name)

    def request_id(self, real: str) -> str:
        """Return an invented request id."""
        return self._invent("00000000-0000-4000-8000-{:012}", real)

    def endpoint(self, real: str) -> str:
        """Return an invented address for the one of an endpoint: as safe as that one is.

        AWS's own stays: it tells the region alone.
        """
        if re.fullmatch(
            r"https://sts\.(?:[a-z]+(?:-[a-z]+)+-\d\.)?amazonaws\.com(?:\.cn)?/?", real
        ):
            return real
        scheme = "http" if real.lower().startswith("http:") else "https"
        loopback = re.fullmatch(r"(.*\.)?localhost|127\.[0-9.]+|\[::1\]", host(real))
        return f"{scheme}://{'localhost' if loopback else 'sts.example.com'}"

    def path(self, real: str) -> str:
        """Return an invented path; those of the state folder keep what they are for."""
        if real.endswith("config.toml"):
            return CONFIG if not real.startswith("/") else f"{HOME}{CONFIG}"
        if real.endswith(AWS_FILES):
            return f"{HOME}.aws/{real.rpartition('/')[2]}"
        if (inside := self.in_state(real)) is not None:
            return f"{STATE}/{inside}".rstrip("/")
        return self._invent(f"{HOME}path-{{}}", real)

    def in_state(self, real: str) -> str | None:
        """Return the path in the state folder of what stands there, None for what does not."""
        folder, _, file = real.rpartition("/")
        around, _, inside = folder.rpartition("/")
        if real == self._state or (not self._state and file == "authkit"):
            return ""
        if inside in STATE_FOLDERS and self.in_state(around) == "":
            name, dot, suffix = file.rpartition(".")
            plain = name if suffix == "json" else file
            if self._is_identity(plain):
                return f"{inside}/{self.identity(plain)}{dot + suffix if suffix == 'json' else ''}"
        return file if file in STATE_FOLDERS and self.in_state(folder) == "" else None

    # Texts.

    def _is_identity(self, word: str) -> bool:
        return any((form, word) in self._invented for form in (_IDENTITY, _NO_IDENTITY))


def _length(text: str) -> str:
    return f"<text of {len(text)} characters>"
