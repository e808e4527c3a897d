"""Which rows of the table of rules applied while a command ran in this process."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from authkit.core import rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authkit.core.failures import CallFailed
    from authkit.core.rules import Circumstances, Rule


class Applied(NamedTuple):
    """A call that failed, and the row that said what it means."""

    rule: Rule
    trouble: CallFailed
    seen: Circumstances


@contextmanager
def noting_rules() -> Iterator[list[Applied]]:
    """Note in the list which row applied to each call that failed.

    A call may be looked up twice: the port asks whether to sign it again, then the flow, which
    knows more of it, asks what to do.  The last answer counts.
    """
    meaning = rules.meaning
    found: list[Applied] = []

    def noted(trouble: CallFailed, seen: Circumstances, table: tuple[Rule, ...] = ()) -> Rule:
        rule = meaning(trouble, seen, table)
        if found and found[-1].trouble is trouble:
            found.pop()
        found.append(Applied(rule, trouble, seen))
        return rule

    rules.meaning = noted
    try:
        yield found
    finally:
        rules.meaning = meaning
