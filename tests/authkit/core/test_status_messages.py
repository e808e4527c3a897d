"""core.status_messages: what `whoami` says without the table of all messages."""

from __future__ import annotations

import subprocess
import sys

from authkit.core.messages import MESSAGES
from authkit.core.status_messages import STATUS_MESSAGES

PROGRAM = """
import sys
from authkit.core.render import text
for name in {names!r}:
    text(name, mark="", rows="")
print("authkit.core.messages" in sys.modules)
"""


def test_they_are_among_all_messages() -> None:
    """Whoever reads the whole table finds them there."""
    assert MESSAGES.items() >= STATUS_MESSAGES.items()


def test_the_whole_table_is_not_imported_for_them() -> None:
    """The cached path is spared its import."""
    program = PROGRAM.format(names=[*STATUS_MESSAGES])
    ran = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", program], capture_output=True, check=True, start_new_session=True
    )
    assert ran.stdout == b"False\n"
