"""A kind from elsewhere that exploration walks: an IAM user's two fields, another service."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from authkit import kinds
from authkit.core.kinds import AWS_USER
from authkit.kinds import Action, Refused, Rule, codes

if TYPE_CHECKING:
    from authkit.core.ports import World

ADDRESS = "https://token.example/"


def log_in(world: World, values: kinds.Values) -> kinds.Granted:
    """Make one attempt."""
    status, body = world.web.post(ADDRESS, values.texts())
    if status != 200:
        raise Refused("token", str(status))
    return kinds.Granted({"A_TOKEN": body}, world.clock.now() + timedelta(hours=1))


KIND = kinds.kind(
    "test/brought",
    vendor="Elsewhere",
    fields=AWS_USER.credentials,
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
