"""Generates documentation from code, stories and tests: ``python -m docs.generate``.

It writes docs/behaviour.md, docs/commands.md the schema of stories and those of the simulator,
in README.md
the transcripts and the table of refusals, and in docs/architecture.md the folders with
their lines of code.  Each of these parts of a page begins with a marker,
``<!-- transcript: STORY STEP -->``, ``<!-- refusals -->`` or ``<!-- folders -->``, and
ends with ``<!-- end -->``.

With ``--check`` nothing is written, and the exit status is 1 when a file is not
current.  A test checks the same.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

from authkit import manual
from authkit.arguments import COMMANDS
from authkit.core.failures import BROKEN_ANSWER, CANNOT_ASK, NO_ANSWER
from authkit.core.messages import MESSAGES
from authkit.core.render import fill
from authkit.core.rules import RULES, Action, Rule
from docs import code_lines
from scenarios.replay.story import reading, schema
from sts_simulator.server import control

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ROOT = Path(__file__).parent.parent
NUMBER = re.compile(r"B-[A-Z]\d\d")

# Values shown in the messages; for any other the name in capitals is shown.
_VALUES = {
    "access_key_id": "AKIA…",
    "identity": "NAME",
    "login": "authkit login --identity NAME",
    "configure": "authkit user configure --identity NAME",
    "source_login": "authkit login --identity SOURCE --force",
    "offset": "your clock is 1 h 45 m behind AWS",
}
_ACTIONS = {
    Action.REPLACE_KEYS: "removes the keys from the keyring (MFA ARN and duration stay), asks for "
    "new ones, saves them, tries again",
    Action.REPLACE_SECRET: "as for `InvalidClientTokenId`, with the access key id as default",
    Action.ASK_CODE: "asks for the next code, and only for that",
    Action.ASK_DEVICE: "asks for the MFA ARN, then for a code of that device",
    Action.SIGN_AGAIN: "signs the request once more with AWS's time; if that is refused, explains",
    Action.WAIT: "tries again with growing pauses, {calls} calls in all",
    Action.RENEW_SOURCE: "logs in anew with the source identity, tries again",
    Action.STOP: "removes nothing, asks nothing, explains",
}


_NO_CODES = {NO_ANSWER, BROKEN_ANSWER, CANNOT_ASK}  # what a row has where AWS gave no code
# The questions that a row asks of a login, in words.
_WHEN = {
    "keys_are_spreading": " for keys saved a moment ago",
    "keys_were_never_taken": " for keys that AWS has not taken yet",
    "region_may_be_off": " in an opt-in region",
    "keys_are_unproven": ", where no other could be asked",
    "code_was_sent": "",
    "answer_was_lost": " after a lost answer",
}


def main(arguments: list[str]) -> int:
    """Write the files, or compare them with ``--check``; return 1 when one is not current."""
    stale = [path for path, text in generated().items() if path.read_text("utf-8") != text]
    if "--check" not in arguments:
        for path in stale:
            path.write_text(generated()[path], "utf-8")
        return 0
    for path in stale:
        print(f"{path.relative_to(ROOT)} is not current: run python -m docs.generate")
    return 1 if stale else 0


def generated() -> dict[Path, str]:
    """Return the text of each generated file, by path."""
    readme, behaviour = ROOT / "README.md", ROOT / "docs" / "behaviour.md"
    architecture = ROOT / "docs" / "architecture.md"
    commands = ROOT / "docs" / "commands.md"
    schemas = ROOT / "fakes" / "sts-simulator" / "schemas"
    for whole in (behaviour, commands, *(schemas / f"{name}.json" for name in control.SCHEMAS)):
        whole.touch()
    return {
        readme: filled(readme.read_text("utf-8")),
        architecture: filled(architecture.read_text("utf-8")),
        behaviour: behaviour_page(),
        commands: commands_page(),
        schema.FILE: schema.written(),
        **{
            schemas / f"{name}.json": json.dumps(each, indent=2) + "\n"
            for name, each in control.SCHEMAS.items()
        },
    }


def filled(text: str) -> str:
    """Return a text with each part between a marker and its end generated anew."""
    parts: dict[str, Callable[..., str]] = {
        "transcript": transcript,
        "refusals": refusals,
        "folders": code_lines.picture,
    }

    def part(marker: re.Match[str]) -> str:
        name, *words = marker["words"].replace(":", "").split()
        return f"{marker['begin']}\n{parts[name](*words)}\n<!-- end -->"

    pattern = r"(?P<begin><!-- (?P<words>(?:transcript|refusals|folders).*?) -->)\n.*?<!-- end -->"
    return re.sub(pattern, part, text, flags=re.DOTALL)


def transcript(story: str, number: str) -> str:
    """Return one step of a story as a person sees it, without hidden answers."""
    text = reading.story_file(story).read_text("utf-8")
    step = tomllib.loads(text)["step"][int(number) - 1]
    shown = re.sub(r"[ ]+<- .*", "", step["shows"]).rstrip("\n")
    return f"```console\n$ {step['run']}\n{shown}\n```"


def refusals() -> str:
    """Return the table of rules: AWS's code, its meaning, what login does, what the person does."""
    head = "| AWS says | it means | login | what to do |\n|---|---|---|---|\n"
    return head + "\n".join(map(_row, RULES))


def _row(rule: Rule) -> str:
    spelt = (code if code in _NO_CODES else f"`{code}`" for code in sorted(rule.codes))
    codes = ", ".join(spelt) or "anything else"
    if rule.words:
        codes += f" with “{rule.words.replace('|', '” or “')}”"
    if rule.operation:
        codes += f" to {rule.operation}"
    if rule.server_fault:
        codes += ", HTTP 5xx"
    for question in rule.when:
        codes += _WHEN[question]
    code = min(rule.codes, default="CODE")
    texts = (_example(part, code=code) for part in (rule.meaning, rule.hint))
    meaning, hint = (" ".join(text.split()) for text in texts)
    does = _ACTIONS[rule.action].format(calls=len(rule.pauses) + 1)
    if rule.action is Action.WAIT and not rule.pauses:
        does = _ACTIONS[Action.STOP]
    cells = (codes, meaning, does, hint)
    return f"| {' | '.join(cells)} |"


def _example(template: str, **values: str) -> str:
    names = {name for _, name, _, _ in Formatter().parse(template) if name}
    values = _VALUES | values
    return fill(template, **{name: values.get(name, name.upper()) for name in names})


def behaviour_page() -> str:
    """Return docs/behaviour.md: the rules, every message, and what shows each line."""
    return "\n".join(
        (
            "# Behaviour",
            "",
            "Generated by `python -m docs.generate`; do not edit.",
            "",
            "## What AWS refuses, and what login does",
            "",
            refusals(),
            "",
            "## Every message",
            "",
            "Names as in `authkit/core/messages.py`; words in capitals stand for values.",
            "",
            *_messages(),
            "## Every line of the specification, and what shows it",
            "",
            "The lines are those of [specification.md](specification.md).",
            "",
            *_lines(),
            "",
        )
    )


def commands_page() -> str:
    """Return docs/commands.md: the ``--help`` of authkit and of each command."""
    pages = (f"```text\n{manual.page(name)}\n```\n" for name in ("", *COMMANDS))
    return "\n".join(
        ("# Commands\n", "Generated by `python -m docs.generate`; do not edit.\n", *pages)
    )


def _messages() -> Iterable[str]:
    for name, template in MESSAGES.items():
        yield from (f"`{name}`", "", "```text", _example(template).strip("\n"), "```", "")


def _lines() -> Iterable[str]:
    shown = shown_by()
    yield "| line | shown by |"
    yield "|---|---|"
    for number in numbers():
        yield f"| {number} | {', '.join(shown.get(number, ())) or 'nothing yet'} |"


def numbers() -> list[str]:
    """Return the numbers of the specification's lines, in their order."""
    text = (ROOT / "docs" / "specification.md").read_text("utf-8")
    return re.findall(r"^- \*\*(B-[A-Z]\d\d)\*\*", text, re.MULTILINE)


def shown_by() -> dict[str, list[str]]:
    """Return links to the stories and tests that name each line."""
    found: dict[str, list[str]] = {}
    for path in reading.stories():
        for number in tomllib.loads(path.read_text("utf-8"))["shows_that"]:
            found.setdefault(number, []).append(_link(path))
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for number in sorted(set(NUMBER.findall(path.read_text("utf-8")))):
            found.setdefault(number, []).append(_link(path))
    return found


def _link(path: Path) -> str:
    return f"[{path.stem}](../{path.relative_to(ROOT).as_posix()})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
