"""A kind from elsewhere, in exploration: whatever fails, its keys stay (B-K01).

It is walked apart from the other situations: its commands are among them (``brought-login``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.explore.chooser import Walk
from tests.explore.commands import by_name
from tests.explore.explorer import Explorer
from tests.explore.situations import FROM_ELSEWHERE
from tests.support import brought_kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.explore.explorer import Path


def paths(name: str) -> Iterator[Path]:
    """Yield the paths of a situation."""
    explorer, walk = Explorer(), Walk(1)
    for node in walk:
        yield explorer.walk(by_name(name), node.prefix, node.left)
        walk.expand(node, explorer.chooser)


@pytest.mark.parametrize("name", FROM_ELSEWHERE)
def test_whatever_fails(name: str) -> None:
    """B-K01, B-S02, B-A04: its keys stay, words equal deeds, the next login works."""
    walked = [*paths(name)]
    usual = 1 if "-process-" in name else 0  # SDKs are given sessions of AWS alone
    assert {path.status for path in walked} >= {usual, 130}
    assert [path.words for path in walked if path.complaints] == []


def test_a_secret_that_is_told_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a kind that tells its secret some path breaks a law."""
    other = brought_kind.KIND.rules[-1].replaced(meaning="It says {code} of secret-of-first")
    rules = (*brought_kind.KIND.rules[:-1], other)
    monkeypatch.setattr("tests.explore.folder.KIND", brought_kind.KIND.replaced(rules=rules))
    broken = [{*path.complaints} for path in paths("once-login-brought")]
    assert {"nothing exposed"} in broken
