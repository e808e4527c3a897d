"""Changes a file of the person's own: reads it, has it edited, and writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authkit.core.failures import Failure
from authkit.core.render import text

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol, TypeVar

    from authkit.core.ports import UserFiles

    class Change(Protocol):
        """What becomes of a file."""

        @property
        def content(self) -> bytes | None:
            """Its new bytes, None if they stay."""

    AnyChange = TypeVar("AnyChange", bound=Change)

_TRIES = 5  # another program may write the file while it is edited


def changed(files: UserFiles, path: str, change: Callable[[bytes], AnyChange]) -> AnyChange:
    """Make the change that `change` returns for a file's bytes; return it.

    A file that is not there has none.  One that another program writes meanwhile is read anew.
    Raises what `change` does; FileTrouble; Failure when it never stays as it was read.
    """
    for _ in range(_TRIES):
        was = files.read(path)
        made = change(was or b"")
        if made.content is None or files.replace(path, made.content, was):
            return made
    facts = {"path": path, "tries": _TRIES, "done": text("nothing-changed")}
    raise Failure("file-keeps-changing", **facts)
