"""What the message of a Failure says, for tests below the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authkit import again
from authkit.arguments import Options
from tests.support.stage import Stage

if TYPE_CHECKING:
    from authkit.core.failures import Failure


def said(failure: Failure) -> str:
    """Return the message, with the commands that it names as a line without options has them."""
    return again.said(Stage(), Options(), failure)
