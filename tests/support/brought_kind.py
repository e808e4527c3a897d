"""A kind from elsewhere that exploration walks: two credentials, two settings, another service."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from authkit import kinds
from authkit.core import durations
from authkit.core.kinds import AWS_USER, Kind
from authkit.kinds import Action, Field, Refused, Rule, codes

if TYPE_CHECKING:
    from authkit.core.ports import World

ADDRESS = "https://token.example/"
ACCOUNT = "tenant-7"
SCOPE, DURATION = "read", "1h"  # where neither is set
# A variable of the child's that would name other credentials than the token.
TOKEN, OTHER = "A_TOKEN", "A_SECRET"


def scope(text: str) -> str:
    """Check a scope; it is kept in small letters."""
    if not re.fullmatch("[a-z]+", text, re.IGNORECASE):
        raise ValueError("a scope has letters only")
    return text.lower()


def duration(text: str) -> str:
    """Check how long a token is to last."""
    if not durations.SHORTEST <= durations.parse(text) <= durations.LONGEST:
        raise ValueError("a token lasts from 15m to 36h")
    return text


def log_in(world: World, values: kinds.Values) -> kinds.Granted:
    """Make one attempt.  The service gets every field that is set, and says how long it holds."""
    status, body = world.web.post(ADDRESS, values.texts())
    if status != 200:
        raise Refused("token", str(status))
    token, lasts = body.split()
    return kinds.Granted(
        {TOKEN: token, OTHER: ""},
        world.clock.now() + timedelta(seconds=int(lasts)),
        account=ACCOUNT,
        principal=f"app-{values.text('scope') or SCOPE}",
    )


KIND = kinds.kind(
    "test/brought",
    vendor="Elsewhere",
    fields=(
        *AWS_USER.credentials,
        Field("scope", "Scope", "what the token is for", scope, default=SCOPE),
        Field(
            *("session_duration", "Session Duration", "how long a token lasts", duration),
            default=DURATION,
        ),
    ),
    rules=(
        Rule(
            "no-answer",
            codes(kinds.NO_ANSWER, kinds.BROKEN_ANSWER),
            Action.WAIT,
            pauses=kinds.PAUSES,
            meaning="It cannot be asked: {reason}",
            hint="Run '{login}'.",
        ),
        Rule("other", codes(), Action.STOP, meaning="It says {code}", hint="Run '{login}'."),
    ),
    log_in=log_in,
)
# One whose service alone decides how long a token lasts, and one that cannot be used.
BARE = KIND.replaced(name="test/bare", fields=AWS_USER.credentials)
BROKEN = Kind("test/broken", vendor="", fields=(), trouble="a-kit, which brings it, is broken")
