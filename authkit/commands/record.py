"""authkit --record FILE COMMAND…: run a command, and write what it did as a scenario file.

The command runs as without --record.  ``authkit.recording`` watches it and writes the text;
this module reads the line, and says what is in the file.  Imported only when a recording was
asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from authkit.arguments import RECORDING, Options, usage
from authkit.core.failures import USAGE
from authkit.core.messages import LENGTHS_ALONE
from authkit.core.render import Visible, text
from authkit.recording.applied_rules import noting_rules
from authkit.recording.story import not_replayed, story
from authkit.recording.watch import Recording

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Protocol

    from authkit.core.ports import World
    from authkit.recording.watch import Machine

    MakeWorld = Callable[[Options], World]

    class File(Machine, Protocol):
        """Where the recording goes (``adapters.recording_file``)."""

        path: str

        def problem(self) -> str:
            """Return why the file cannot be written, "" if it can."""

        def write(self, text: str) -> None:
            """Write the file: whole, or not at all.  Raises OSError."""


WORD, TEXTS = RECORDING


def run(
    line: Sequence[str],
    main: Callable[[Sequence[str], MakeWorld], int],
    make_world: MakeWorld,
    open_file: Callable[[str], File],
) -> int:
    """Run the command behind ``--record FILE``, write the file; return the command's status.

    `main` runs a command line.  Before it runs, 2 is returned for a line or a file that will
    not do.
    """
    path, texts, rest = _read(line)
    file = open_file(path)
    if reason := _mistake(path, rest):
        wrong = usage(f"{reason}: authkit {WORD} FILE [{TEXTS}] COMMAND")
        return _refused(make_world(Options(rest)), text(wrong.name, **wrong.values))
    if reason := file.problem():
        said = text("recording-impossible", path=path, reason=reason)
        return _refused(make_world(Options(rest)), said)
    made: list[Recording] = []

    with noting_rules() as applied:

        def watched(options: Options) -> World:
            made.append(Recording(make_world(options), options, file, applied, texts=texts))
            return made[-1].world

        status = main(rest, watched)
    _write(made[-1], file, status)
    return status


def _read(line: Sequence[str]) -> tuple[str, bool, Sequence[str]]:
    """Return the file, "" for none, whether texts are kept too, and the command's own line."""
    _, equals, path = line[0].partition("=")
    rest = line[1:]
    if not equals and rest and not rest[0].startswith("-"):
        path, rest = rest[0], rest[1:]
    texts = list(rest[:1]) == [TEXTS]
    return path, texts, rest[texts:]


def _mistake(path: str, rest: Sequence[str]) -> str:
    """Return what is wrong with the line, "" for nothing."""
    if not path:
        return f"There is no file behind {WORD}"
    if not rest:
        return f"There is no command behind {WORD} {path}"
    return f"{WORD} stands first, and once" if rest[0].startswith(WORD) else ""


def _refused(world: World, said: str) -> int:
    world.screen.say(said)
    return USAGE


def _write(recording: Recording, file: File, status: int) -> None:
    """Write the file, and say what is in it; if it cannot be written, show its text instead."""
    recording.screen.end()
    say = recording.real.screen.say
    if recording.elsewhere:
        say(text("recording-of-elsewhere", path=file.path))
        return
    written = ""
    broken: BaseException | None = recording.broken
    try:
        written = story(recording, status)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the command's own end counts
        broken = broken or error
    if broken:
        say(text("recording-broken", path=file.path, error=type(broken).__name__))
        return
    try:
        file.write(written)
    except OSError as error:
        say(text("recording-lost", path=file.path, reason=error.strerror or error))
        say(written)
        return
    name = "recorded-with-texts" if recording.texts else "recorded"
    texts, told = len(recording.keep.left_out), not_replayed(recording.options.name)
    say(
        text(
            name,
            path=file.path,
            lengths=Visible(LENGTHS_ALONE.format(texts=texts) if texts else ""),
            replays=Visible(told and f"\n  {told}"),
        )
    )
