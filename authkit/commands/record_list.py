"""What a recording may keep: authkit's own words, and values of known forms.

This is a list of what is kept, not of what is left out.  A text on the screen is kept where
it is one of authkit's own templates, and then each value in it is dealt with by the name that
the template gives it (`_VALUES`).  Names, ids, addresses and paths get invented ones, the
same for the same.  A text from outside is kept where a template of `KNOWN` fits; of any other
its length is kept.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from shlex import quote
from string import Formatter

from authkit.arguments import COMMANDS, OPTIONS
from authkit.core import render
from authkit.core.keyring_hints import HINTS
from authkit.core.keyring_hints import hint as keyring_hint
from authkit.core.kinds import KINDS, TOKEN
from authkit.core.messages import CONFIGURE_AGAIN, CURES, DENIED_BY, MESSAGES
from authkit.core.model import MASK, masked
from authkit.core.rules import RULES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from re import Pattern

    Templates = Sequence[tuple[Pattern[str], Sequence[str]]]  # with the names of the groups

# What stands in a recording for what was there.  The paths, the backend and the first account
# and user are those of the world in which scenarios are replayed.
CONFIG = ".config/authkit/config.toml"
_HOME = "/home/dev/"
_STATE = f"{_HOME}.local/state/authkit"
_STATE_FOLDERS = ("sessions", "identities", "codes", "locks")
_EMPTY_BACKENDS = {"keyring.backends.fail.Keyring", "keyring.backends.null.Keyring"}
_BACKEND = "fakes.world.keyring.MemoryKeyring"
_ACCOUNT = 123456789012
_USER = "dev-admin"
_PASSPHRASE = "Passphrase of the keyring: "
CHILD = "command"
PROCESS = 4711

_FIELDS = {field.name: field for kind in KINDS.values() for field in kind.fields}
_TITLES = {field.title for field in _FIELDS.values()}
_OPERATIONS = {"GetCallerIdentity", "GetSessionToken", "AssumeRole"}
_PARTITIONS = {"aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"}
_ROWS = (*render.WHOAMI_ROWS, *render.LOGIN_ROWS)

# What the rules look for in a message, which decides what authkit does: that much is kept.
_TELLING = [re.compile(rule.words, re.IGNORECASE) for rule in RULES if rule.words]
_TELLING += [re.compile(rf"\b(?:in an?|no) (?:{'|'.join(DENIED_BY)})\b", re.IGNORECASE)]
_LEFT_OUT = re.compile(r"<text of \d+ characters(?:: [a-zA-Z -]+)*>")

# Forms of values that tell nothing about anybody.
_SPAN = r"(?:\d+d ?)?(?:\d+h ?)?(?:\d+m ?)?(?:\d+s ?)?(?:\d+ms)?|\d{1,9}"
_INSTANT = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [A-Z]{2,5}|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{2,4}"
_NUMBER = r"\d{1,6}"
_CODE = r"(?:[A-Z][a-z]+){1,8}(?:\.(?:[A-Z][a-z]+){1,8})?|no answer|broken answer|cannot ask"
_OFFSET = r"your clock is (?:\d+ h )?\d+ m (?:behind|ahead of) AWS"
_REMARK = rf"\((?:{_SPAN}|expired|{_CODE})(?:, ends soon|, not verified|, says AWS)?\)"
_REGION = r"(?:us|eu|ap|sa|ca|me|af|il|mx|cn|us-gov)-(?:north|south|east|west|central){1,2}-\d"

# Texts from outside that are known: AWS's, and reasons that authkit's adapters word.
KNOWN = (
    "The security token included in the request is {invalid}",
    "The request signature we calculated does not match the signature you provided. Check your "
    "AWS Secret Access Key and signing method. Consult the service documentation for details.",
    "Signature expired: {stamp} is now earlier than {stamp} ({stamp} - {minutes} min.)",
    "Signature not yet current: {stamp} is still later than {stamp} ({stamp} + {minutes} min.)",
    "Credential should be scoped to a valid region. ",
    "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
    "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA "
    "serial number is valid and associated with this user.",
    "MultiFactorAuthentication failed, unable to validate MFA code. Please verify your MFA "
    "serial number is valid and associated with this user.",
    "User: {principal} is not authorized to perform: {action}",
    "User: {principal} is not authorized to perform: {action} on resource: {principal}",
    "User: {principal} is not authorized to perform: {action} with an explicit deny{policy}",
    "User: {principal} is not authorized to perform: {action} on resource: {principal} "
    "with an explicit deny{policy}",
    "User: {principal} is not authorized to perform: {action} because no {kind_of_policy} "
    "allows the {action} action",
    "User: {principal} is not authorized to perform: {action} on resource: {principal} "
    "because no {kind_of_policy} allows the {action} action",
    "Cannot call {operation} with session credentials",
    "Roles may not be assumed by root accounts.",
    "STS is not activated in this region for account:{account}. Your account administrator can "
    "activate STS in this region using the IAM Console.",
    "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
    "chaining",
    "Rate exceeded",
    "Request has expired.",
    # why STS could not be reached
    "no connection within {number} s",
    "no answer within {number} s",
    "the connection closed unanswered",
    "the answer is not STS's",
    "the answer lacks what STS answers",
    "HTTP {number} without an STS error",
    # why nobody can be asked
    "--no-input was given",
    "CI={flag} is set",
    "--stdin was given",
    "credential-process never asks",
    "standard input is the null device",
    "there is no terminal",
    "authkit is in the background of its terminal",
    # why a session, an entry or a file cannot be used
    "process {process}",
    "{state_path}: {reason}",
    "it is of another version",
    "it names another identity",
    "its credentials cannot be sent",
    "its region, account or principal is none",
    "it is not what authkit writes",
    "it is not JSON",
    "its instants are out of bounds",
    "it is not an object with a version",
    "its fields are not texts of version 1",
    "version {number}; this one knows {number}",
    "{field} is missing",
    "{field}: {reason}",
    "{reason}; nobody can be asked here: {unasked}",
    "it asks for a password, and nobody can be asked here: {unasked}",
    "what was written cannot be read back",
    "group or others may write to it",
    "it belongs to root, as after 'sudo authkit'",
    "it belongs to another user",
    "it is {thing}, not a file",
    "there is no room left on its file system or in a quota",
    "Permission denied",
    "command not found",
    "the collection is locked",
    "it was not unlocked",
    "the question for its password was dismissed",
    "the backend does not answer",
    "none was found",
    "{backend} raised {code}",
    "{backend} keeps nothing",
    # why an answer is refused
    "ASIA… is the id of session credentials; take an IAM user's key (AKIA…)",
    "an access key id (AKIA…) has 16 to 128 letters and digits",
    "it cannot be blank",
    "STS takes no security keys (u2f); use a device that shows six digits",
    "an MFA ARN is written like arn:aws:iam::123456789012:mfa/user",
    "a duration is written like 36h, 1h30m, 45m, or in seconds like 3600",
    "AWS grants sessions of {asked} to {asked}",
    "AWS grants sessions of {asked} to {asked}; {number} is in seconds, {number}h in hours",
    # why a line of the command line cannot be read
    "No command to run: it comes after '--'",
    "Neither an identity nor a command is given",
    "Give an identity or --all, not both",
)
_DONE = (
    *("nothing-removed", "nothing-changed", "no-session-made", "no-session-kept"),
    *("no-session-of-role", "removed-refused", "removed-and-replaced", "settings-remain"),
    *("stopped", "nothing-saved", "saved-unmarked", "keys-left"),
)


class Keep:
    """Turns texts into what may be written of them; remembers what it invented.

    `texts`: texts from outside are kept too (--record-texts), with known values replaced.
    `left_out` counts the texts that were not kept.  `state` is AUTHKIT_STATE_DIR.
    """

    def __init__(self, *, texts: bool = False, state: str = "") -> None:
        self.left_out = 0
        self._state = state.rstrip("/")
        self._texts = texts
        self._invented: dict[tuple[str, str], str] = {}
        self._counts = Counter[str]()

    # Values that get invented ones.

    def _invent(self, kind: str, real: str, make: Callable[[int], str]) -> str:
        if (kind, real) not in self._invented:
            self._counts[kind] += 1
            self._invented[kind, real] = make(self._counts[kind])
        return self._invented[kind, real]

    def identity(self, name: str) -> str:
        """Return the invented name of an identity."""
        return self._invent("identity", name, lambda n: _USER if n == 1 else f"identity-{n}")

    def key_id(self, real: str) -> str:
        """Return an invented access key id; that it is of a session stays."""
        prefix = "ASIA" if real.upper().startswith("ASIA") else "AKIA"
        return self._invent(prefix, real, lambda n: f"{prefix}RECORDED{n:08}")

    def secret(self, real: str) -> str:
        """Return an invented secret."""
        return self._invent("secret", real, lambda n: f"secret-{n}")

    def code(self, real: str) -> str:
        """Return an invented MFA code; what is none is a text from outside."""
        digits = "".join(real.split())
        if not re.fullmatch(r"[0-9]{6}", digits, re.ASCII):
            return self.outside(real)
        return self._invent("code", digits, lambda n: f"{n:06}")

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
        return self._invent("serial", real, lambda n: f"GAHT{n:08}")

    def account(self, real: str) -> str:
        """Return an invented account id."""
        return self._invent("account", real, lambda n: str(_ACCOUNT + n - 1))

    def arn(self, real: str) -> str:
        """Return the same ARN of an invented account, with invented names; else `outside`."""
        parts = real.split(":", 5)
        fits = len(parts) == 6 and parts[0] == "arn" and parts[2] in {"iam", "sts"}
        if not fits or parts[1] not in _PARTITIONS or parts[3]:
            return self.outside(real)
        kind, _, name = parts[5].partition("/")
        account = self.account(parts[4])
        return f"arn:{parts[1]}:{parts[2]}::{account}:{self._resource(kind, name, real)}"

    def _resource(self, kind: str, name: str, real: str) -> str:
        """Return the last part of an ARN."""
        last = name.rpartition("/")[2]
        if kind == "user":
            return f"user/{self._invent('user', last, lambda n: _USER if n == 1 else f'user-{n}')}"
        if kind == "role":
            return f"role/{self._invent('role', last, lambda n: f'role-{n}')}"
        if kind == "mfa":
            return f"mfa/{self._invent('device', real, lambda n: f'device-{n}')}"
        if kind == "assumed-role" and "/" in name:
            role, session = name.split("/", 1)
            known = [n for (k, n) in self._invented if k == "identity"]
            mine = next((n for n in known if f"authkit-{n}" == session), "")
            told = f"authkit-{self.identity(mine)}" if mine else ""
            role = self._invent("role", role, lambda n: f"role-{n}")
            return f"assumed-role/{role}/{told or 'session'}"
        return "root" if kind == "root" and not name else f"{self.outside(kind)}"

    def request_id(self, real: str) -> str:
        """Return an invented request id."""
        return self._invent("request", real, lambda n: f"00000000-0000-4000-8000-{n:012}")

    def endpoint(self, real: str) -> str:
        """Return an invented address for the one of an endpoint: as safe as that one is."""
        from authkit.core.endpoints import host

        scheme = "http" if real.lower().startswith("http:") else "https"
        loopback = re.fullmatch(r"(.*\.)?localhost|127\.[0-9.]+|\[::1\]", host(real))
        return f"{scheme}://{'localhost' if loopback else 'sts.example.com'}"

    def path(self, real: str) -> str:
        """Return an invented path; those of the state folder keep what they are for."""
        if real.endswith("config.toml"):
            return CONFIG if not real.startswith("/") else f"{_HOME}{CONFIG}"
        if (inside := self.in_state(real)) is not None:
            return f"{_STATE}/{inside}".rstrip("/")
        return self._invent("path", real, lambda n: f"{_HOME}path-{n}")

    def in_state(self, real: str) -> str | None:
        """Return the path in the state folder of what stands there, None for what does not."""
        folder, _, file = real.rpartition("/")
        around, _, inside = folder.rpartition("/")
        if real == self._state or (not self._state and file == "authkit"):
            return ""
        if inside in _STATE_FOLDERS and self.in_state(around) == "":
            name, dot, suffix = file.rpartition(".")
            plain = name if suffix == "json" else file
            if self._is_identity(plain):
                return f"{inside}/{self.identity(plain)}{dot + suffix if suffix == 'json' else ''}"
        return file if file in _STATE_FOLDERS and self.in_state(folder) == "" else None

    # Texts.

    def outside(self, text: str) -> str:
        """Return a text from outside if it is known or texts are kept, else its length."""
        text = render.visible(text).strip()  # as it is shown
        if not text or _LEFT_OUT.fullmatch(text):
            return text
        if (kept := self._told(_known(), text)) is not None:
            return kept
        first = text[0].swapcase() + text[1:]  # a reason begins a sentence
        if (kept := self._told(_known(), first)) is not None:
            return kept[0].swapcase() + kept[1:]
        if self._texts:
            return self._replaced(text)
        self.left_out += 1
        telling = "".join(f": {found[0]}" for words in _TELLING if (found := words.search(text)))
        return f"<text of {len(text)} characters{telling}>"

    def screen(self, text: str) -> str:
        """Return a text that authkit has shown."""
        if (kept := self._told(_messages(), text)) is not None:
            return kept
        above, newline, last = text.rpartition("\n")
        if newline and (kept := self._told(_messages(), last.strip())) is not None:
            indent = last[: len(last) - len(last.lstrip())]
            return f"{self.screen(above)}\n{indent}{kept}"
        return self.outside(text)

    def data(self, text: str) -> str:
        """Return what a command has put on its standard output."""
        if text.startswith("IDENTITY "):
            cells = [re.split(" {2,}", line) for line in text.split("\n")]
            rows = [
                (self.identity(c[0]), *(self.value("state", cell) for cell in c[1:]))
                for c in cells[1:]
            ]
            return render.table([tuple(cells[0]), *rows])
        if text[:1] in "{[":
            return json.dumps(self._json(json.loads(text)), indent=2)
        return self.screen(text)

    def question(self, text: str, *, secret: bool) -> tuple[str, str]:
        """Return a question, and the name of the field that is asked for, "" if none is known.

        One for a secret that is no field is a keyring backend's.
        """
        if text == TOKEN.text:
            return text, "code"
        for field in _FIELDS.values():
            plain = field.label().rstrip()[:-1]
            if match := re.fullmatch(rf"{re.escape(plain)}(?: \[(.*)\])?: ", text):
                return field.label(self.answer(field.name, match[1] or "")), field.name
        return (_PASSPHRASE, "passphrase") if secret else (self.outside(text), "")

    def answer(self, field: str, typed: str) -> str:
        """Return what was typed for a field, or is stored in it."""
        if typed in {"", "-", MASK}:
            return typed
        if field == "code":
            return self.code(typed)
        if field == "passphrase":
            return "the-passphrase"
        if field not in _FIELDS:
            return self.outside(typed)
        if field == "secret_access_key":
            return self.secret(typed) if typed.strip() else typed
        try:
            _FIELDS[field].checked(typed)
        except ValueError:
            if field == "session_duration":
                return self.value("asked", typed)
            session = field == "access_key_id" and re.fullmatch(r"ASIA\w{12,124}", typed, re.ASCII)
            return self.key_id(typed) if session else self.outside(typed)
        if field == "session_duration":
            return typed
        return self.key_id(typed) if field == "access_key_id" else self.serial(typed)

    def line(self, words: Sequence[str]) -> list[str]:
        """Return the words of a command line of authkit's, without the program's name."""
        kept: list[str] = []
        takes = ""
        for word in words:
            spelt, equals, value = word.partition("=")
            if takes:
                kept.append(self.value(_OF_OPTION.get(takes, "reason"), word))
                takes = ""
            elif spelt in _SPELLINGS:
                takes = "" if equals else _TAKES.get(_SPELLINGS[spelt], "")
                name = _OF_OPTION.get(_TAKES.get(_SPELLINGS[spelt], ""), "reason")
                kept.append(f"{spelt}={self.value(name, value)}" if equals else spelt)
            elif word in _COMMAND_WORDS or word in _PLACEHOLDERS:
                kept.append(word)
            else:
                known = self._is_identity(word)
                kept.append(self.identity(word) if known else self.outside(word))
        return kept

    def _is_identity(self, word: str) -> bool:
        return ("identity", word) in self._invented

    def value(self, name: str, text: str) -> str:
        """Return a value that a template calls `name`."""
        if name in _FORMS:
            return text if re.fullmatch(_FORMS[name], text) else self.outside(text)
        if name in _WORDS:
            return text if text in _WORDS[name] else self.outside(text)
        return _VALUES.get(name, Keep.outside)(self, text) if text else text

    def _command(self, text: str) -> str:
        """Return a command that a message tells to run, or the one that exec was to run."""
        program, *words = _split(text)
        if program != "authkit" and program not in COMMANDS:
            return CHILD
        return " ".join([program, *(quote(w) if w != "…" else w for w in self.line(words))]) + (
            " " if text.endswith(" ") else ""
        )

    def _named(self, text: str) -> str:
        """Return what stands behind --identity in a message: a name, and perhaps options."""
        name, *words = _split(text)
        return " ".join([self.identity(name), *self.line(words)])

    def _rows(self, text: str) -> str:
        rows = [re.fullmatch(r"  (\w+(?: \w+)?)(   +)(.*)", line) for line in text.split("\n")]
        kept = [
            f"  {row[1]}{row[2]}{self.value(row[1], row[3])}"
            for row in rows
            if row and row[1] in _ROWS
        ]
        return "\n".join(kept)

    def _names(self, text: str) -> str:
        """Return a list of identities, or what tells the nearest of them."""
        before = next((b for b in (" There are: ", "; the nearest is ") if text.startswith(b)), "")
        names = text.removeprefix(before)
        dot = "." if before[:1] == " " else ""
        told = ", ".join(self.identity(n) for n in names.removesuffix(dot).split(", "))
        return f"{before}{told}{dot}"

    def _partition(self, text: str) -> str:
        return text if text in _PARTITIONS else _BACKEND

    def _table(self, text: str) -> str:
        name = text.removeprefix("identities.").strip('"')
        known = self._is_identity(name)
        return render.table_name(self.identity(name)) if known else self.outside(text)

    def _hint(self, text: str) -> str:
        """Return the hint about the backend of the replaying world for one about another."""
        state = next(state for state, told in _hints() if re.fullmatch(told, text))
        return keyring_hint(state, _BACKEND, desktop=False)

    def _json(self, value: object) -> object:
        if isinstance(value, list):
            return [self._json(v) for v in value]
        if isinstance(value, dict):
            return {
                key: self.value(_OF_JSON.get(key, "reason"), v) if isinstance(v, str) else v
                for key, v in value.items()
            }
        return value

    def _told(self, templates: Templates, text: str) -> str | None:
        """Return the text with its values dealt with, None if none of the templates fits."""
        for pattern, names in templates:
            if match := pattern.fullmatch(text):
                kept, place = "", 0
                for group, name in enumerate(names, 1):
                    start, end = match.span(group)
                    if start >= 0:
                        kept += text[place:start] + self.value(name, match[group])
                        place = end
                return kept + text[place:]
        return None

    def _replaced(self, text: str) -> str:
        """Return a text that is kept as it came, with secrets masked and known values replaced."""
        text = masked(text)
        for (_, real), invented in sorted(self._invented.items(), key=lambda i: -len(i[0][1])):
            text = text.replace(real, invented)
        return text


def _split(text: str) -> list[str]:
    """Return the words of a command that authkit has written for a shell."""
    from shlex import split

    try:
        return split(text) or [text]
    except ValueError:
        return [text]


# How values are dealt with, by the names that templates give them.  Any other is from outside.
_FORMS = {
    **dict.fromkeys(("granted", "asked", "left", "most", "pause", "waited"), _SPAN),
    **dict.fromkeys(("expires", "until", "ended", "Last Updated"), _INSTANT),
    **dict.fromkeys(("tries", "status", "number", "minutes"), _NUMBER),
    "instant": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "Expires": rf"(?:{_INSTANT}) {_REMARK}",
    "code": _CODE,
    "offset": rf"{_OFFSET}|the clock of this machine is wrong",
    "region": _REGION,
    "Region": _REGION,
    "stamp": r"\d{8}T\d{6}Z",
    "invalid": r"invalid\.?|expired",
    "action": r"sts:[A-Z][A-Za-z]{2,40}",
    "policy": rf"(?: in an? (?:{'|'.join(DENIED_BY)}))?",
    "kind_of_policy": "|".join(DENIED_BY),
    "flag": r"(?i:true|1|yes)",
    "thing": "a symbolic link|a FIFO|a device|a folder|a socket",
}
_WORDS = {
    "fields": {", ".join(field.name for field in kind.fields) for kind in KINDS.values()},
    "vendor": {kind.vendor for kind in KINDS.values()},
    "title": _TITLES,
    "field": {*_FIELDS},
    "operation": _OPERATIONS,
    "mark": {"✓", "✗", "⚠"},
    "kind": {*KINDS},
    "Provider": {render.provider(kind) for kind in KINDS},
    "kept": {*_TITLES, "MFA ARN and Session Duration"},
    "setting": {"AUTHKIT_KEYRING_PASSPHRASE", "AUTHKIT_KEYRING_PASSPHRASE_COMMAND"},
    "unseen": {""},
    "json": {"expired", "absent", "unreachable", *(rule.name for rule in RULES)},
}
_VALUES: dict[str, Callable[[Keep, str], str]] = {
    **dict.fromkeys(("identity", "source", "role", "Identity"), Keep.identity),
    **dict.fromkeys(("principal", "Principal"), Keep.principal),
    "role_arn": Keep.arn,
    "process": lambda _keep, _text: str(PROCESS),
    **dict.fromkeys(("account", "Account"), Keep.account),
    **dict.fromkeys(("path", "place", "state_path"), Keep.path),
    **dict.fromkeys(("again", "command"), Keep._command),  # noqa: SLF001 - its own table
    "access_key_id": Keep.key_id,
    "mfa_arn": Keep.serial,
    "endpoint": Keep.endpoint,
    "backend": lambda _keep, text: text if text in _EMPTY_BACKENDS else _BACKEND,
    **dict.fromkeys(("names", "near"), Keep._names),  # noqa: SLF001
    **dict.fromkeys(("theirs", "ours"), Keep._partition),  # noqa: SLF001
    "request_id": lambda keep, real: keep.request_id(real),
    "named": Keep._named,  # noqa: SLF001
    "more": lambda keep, text: "".join(f" {word}" for word in keep.line(_split(text.strip()))),
    "rows": Keep._rows,  # noqa: SLF001
    "table": Keep._table,  # noqa: SLF001
    "keyring_hint": Keep._hint,  # noqa: SLF001
}
_SPELLINGS = {"-i": "--identity", "-p": "--identity", "--profile": "--identity", "--json": "--json"}
_SPELLINGS |= {flag: flag for flag in OPTIONS}
_TAKES = {flag: option.takes for flag, option in OPTIONS.items()}
_OF_OPTION = {"NAME": "identity", "FILE": "path", "DURATION": "asked", "REGION": "region"}
_OF_OPTION["FORM"] = "form"
_FORMS["form"] = "|".join(c for option in OPTIONS.values() for c in option.choices)
_PLACEHOLDERS = {"--", "…", "NAME", "COMMAND"}
_COMMAND_WORDS = {word for name in COMMANDS for word in name.split()}
_OF_JSON = {name: name for name in ("identity", "kind", "principal", "account", "region")}
_OF_JSON |= {"expires": "instant", "last_updated": "instant", "provider": "Provider"}
_OF_JSON |= {"reason": "json", "keys": "state", "session": "state"}
_FORMS["state"] = (
    "aws/user|aws/assume-role|stored|none|-|unreadable|locked|corrupt|settings alone|expired|absent|"
    + _SPAN
)


# The templates as patterns.


@cache
def _known() -> Templates:
    return [_compiled(template) for template in KNOWN]


@cache
def _messages() -> Templates:
    templates = sorted(MESSAGES.values(), key=lambda told: -len(re.sub(r"\{\w+\}", "", told)))
    return [_compiled(template) for template in templates]


@cache
def _hints() -> list[tuple[str, str]]:
    """Return the hints that are about one backend: the state, and a pattern."""
    return [
        (state, re.escape(told).replace(r"\{backend\}", r"\S+"))
        for row in HINTS
        if row.backend
        for state, told in (
            ("locked", row.locked),
            ("locked", row.without_desktop),
            ("unreadable", row.unreadable),
        )
        if told
    ]


@cache
def _nested() -> dict[str, list[str]]:
    """Return the templates that a value may be, by its name."""
    meanings = [rule.meaning for rule in RULES]
    done = [MESSAGES[name] for name in _DONE]
    clauses = [told for told in KNOWN if told[0] not in "TUMC{"]
    hints = [rule.hint for rule in RULES if rule.hint] + [*DENIED_BY.values(), CONFIGURE_AGAIN]
    return {
        "meaning": [*meanings, *(f"{told},\n  says {{endpoint}}" for told in meanings)],
        "why": [*meanings, *clauses],
        "hint": [*hints, HINTS[-1].locked, HINTS[-1].unreadable, "{keyring_hint}"],
        "done": [*done, *(f"{one} {two}" for one in done for two in done)],
        "said": ["", MESSAGES["aws-says"]],
        "cure": [*CURES.values()],
    }


def _compiled(template: str) -> tuple[Pattern[str], list[str]]:
    names: list[str] = []
    return re.compile(_pattern(template, names), re.DOTALL), names


def _pattern(template: str, names: list[str]) -> str:
    """Return a template as a regular expression; `names` gets those of its groups."""
    written = before = ""
    for literal, name, _, _ in Formatter().parse(template):
        written += re.escape(literal)
        before = literal or before
        if name is None:
            continue
        if name in _nested() and template not in _nested()[name]:
            written += f"(?:{'|'.join(_pattern(told, names) for told in _nested()[name])})"
            continue
        in_command = name == "identity" and before.endswith("--identity ")
        names.append("named" if in_command else name)
        written += f"({_shape(name)})"
    return written


def _shape(name: str) -> str:
    """Return how a value can look at all; a message is one line but for what is named here."""
    if name == "keyring_hint":
        return "|".join(told for _, told in _hints())
    if name == "rows":
        return ".+"
    if name == "state_path":
        return r"/[^\n:]+"
    if name in {"field", "operation"}:
        return "|".join(_WORDS[name])
    if name == "table":
        return r"identities\.(?:\"[^\"\n]*\"|[^.\s]+)"
    return r"[^\n]*?" if name in _MAY_BE_EMPTY else r"[^\n]+?"


_MAY_BE_EMPTY = {"more", "near", "names", "unseen", "policy", "keys"}
