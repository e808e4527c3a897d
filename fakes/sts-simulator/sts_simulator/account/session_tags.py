"""Session tags: their rules, their inheritance along a chain of roles, and their size.

Source: A, LocalStack's snapshots recorded on AWS (`tests/aws/services/sts`), for the
three InvalidParameterValue errors; C, IAM user guide, "Pass session tags in AWS STS".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sts_simulator.account import errors
from sts_simulator.account.parameters import members

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sts_simulator.account.errors import AwsError

LARGEST = 4096  # bytes; C, What's New 2026-09: one limit for the whole session token
SMALLEST = 361  # bytes of a token here; what is passed adds to it


@dataclass(frozen=True)
class Passed:
    """What a session was made with, and what the next session of a chain inherits.

    `tags` are the session's tags, `transitive` the keys in lower case that the next
    session inherits.  `policies` are the session policies, in JSON.
    """

    tags: Mapping[str, str] = field(default_factory=dict)
    transitive: frozenset[str] = frozenset()
    source_identity: str | None = None
    policies: Sequence[str] = ()

    @property
    def size(self) -> int:
        """How many bytes this adds to a session token.  I: AWS packs it in a way of its own."""
        texts = [*self.tags, *self.tags.values(), *self.policies, self.source_identity or ""]
        return sum(len(text.encode()) for text in texts)


def requested(asked: Mapping[str, str]) -> dict[str, str]:
    """Return the tags of a request, by key."""
    return {tag.get("Key", ""): tag.get("Value", "") for tag in members(asked, "Tags")}


def transitive_keys(asked: Mapping[str, str]) -> list[str]:
    """Return the TransitiveTagKeys of a request."""
    return [key[""] for key in members(asked, "TransitiveTagKeys")]


def refusal(asked: Mapping[str, str], caller: Passed) -> AwsError | None:
    """Return STS's error for the tags of a request, None when they are right."""
    keys = [tag.get("Key", "").lower() for tag in members(asked, "Tags")]
    transitive = {key.lower() for key in transitive_keys(asked)}
    if repeated := {key for key in keys if keys.count(key) > 1}:
        return errors.TAG_TWICE.because(f"the tag {min(repeated)} comes twice")
    if missing := transitive - set(keys):
        return errors.NO_SUCH_TAG.because(f"there is no tag {min(missing)} in the request")
    if changed := caller.transitive & set(keys):
        return errors.TAG_IS_TRANSITIVE.because(f"the caller's session hands on {min(changed)}")
    size = Passed(tags=requested(asked)).size
    if size > LARGEST:
        percent = -(-size * 100 // LARGEST)
        return errors.TAGS_TOO_LARGE.fill(percent=percent).because(
            f"the tags have {size} bytes of {LARGEST}"
        )
    return None


def passed(asked: Mapping[str, str], caller: Passed, policies: Sequence[str]) -> Passed:
    """Return what a new session has: what it is given, and what it inherits from the caller's."""
    inherited = {key: v for key, v in caller.tags.items() if key.lower() in caller.transitive}
    return Passed(
        inherited | requested(asked),
        caller.transitive | {key.lower() for key in transitive_keys(asked)},
        asked.get("SourceIdentity") or caller.source_identity,
        policies,
    )


def token_size(passed: Passed) -> int:
    """Return how many bytes the token of such a session has."""
    return SMALLEST + passed.size
