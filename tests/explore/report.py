"""A path as a story: what was chosen, what happened, what it breaks, and how to see it again."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.explore.events import Event
    from tests.explore.explorer import Path

INDENT = "      "


def story(path: Path) -> str:
    """Return a path as lines for a person."""
    return "\n".join(_lines(path)) + "\n"


def _lines(path: Path) -> Iterator[str]:
    yield f"$ authkit {shlex.join(path.command.words)}"
    for what, option in path.named:
        yield f"  {what}: {option}"
    yield ""
    yield from (line for event in path.events for line in _event(event))
    ending = "killed" if path.status is None else f"exit {path.status}"
    yield f"  {'the rest was walked before' if path.cut else ending}"
    yield ""
    for law, what in path.complaints.items():
        yield f"✗ {law}: {what}"
    if not path.complaints:
        yield "✓ No law is broken."
    yield f"Again: python -m tests.explore --path {path.words}"


def _event(event: Event) -> Iterator[str]:
    """Return an event as lines: the screen's as they are, others in a column of their own."""
    if event.what in {"say", "put"}:
        yield from (f"{INDENT}| {line}" for line in event.about.splitlines())
        return
    about = event.about
    if event.what == "ask":
        _, question, answer = about
        yield f"{INDENT}| {question}{answer}"
        return
    if event.what == "call":
        code = f" with code {about.code[1]}" if about.code else ""
        lasts = f" for {about.seconds} s" if about.seconds else ""
        about = f"{about.operation} {about.pair[0]}{code}{lasts}"
    elif event.what == "child":
        about = ""
    elif isinstance(about, tuple):
        about = " ".join(str(part) for part in about if part)
    elif about is None:
        about = ""
    process = f"[{event.process}] " if event.process > 1 else ""
    outcome = "" if event.outcome == "ok" else f" -> {event.outcome}"
    yield f"    {process}{event.what} {about}{outcome}".rstrip()
