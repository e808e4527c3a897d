"""Session tags.  Sources: LocalStack's snapshots recorded on AWS; IAM user guide."""

from __future__ import annotations

import pytest

from sts_simulator.account import session_tags
from sts_simulator.account.errors import AwsError
from sts_simulator.account.session_tags import Passed

CALLER = Passed(tags={"Team": "red", "cost": "1"}, transitive=frozenset({"team"}))


def asked(*transitive: str, **tags: str) -> dict[str, str]:
    """Return the parameters of a request with these tags."""
    written = {f"TransitiveTagKeys.member.{n}": key for n, key in enumerate(transitive, 1)}
    for number, (key, value) in enumerate(tags.items(), 1):
        written |= {f"Tags.member.{number}.Key": key, f"Tags.member.{number}.Value": value}
    return written


@pytest.mark.parametrize(
    ("request_", "caller", "code", "message"),
    [
        (
            asked("X", T="1"),
            Passed(),
            "InvalidParameterValue",
            "The specified transitive tag key must be included in the requested tags.",
        ),
        (
            asked(T="1", t="2"),
            Passed(),
            "InvalidParameterValue",
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        ),
        *(
            (
                asked(**{key: "blue"}),
                CALLER,
                "InvalidParameterValue",
                (
                    "One of the specified transitive tag keys can't be set because it conflicts "
                    "with a transitive tag key from the calling session."
                ),
            )
            for key in ("Team", "team")
        ),
        (
            asked(**{f"k{n}": "v" * 256 for n in range(50)}),
            Passed(),
            "PackedPolicyTooLarge",
            "Packed size of session tags consumes 316% of allotted space.",
        ),
    ],
)
def test_refusals(request_: dict[str, str], caller: Passed, code: str, message: str) -> None:
    """simulator-gaps F7, F8, F9 [LS], in either case of the key, and F11 (containers-roadmap)."""
    assert session_tags.refusal(request_, caller) == AwsError(code, message)


def test_what_a_chain_inherits() -> None:
    """Transitive tags, their keys and the source identity go on; other tags and policies do not."""
    caller = Passed(CALLER.tags, CALLER.transitive, "bob", ["{}"])
    new = session_tags.passed(asked("Env", Env="prod"), caller, [])
    assert new == Passed(
        {"Team": "red", "Env": "prod"}, frozenset({"team", "env"}), "bob", policies=[]
    )
    assert session_tags.refusal(asked(cost="2"), caller) is None


def test_a_value_may_be_empty() -> None:
    """A tag has a key and a value; members come in the order of their numbers."""
    assert session_tags.requested(asked(b="", a="1")) == {"b": "", "a": "1"}


def test_size() -> None:
    """What is passed adds its bytes to the smallest token."""
    larger = Passed({"é": "1"}, frozenset(), "bob", ["{}"])
    assert session_tags.token_size(larger) - session_tags.token_size(Passed()) == 8
