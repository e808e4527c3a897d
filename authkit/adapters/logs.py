"""What libraries log: nothing of it reaches the person (B-A02).

boto3, keyring and its plug-ins, and hashlib where memory is short, log errors with
tracebacks.  Python writes those to standard error where no handler is set.
"""

from __future__ import annotations


def silence() -> None:
    """Discard what is logged, unless whoever runs authkit in this process collects it."""
    import logging

    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.NullHandler())
