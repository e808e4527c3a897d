"""The kinds of identities: what each asks for, as data.

A kind is a tuple of fields.  Form, keyring entry, config file and command line
work from these and know nothing else of a kind.  Required fields are the
credentials.  Optional ones are settings, which stay when the credentials are
removed.  The kinds here are built in, and their flows are in ``login.flows``.  Any other
kind comes from an installed distribution (``authkit.kinds``).
"""

from __future__ import annotations

import re
from functools import partial

from authkit.core import durations, render
from authkit.core.model import Question, Secret, Value, Values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from authkit.core.rules import Rule


class Field(Value):
    """One thing to ask for.

    `validator` takes the text without blanks at its ends and returns the text to
    keep, or raises ValueError with a reason that can be shown.  `stored` is the
    validator for entries in the keyring, if more is valid there.
    """

    name: str
    title: str
    help: str
    validator: Callable[[str], str]
    required: bool = False
    secret: bool = False
    default: str = ""
    stored: Callable[[str], str] | None = None

    def label(self, present: str = "") -> str:
        """Return the prompt for it, with the present value as the default in brackets."""
        default = self.default and f", default: {self.default}"
        notes = "" if self.required else f" (optional{default})"
        return f"{self.title}{notes}{present and f' [{present}]'}: "

    def checked(self, text: str) -> str | Secret:
        """Return an answer as it is to be kept.  Raises ValueError with a reason to show."""
        render.refuse_unseen(text)
        return Secret(self.validator(text)) if self.secret else self.validator(text)


class Kind(Value):
    """A kind of identity: `name` as config files spell it, `vendor` of its credentials.

    A kind from elsewhere has its own table of `rules`, and what a built-in one has in
    ``login.flows``: `flow`, and `tries` for its fields.  `trouble` says why such a kind cannot
    be used, "" when it can.
    """

    name: str
    vendor: str
    fields: tuple[Field, ...]
    configured: tuple[Field, ...] = ()  # set in the config file only, never asked for
    rules: tuple[Rule, ...] = ()
    flow: Callable[..., Any] | None = None
    tries: Callable[..., str] | None = None
    trouble: str = ""

    @property
    def credentials(self) -> tuple[Field, ...]:
        """The fields without which the identity is not configured."""
        return tuple(field for field in self.fields if field.required)

    def values(self, texts: Mapping[str, str]) -> Values:
        """Return fields that are given as texts.

        Secret fields become Secrets, and so do fields that the kind does not know, such
        as a session token.
        """
        plain = {field.name for field in self.fields if not field.secret}
        return Values({n: text if n in plain else Secret(text) for n, text in texts.items()})

    @property
    def configurable(self) -> tuple[Field, ...]:
        """The fields that a config file may set."""
        return self.settings + self.configured

    @property
    def settings(self) -> tuple[Field, ...]:
        """The fields that are remembered, and that a config file may set."""
        return tuple(field for field in self.fields if not field.required)


def access_key_id(text: str) -> str:
    """Check the id of a long-lived key (bounds: IAM's accessKeyIdType, 16 to 128 characters)."""
    if text.upper().startswith("ASIA"):
        raise ValueError("ASIA… is the id of session credentials; take an IAM user's key (AKIA…)")
    return any_access_key_id(text)


def any_access_key_id(text: str) -> str:
    """Check an access key id, of a session too: a keyring may hold one (B-L17)."""
    if not re.fullmatch(r"[A-Za-z0-9_]{16,128}", text, re.ASCII):
        raise ValueError("an access key id (AKIA…) has 16 to 128 letters and digits")
    return text


def not_blank(text: str) -> str:
    """Check that there is text: JSON can hold surrogates, which are not."""
    if not text.strip():
        raise ValueError("it cannot be blank")
    if text.encode("utf-8", "ignore").decode() != text:
        raise ValueError("it is not text")
    return text


def mfa_serial_number(text: str) -> str:
    """Check an MFA serial number (bounds: STS's SerialNumber); hardware tokens have plain ones.

    The account in an ARN has twelve digits.
    """
    if ":u2f/" in text:
        raise ValueError("STS takes no security keys (u2f); use a device that shows six digits")
    if not re.fullmatch(r"(?!arn:(?![^:]*:iam::\d{12}:))[\w+=/:,.@-]{9,256}", text, re.ASCII):
        raise ValueError("an MFA ARN is written like arn:aws:iam::123456789012:mfa/user")
    return text


def session_duration(text: str, longest: int = durations.LONGEST) -> str:
    """Check the duration of a session, at most `longest`; return it as entered."""
    durations.within(text, longest)
    return text


def role_arn(text: str) -> str:
    """Check a role's ARN (bounds: STS's RoleArn, 20 to 2048 characters)."""
    if not re.fullmatch(r"arn:[\w-]+:iam::\d{12}:role/[\w+=/,.@-]{1,1900}", text, re.ASCII):
        raise ValueError("a role's ARN is written like arn:aws:iam::123456789012:role/deploy")
    return text


def command(text: str) -> str:
    """Check a command, written as for a shell: it is split so, and run without one."""
    import shlex  # off the path of `list`

    if not shlex.split(text):
        raise ValueError("it names no command")
    return text


def external_id(text: str) -> str:
    """Check an external id (bounds: STS's ExternalId)."""
    if not re.fullmatch(r"[\w+=,.@:/-]{2,1224}", text, re.ASCII):
        raise ValueError("an external id has 2 to 1224 letters, digits and +=,.@:/-")
    return text


AWS_USER = Kind(
    name="aws/user",
    vendor="AWS",
    fields=(
        Field(
            name="access_key_id",
            title="AWS Access Key ID",
            help="the id of the IAM user's access key, AKIA…",
            required=True,
            validator=access_key_id,
            stored=any_access_key_id,
        ),
        Field(
            name="secret_access_key",
            title="AWS Secret Access Key",
            help="the secret that was shown once, when the key was made",
            required=True,
            secret=True,
            validator=not_blank,
        ),
        Field(
            name="mfa_arn",
            title="MFA ARN",
            help="the MFA device's ARN, or a hardware token's serial number",
            validator=mfa_serial_number,
        ),
        Field(
            name="session_duration",
            title="Session Duration",
            help="how long a session is to last, 15m to 36h",
            default=durations.spell(durations.DEFAULT),
            validator=session_duration,
        ),
    ),
    configured=(Field("mfa_process", "MFA Process", "a command that prints the code", command),),
)

AWS_ASSUME_ROLE = Kind(
    name="aws/assume-role",
    vendor="AWS",
    fields=(),
    configured=(
        Field(
            "source", "Source", "the identity whose session may assume it", not_blank, required=True
        ),
        Field("role_arn", "Role ARN", "the role's ARN", role_arn, required=True),
        Field(
            name="session_duration",
            title="Session Duration",
            help="how long a session is to last, 15m to the role's MaxSessionDuration",
            default="1h",
            validator=partial(session_duration, longest=durations.LONGEST_OF_ROLE),
        ),
        Field("external_id", "External ID", "what the role's trust policy asks for", external_id),
    ),
)

TOKEN = Question("Enter MFA Token: ")  # not a field: it is asked for at each new session

KINDS = {kind.name: kind for kind in (AWS_USER, AWS_ASSUME_ROLE)}
