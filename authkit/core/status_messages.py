"""What `whoami` says on the cached path, so that it does not import the table of all messages."""

from __future__ import annotations

STATUS_MESSAGES = {
    "current": "{mark} Current Authentication Status\n\n{rows}",
}
