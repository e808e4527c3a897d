"""Generates documentation from code, stories and tests: ``python -m docs.generate``.

It writes docs/behaviour.md, docs/messages.md, docs/commands.md, docs/coverage.md, docs/planted.md,
the man page and the completions in ``share/``, the schema of stories and those of the simulator,
in README.md the transcripts and the table of refusals, in docs/architecture.md the folders with
their lines of code, in docs/simulator.md the SDKs that are tried, in docs/doctor.md transcripts
and the table of findings, in docs/reliability.md what the bounded walk counts, with its picture,
and the mutation score, and at the head of docs/contract.md what is not built yet.  Each of these
parts of a page begins with a marker, ``<!-- transcript: STORY STEP -->``, ``<!-- refusals -->``,
``<!-- findings -->``, ``<!-- folders -->``, ``<!-- sdks -->``, ``<!-- walked -->``,
``<!-- mutated -->`` or ``<!-- unbuilt -->``, and ends with ``<!-- end -->``.

With ``--check`` nothing is written, and the exit status is 1 when a file is not
current.  A test checks the same.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
from functools import partial
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

from authkit import manual
from authkit.arguments import COMMANDS
from authkit.core.failures import BROKEN_ANSWER, CANNOT_ASK, NO_ANSWER
from authkit.core.messages import BY_SETTING, MESSAGES
from authkit.core.render import fill
from authkit.core.rules import RULES, Action, Rule
from authkit.doctor.words import ROWS
from docs import (
    code_lines,
    completions,
    man_page,
    mutation,
    not_built,
    planted,
    sdks_tried,
    walked,
)
from scenarios.replay.coverage import page
from scenarios.replay.coverage.cells import specified
from scenarios.replay.coverage.noted import noted
from scenarios.replay.story import reading, schema
from scenarios.replay.story.model import BadStory
from sts_simulator.server import control

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ROOT = Path(__file__).parent.parent
NUMBER = re.compile(r"B-[A-Z]\d\d")

# Values shown in the messages; for any other the name in capitals is shown.
_VALUES = {
    **{name: fill(told, identity="NAME") for name, told in BY_SETTING.items()},
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
    """Write the files, or compare them with ``--check``; return 1 when one is not current.

    Also when a story cannot be read: then its mistakes are printed, and nothing is written.
    """
    parser = argparse.ArgumentParser(prog="python -m docs.generate", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing: exit 1 if one is stale"
    )
    only_check = parser.parse_args(arguments).check
    try:
        for path in reading.stories():
            reading.read(path)
    except BadStory as bad:
        print(bad)
        return 1
    texts = {path: written() for path, written in generated().items()}
    stale = {path: text for path, text in texts.items() if not _holds(path, text)}
    if not only_check:
        for path, text in stale.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        lines = code_lines.core() - code_lines.of_rows()
        print(f"Beside RULES the core has {lines} lines of {code_lines.LARGEST_CORE} at most.")
        return 0
    for path in stale:
        print(f"{path.relative_to(ROOT)} is not current: run python -m docs.generate")
    return 1 if stale else 0


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text("utf-8") == text


def generated() -> dict[Path, Callable[[], str]]:
    """Return what makes the text of each generated file, by path."""
    docs = ROOT / "docs"
    names = ("architecture", "contract", "doctor", "reliability", "simulator")
    with_parts = (ROOT / "README.md", *(docs / f"{name}.md" for name in names))
    schemas = ROOT / "fakes" / "sts-simulator" / "schemas"
    of_simulator = {schemas / f"{name}.json": each for name, each in control.SCHEMAS.items()}
    return {
        **{path: partial(_filled, path) for path in with_parts},
        docs / "behaviour.md": behaviour_page,
        docs / "commands.md": commands_page,
        docs / "coverage.md": coverage_page,
        docs / "messages.md": messages_page,
        docs / "planted.md": planted.page,
        schema.FILE: schema.written,
        walked.PICTURE: walked.picture,
        **{path: partial(completions.completions, sh) for sh, path in completions.FILES.items()},
        man_page.FILE: man_page.written,
        **{path: partial(_json, each) for path, each in of_simulator.items()},
    }


def _filled(path: Path) -> str:
    return filled(path.read_text("utf-8"))


def _json(value: object) -> str:
    return json.dumps(value, indent=2) + "\n"


def filled(text: str) -> str:
    """Return a text with each part between a marker and its end generated anew."""
    parts: dict[str, Callable[..., str]] = {
        "transcript": transcript,
        "refusals": refusals,
        "findings": findings,
        "folders": code_lines.picture,
        "unbuilt": not_built.listed,
        "walked": walked.table,
        "mutated": mutation.table,
        "sdks": sdks_tried.tables,
    }

    def part(marker: re.Match[str]) -> str:
        name, *words = marker["words"].replace(":", "").split()
        return f"{marker['begin']}\n{parts[name](*words)}\n<!-- end -->"

    words = rf"(?P<words>(?:{'|'.join(parts)}).*?)"
    pattern = rf"(?P<begin><!-- {words} -->)\n.*?<!-- end -->"
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
    return head + "\n".join(f"| {' | '.join(_cells(rule))} |" for rule in RULES)


def findings() -> str:
    """Return the table of what doctor can find: name, mark, words, and what mends it."""
    head = "| name | | doctor says | what mends it |\n|---|---|---|---|"
    rows = (
        f"| {name} | {row.mark} | {_in_one_line(row.words)} | {_in_one_line(row.cure)} |"
        for name, row in ROWS.items()
    )
    return "\n".join([head, *rows])


def _in_one_line(template: str) -> str:
    return " ".join(_example(template).split())


def _cells(rule: Rule) -> tuple[str, str, str, str]:
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
    return (codes, meaning, does, hint)


def _example(template: str, **values: str) -> str:
    names = {name for _, name, _, _ in Formatter().parse(template) if name}
    values = _VALUES | values
    return fill(template, **{name: values.get(name, name.upper()) for name in names})


def behaviour_page() -> str:
    """Return docs/behaviour.md: the rules, and what shows each line."""
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


def coverage_page() -> str:
    """Return docs/coverage.md: what stories show, and what no story shows."""
    paths = {path.stem: path for path in reading.stories()}
    shown = page.page(noted(paths.values()), lambda name: _link(paths[name]))
    head = "# What stories show\n\nGenerated by `python -m docs.generate`; do not edit.\n"
    more = "`python -m scenarios --matrix` prints the same.\n"
    return f"{head}{more}\n{shown}"


def messages_page() -> str:
    """Return docs/messages.md: what is said about each refusal, and every other message."""
    return "\n".join(
        (
            "# Messages",
            "",
            "Generated by `python -m docs.generate`; do not edit.",
            "",
            "Everything that authkit says, to be searched for the words on a screen.  Words in",
            "capitals stand for values.",
            "",
            "## When AWS refuses",
            "",
            "By the names of the rows of `authkit/core/rules.py`.",
            "",
            *_refusal_messages(),
            "## Everything else",
            "",
            "By the names of `authkit/core/messages.py`.",
            "",
            *_messages(),
        )
    )


def _refusal_messages() -> Iterable[str]:
    stories: dict[str, list[str]] = {}
    for path in reading.stories():
        named = tomllib.loads(path.read_text("utf-8")).get("rule", [])
        for name in [named] if isinstance(named, str) else named:
            stories.setdefault(name, []).append(_link(path))
    for rule in RULES:
        codes, meaning, does, hint = _cells(rule)
        text = "\n".join(filter(None, (meaning, hint)))
        yield from (f"### {rule.name}", "", "```text", text, "```", "")
        yield from (f"AWS says {codes}.  `login` {does}.", "")
        if rule.name in stories:
            yield from (f"Stories: {', '.join(stories[rule.name])}.", "")


def _messages() -> Iterable[str]:
    for name, template in MESSAGES.items():
        yield from (f"### {name}", "", "```text", _example(template).strip("\n"), "```", "")


def _lines() -> Iterable[str]:
    shown = shown_by()
    yield "| line | shown by |"
    yield "|---|---|"
    for number in specified():
        yield f"| {number} | {', '.join(shown.get(number, ())) or 'nothing yet'} |"


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
