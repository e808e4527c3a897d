"""Arbitrary texts for hypothesis, the commands that read them, and what must always hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.support.people import KEYS, NAME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.support.people import Ran

QUICK = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
COMMANDS = {  # and their possible exit statuses when an input is bad
    ("login", NAME): {0, 1},
    ("whoami", NAME): {0, 1},
    ("whoami", NAME, "--output", "json"): {0, 1},
    ("exec", NAME, "--", "x"): {0, 125},
    ("env", NAME): {0, 1},
    ("credential-process", NAME): {0, 1},
    ("list", "--check"): {0},
    ("logout", NAME): {0},
    ("complete-identities",): {0},
}
HANDS_ON = {"env", "credential-process"}  # print the session unchanged, for other programs
ODD = [  # texts that hypothesis does not generate
    *("", " ", "null", "0", "[]", "{}", '""', "{", "\ufeff{}", "NaN", '{"version": 1}', "\0"),
    *("[" * 100_000, '{"version": 1e400}', '{"version": true}', '{"version": 1.0}', "9" * 5_000),
    *('{"version": 99}', '{"version": -1}', '{"version": 1, "access_key_id": null}'),
    '{"version": 1, "access_key_id": "\\ud800", "secret_access_key": "\\ud800"}',
    '{"version": 1, "access_key_id": "AKIA\\u001b[2J\\u009b", "secret_access_key": "x"}',
    '{"version": 1, "version": 2, "x": ["y"]}',
    json.dumps({"version": 1, **KEYS, "session_duration": "1s"}),
    json.dumps({"version": 1, **KEYS, "session_duration": "9" * 99}),
    json.dumps({"version": 1, **KEYS, "mfa_arn": "\u202e" * 20}),
]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


def written(about: st.SearchStrategy[Any]) -> st.SearchStrategy[str]:
    """Return a strategy for texts, many of them JSON."""
    return st.text() | anything.map(json.dumps) | about.map(json.dumps)


def spoilt(good: Mapping[str, object]) -> st.SearchStrategy[dict[str, object]]:
    """Return a strategy for tables like `good`, with some fields replaced or missing."""
    return st.dictionaries(st.sampled_from([*good, "other"]), anything, max_size=3).flatmap(
        lambda bad: st.sets(st.sampled_from([*good]), max_size=2).map(
            lambda gone: {k: v for k, v in {**good, **bad}.items() if k not in gone}
        )
    )


def check(done: Ran, statuses: set[int]) -> None:
    """Check the exit status, and that no traceback and no control character is shown."""
    assert done.status in statuses, done.screen
    assert "Traceback" not in done.screen
    assert "did not expect" not in done.screen, done.screen
    assert not {*done.screen} & {*map(chr, range(9)), "\x1b", "\x9b", "\u202e"}
