"""``python -m scenarios new NAME``: writes the file of a story that runs and holds.

What fails is given by ``--on`` and ``--answer``, or found in a screen that somebody pasted
into a file (``--from``).
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from scenarios.replay.coverage import pasted, writing
from scenarios.replay.coverage.pasted import Pasted
from scenarios.replay.coverage.starts import start
from scenarios.replay.stages.levels import LEVELS
from scenarios.replay.story import reading
from scenarios.replay.story.faults import ANSWERS
from scenarios.replay.story.model import BadStory
from scenarios.replay.story.nearest import MISSPELT, nearest
from scenarios.replay.story.transcript import screen_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenarios.replay.coverage.writing import Plan

# By the port of a fault point, the folder of its stories and the line that they show.
_THEMES = {
    "keyring": ("keyring", "B-S04"),
    **dict.fromkeys(("session", "mark", "codes"), ("state", "B-S06")),
}
_OTHER = ("denial", "B-L20")  # where no story claims the same rules
_USUAL = {"whoami": "GetCallerIdentity", "user configure": "GetCallerIdentity"}
_NAME = re.compile(r"(?:[a-z0-9-]+/)?[a-z0-9]+(?:-[a-z0-9]+)*")
_FOR_ALL = "say here in a sentence or two what that means for the person."


class Written(NamedTuple):
    """A story that was written, and the lines of the pasted screen that it does not show."""

    path: Path
    not_shown: Sequence[str] = ()


def main(arguments: Sequence[str]) -> int:
    """Write the story that the arguments ask for; return 0, or 1 when none can be written."""
    try:
        path, missed = write(_parser().parse_args(arguments))
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}\n")
        return 1
    except (BadStory, LookupError, ValueError) as error:
        sys.stderr.write(f"{error.args[0] if isinstance(error, LookupError) else error}\n")
        return 1
    here = reading.nearby(path)
    say = [f"{here} is written, and holds at level fakes."]
    say += ["The pasted screen has other lines:", *(f"  {line}" for line in missed)] * bool(missed)
    levels = " ".join(f"--level {level}" for level in LEVELS)
    say += [
        "Read what it shows; correct `about` and `shows_that`, which are guesses; then:",
        f"  python -m scenarios {path.stem} {levels}",
    ]
    sys.stdout.write("\n".join(say) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m scenarios new", description="Write a story that runs and holds."
    )
    parser.add_argument("name", metavar="NAME", help="of the story, or FOLDER/NAME")
    parser.add_argument("--on", default="", help="an operation of STS, or a point like keyring.set")
    parser.add_argument("--answer", default="", help="an AWS error code, or a fault's word")
    parser.add_argument(
        "--unheard-of", action="store_true", help="the code is in no row, however near one it is"
    )
    parser.add_argument("--command", default="", help="the command that makes the call (login)")
    parser.add_argument("--session", action="store_true", help="the call is made with a session")
    parser.add_argument("--message", default="", help="AWS's, with the code")
    parser.add_argument("--times", type=int, help="how often it is answered so (1)")
    parser.add_argument(
        "--from", dest="screen", type=Path, metavar="FILE", help="a screen that was pasted"
    )
    return parser


def write(options: argparse.Namespace) -> Written:
    """Write the file of a story.  Raises LookupError, OSError, ValueError."""
    if not _NAME.fullmatch(options.name):
        raise LookupError(f"{options.name}: write a name like wrong-code, or mfa/wrong-code")
    named = Path(options.name)
    if any(path.stem == named.name for path in reading.stories()):
        raise LookupError(f"there is a story {named.name} already")
    told = pasted.read(_text_of(options.screen)) if options.screen else None
    plan = _plan(options, told)
    seen = writing.tried(plan)
    folder, line = _theme(str(plan.commands[-1].faults[-1]["on"]), seen.rules)
    folder = named.parent.name or folder
    path = reading.STORIES / folder / f"{named.name}.toml"
    text = writing.written(replace(plan, lines=[line]), seen)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    shown = screen_lines(seen.observed[-1].screen)
    return Written(path, pasted.not_shown(told, shown) if told else ())


def _text_of(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise LookupError(f"{file} is not UTF-8") from None


def planned(arguments: Sequence[str]) -> Plan:
    """Return the plan of the story that a command line asks for.  Raises LookupError."""
    return _plan(_parser().parse_args(arguments), None)


def _plan(options: argparse.Namespace, told: Pasted | None) -> Plan:
    known = told or Pasted((), "", (), "", "")
    command = options.command or known.command
    on = options.on or known.operation or (_USUAL.get(command, "GetSessionToken") if told else "")
    answer = options.answer or known.answer
    if not (on and answer):
        raise LookupError("what fails?  Give --on and --answer, or a screen that names a code")
    given = {"on": on, "answer": answer, "message": options.message or known.message}
    fault: dict[str, object] = {key: value for key, value in given.items() if value}
    if "." not in on and (options.unheard_of or _is_unheard_of(answer)):
        fault["unheard_of"] = True
    if options.times is not None:
        fault["times"] = options.times
    begun = start(on, command, session=options.session or known.session)
    head, dashes, child = begun.command.run.partition(" -- ")
    run = " ".join((head, *known.options)) + dashes + child
    begun = begun._replace(command=replace(begun.command, run=run), mfa=begun.mfa or known.mfa)
    return writing.planned(begun, fault, f"{on} is answered with {answer}:\n{_FOR_ALL}")


def _is_unheard_of(answer: str) -> bool:
    """Tell whether an answer of STS is a code in no row.  Raises LookupError for a misspelt one."""
    if answer in ANSWERS:
        return False
    if near := nearest(answer, ANSWERS, cutoff=MISSPELT):
        meant = "if it is meant as it stands: --unheard-of"
        raise LookupError(f"there is no answer {answer}; did you mean {near!r}? ({meant})")
    return answer[:1].isupper()


def _theme(on: str, rules: Sequence[str]) -> tuple[str, str]:
    """Return the folder, and the line of behaviour, of most stories that claim these rules."""
    if theme := _THEMES.get(on.partition(".")[0]):
        return theme
    read = [reading.read(path) for path in reading.stories()]
    alone = [story for story in read if story.rules == tuple(rules[-1:])]
    alike = alone or [story for story in read if {*rules[-1:]} & {*story.rules}]
    if not alike:
        return _OTHER
    folders = Counter(story.path.parent.name for story in alike)
    lines = Counter(line for story in alike for line in story.shows_that)
    return folders.most_common(1)[0][0], lines.most_common(1)[0][0]
