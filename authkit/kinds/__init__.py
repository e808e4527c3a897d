"""What a distribution needs to bring a kind of identity of its own: docs/write-a-kind.md.

These names stay as they are.  A distribution names its `kind` in an entry point of the
group ``authkit.kinds``; authkit looks there when a config file names a kind that is not
built in (``adapters.installed_kinds``).
"""

from __future__ import annotations

from authkit.core.failures import BROKEN_ANSWER, CANNOT_ASK, NO_ANSWER, Refused, Unreachable
from authkit.core.kinds import Field, not_blank
from authkit.core.model import Values
from authkit.core.render import Template
from authkit.core.rules import PAUSES, Action, Rule, codes
from authkit.kinds.stored import Granted, kind

__all__ = [
    "BROKEN_ANSWER",
    "CANNOT_ASK",
    "NO_ANSWER",
    "PAUSES",
    "Action",
    "Field",
    "Granted",
    "Refused",
    "Rule",
    "Template",
    "Unreachable",
    "Values",
    "codes",
    "kind",
    "not_blank",
]
