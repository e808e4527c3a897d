"""What may go wrong while a command runs: the faults of a step, their schema and their mistakes.

A fault of STS is the object of docs/contract.md, with one key more: `unheard_of` says that
its code is in no row of the table of rules on purpose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from authkit.core.failures import BROKEN_ANSWER, CANNOT_ASK, NO_ANSWER
from authkit.core.rules import RULES
from fakes.world import network
from fakes.world.keyring import ABSENT, ANOTHER_WRITER, IN_THE_CLEAR, STATES, WORKING
from fakes.world.state_folder import TROUBLES
from fakes.world.user_files import TROUBLES as OF_FILES
from scenarios.replay.story.nearest import did_you_mean
from sts_simulator.account import list_mfa_devices
from sts_simulator.account.faults import BREAKAGES, FAULT_SCHEMA, Fault
from sts_simulator.account.operations import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_Schema = dict[str, Any]

NOT_OF_A_CALL = {WORKING, IN_THE_CLEAR, ABSENT}
KEYRING = ("keyring.get", "keyring.set", "keyring.delete")
STATE = (
    *("session.read", "session.replace", "session.drop", "mark.set", "mark.read", "mark.remove"),
    *("codes.read", "codes.replace"),
)
FILES = ("file.read", "file.replace")
CODES = {code for rule in RULES for code in rule.codes} - {NO_ANSWER, BROKEN_ANSWER, CANNOT_ASK}
WORDS = (*BREAKAGES, *network.WORDS)  # of faults that are no code
ANSWERS = (*sorted(CODES), *WORDS)  # that are known


def _of_port(about: str, operations: Iterable[str], answer: _Schema) -> _Schema:
    counted = {name: FAULT_SCHEMA["properties"][name] for name in ("message", "after", "times")}
    return {
        "type": "object",
        "description": about,
        "properties": {"on": {"enum": list(operations)}, "answer": answer, **counted},
        "required": ["on", "answer"],
        "additionalProperties": False,
    }


def _if_on(pattern: str, then: _Schema, otherwise: _Schema) -> _Schema:
    return {"if": {"properties": {"on": {"pattern": pattern}}}, "then": then, "else": otherwise}


_UNHEARD_OF = {"type": "boolean", "description": "the code is in no row of the table of rules"}
_ANSWER = {
    **FAULT_SCHEMA["properties"]["answer"],
    "examples": [[*ANSWERS]],
}
SCHEMA = _if_on(
    r"^keyring\.",
    _of_port(
        "Something that goes wrong with the keyring.",
        KEYRING,
        {"enum": [*(s for s in STATES if s not in NOT_OF_A_CALL), ANOTHER_WRITER]},
    ),
    _if_on(
        r"\.",
        _of_port(
            "Something that goes wrong with the state folder, or a file of the person's own.",
            (*STATE, *FILES),
            {
                "type": "string",
                "description": "a word of authkit.adapters.state_troubles, of file_troubles for a "
                "file of the person's own, or the system's text",
            },
        ),
        {
            **FAULT_SCHEMA,
            "properties": {
                **FAULT_SCHEMA["properties"],
                "answer": _ANSWER,
                "unheard_of": _UNHEARD_OF,
            },
        },
    ),
)


def parse(table: Mapping[str, Any]) -> Fault:
    """Return the fault in a table that the schema has accepted."""
    return Fault.parse({key: value for key, value in table.items() if key != "unheard_of"})


def mistakes(fault: Mapping[str, Any], story: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a fault in this story, as a key of the fault and a sentence."""
    on, answer = fault["on"], fault.get("answer", "")
    if on in KEYRING:
        return
    if on in (*STATE, *FILES):
        known, what = (OF_FILES, "a file") if on in FILES else (TROUBLES, "the state folder")
        # Not a word: the system's text, or what a recording puts in place of one.
        if answer not in known and answer.islower() and answer[0].isalpha():
            yield "answer", f"{answer!r} is no trouble of {what}{_near(answer, known)}"
        yield from _asks_for_except(story, f"a fault on {on}")
        return
    if on not in ("*", list_mfa_devices.FAULT, *OPERATIONS):
        yield "on", f"STS has no operation {on!r}{_near(on, OPERATIONS)}"
    if answer in network.WORDS:
        yield from _of_network(fault, story)
    elif answer and answer not in BREAKAGES:
        yield from _of_code(answer, unheard_of=fault.get("unheard_of", False))


def _of_code(answer: str, *, unheard_of: bool) -> Iterator[tuple[str, str]]:
    known = answer in CODES
    if not known and not unheard_of:
        near = _near(answer, ANSWERS, or_list=False)
        said = f"{answer!r} is no fault word and in no row of the table of rules{near}"
        yield "answer", f"{said} (if that is meant: unheard_of = true)"
    if known and unheard_of:
        yield "unheard_of", f"{answer!r} is in the table of rules"


def _of_network(fault: Mapping[str, Any], story: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    answer = fault["answer"]
    for key in ("status", "message", "latency", "user", "unheard_of"):
        if key in fault:
            yield key, f"{answer!r} happens before STS is reached: it has no {key!r}"
    if answer in network.OF_A_PROXY:
        if network.PROXY not in story.get("env", {}):
            yield "answer", f"{answer!r} needs a proxy: env.{network.PROXY} of the story"
        yield from _asks_for_except(story, f"{answer!r}")


def _asks_for_except(story: Mapping[str, Any], what: str) -> Iterator[tuple[str, str]]:
    if "terminal" not in story.get("except", {}):
        yield "on", f"{what} cannot be played at level terminal: say why in [except] terminal"


def _near(word: str, known: Iterable[str], *, or_list: bool = True) -> str:
    found = did_you_mean(word, known, or_list=or_list)
    return f"; {found}" if found else ""
