"""The messages of `whoami` on the cached path, which is spared the table of all messages."""

from __future__ import annotations

STATUS_MESSAGES = {
    "current": "{mark} Current Authentication Status\n\n{rows}",
    "not-verified": "⚠ Not verified: {why}.",
}
