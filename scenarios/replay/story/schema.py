"""The JSON Schema of story files, which defines what a story may hold.

``python -m docs.generate`` writes it to scenarios/scenario.schema.json.  Editors
find it there by the first line of a story.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from authkit.core.rules import RULES
from fakes.world.children import NOT_STARTED
from fakes.world.config import brought_kinds
from fakes.world.keyring import STATES
from scenarios.replay.story import faults
from scenarios.replay.story.events import SENTENCES
from scenarios.replay.story.model import LEVELS
from sts_simulator.account.account_schema import ACCOUNT_SCHEMA
from sts_simulator.account.durations import SIGNED_DURATION_SCHEMA

FILE = Path(__file__).parents[2] / "scenario.schema.json"

# The rows of kinds from elsewhere, whose stories are in the distribution that brings them.
BROUGHT = [rule for kind in brought_kinds() for rule in kind.rules]

_Schema = dict[str, Any]

_NAME = r"^[^ -].{0,127}$"


def _text(about: str, **more: object) -> _Schema:
    return {"type": "string", "description": about, **more}


def _table(about: str, properties: _Schema, *required: str) -> _Schema:
    return {
        "type": "object",
        "description": about,
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _by_name(about: str, schema: _Schema) -> _Schema:
    return {
        "type": "object",
        "description": about,
        "propertyNames": {"pattern": _NAME},
        "additionalProperties": schema,
    }


def _by_path(about: str, schema: _Schema) -> _Schema:
    comment = "a file of the person's own is named by a path that begins with ~/"
    names = {"pattern": r"^~/.", "$comment": comment}
    return {**_by_name(about, schema), "propertyNames": names}


def _texts(about: str, **more: object) -> _Schema:
    return {"type": "array", "description": about, "items": {"type": "string", **more}}


def _span(about: str) -> _Schema:
    return {**SIGNED_DURATION_SCHEMA, "description": about}


def _instant(about: str) -> _Schema:
    comment = "an instant is written like 2024-12-22T16:58:00-07:00, without quotes"
    pattern = r"^\d{4}-\d\d-\d\d[Tt ]"
    return _text(about, format="date-time", pattern=pattern, **{"$comment": comment})


_ABSENT = {"const": False, "description": "it must not be there"}
_VARIABLES = {"type": "object", "additionalProperties": {"type": "string"}}

_ENTRY = {
    "description": "an entry: its fields (version 1 is added), or its raw text",
    "$comment": "it is a table of fields, or a raw text",
    "anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}],
}
_ENTRY_AFTER = {
    "description": "these fields exactly (false: absent), this raw text, or no entry (false)",
    "$comment": "it is a table of fields, a raw text, or false",
    "anyOf": [
        {"type": "string"},
        _ABSENT,
        {"type": "object", "additionalProperties": {"anyOf": [{"type": "string"}, _ABSENT]}},
    ],
}
_SESSION_AFTER = {
    "description": "what is left of the session: these facts, this raw text, or none (false)",
    "$comment": "it is a table of facts, a raw text, or false",
    "anyOf": [
        {"type": "string"},
        _ABSENT,
        _table(
            "facts of the session",
            {
                "access_key_id": _text("of the session, ASIA…"),
                "expires": _instant("an instant"),
                "granted": _instant("an instant"),
                "duration": _span("as asked for"),
                "mfa_arn": _text('"" for none'),
                **{name: {"type": "string"} for name in ("kind", "region", "account", "principal")},
            },
        ),
    ],
}
_FILE_AFTER = {
    "description": "this text, or no file (false)",
    "$comment": "it is a text, or false",
    "anyOf": [{"type": "string"}, _ABSENT],
}
_RUN = {
    "exit": {"type": "integer", "minimum": 0, "maximum": 255},
    "signal": {"type": "integer", "minimum": 1, "description": "it dies of this signal"},
    "says": _text("what it prints"),
    "takes": _span("how long it runs"),
    "fails": {"enum": list(NOT_STARTED), "description": "it cannot be started"},
}
_CHILD = _table(
    "What the command that exec runs does.",
    {
        **_RUN,
        "reads": {"type": "boolean", "description": "it prints its standard input"},
        "env": {
            "type": "object",
            "description": "what it must find in its environment (false: must not)",
            "additionalProperties": {"anyOf": [{"type": "string"}, _ABSENT]},
        },
    },
)


_COMMAND = {
    "run": _text(
        "the command line", pattern=r"^authkit( |$)", **{"$comment": "it begins with authkit"}
    ),
    "env": {"description": "environment variables, over the story's", **_VARIABLES},
    "ctrl_c": _span("Ctrl-C is pressed after so long, if authkit waits then"),
    "shows": _text("the screen, whole; what was typed unseen stands behind '<-'"),
    "exit": {"type": "integer", "minimum": 0, "maximum": 255, "default": 0},
}
_MEANWHILE = {
    **_table(
        "A command that is run at another terminal while the step's command waits, to its end.",
        {
            **_COMMAND,
            "after": _span("so long after the step's command began, if something waits then"),
            "when_asked": _text("when the step's command asks a question that begins so"),
        },
        "run",
    ),
    "oneOf": [{"required": ["after"]}, {"required": ["when_asked"]}],
    "$comment": "it is run after a time, or when_asked a question",
}
_STEP = _table(
    "One command, what happens around it, and what is claimed about it.",
    {
        **_COMMAND,
        "at": {
            "description": "when: +37h after the story's now, or an instant; else time flows on",
            "anyOf": [_span("after the story's now"), _instant("an instant")],
            "$comment": "it is a time after now like +37h, or an instant without quotes",
        },
        "events": {
            **_texts("what happens before the command, in order"),
            "examples": [list(SENTENCES)],
        },
        "fault": {"type": "array", "items": faults.SCHEMA},
        "config": {
            "description": "the config file from here on; false: there is none",
            "anyOf": [{"type": "string"}, {"const": False}],
        },
        "interactive": {"type": "boolean", "description": "over the story's"},
        "stdin": _text("what is piped in; then there is no terminal to ask on"),
        "pipe": _text("what is piped in, beside a terminal to ask on"),
        "meanwhile": {"type": "array", "items": _MEANWHILE},
        "child": _CHILD,
        "mfa_process": {
            "type": "array",
            "description": "what the runs of the command in mfa_process do, in order",
            "items": _table("One run of it.", _RUN),
        },
        "does": _texts(
            "the effects on the world, in order; not compared when left out; those that repeat "
            "may be one line: '97 times: lock acquire NAME -> busy; sleep 200ms'"
        ),
        "keyring": _by_name("What must be left in the keyring.", _ENTRY_AFTER),
        "session": _by_name("What must be left of sessions.", _SESSION_AFTER),
        "file": _by_path("What must be left in files of the person's own.", _FILE_AFTER),
    },
    "run",
)
SCHEMA: _Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A scenario of authkit",
    **_table(
        "A story: a world, and commands with what they show and leave behind.",
        {
            "about": _text("what the story is, in a sentence or two", minLength=1),
            "shows_that": _texts(
                "the lines of behaviour that it shows",
                pattern=r"^B-[A-Z]\d\d$",
                **{"$comment": "a line of behaviour is numbered like B-L04"},
            ),
            "rule": {
                "description": "the row, or rows, of the table of rules that it shows",
                "anyOf": [
                    {"$ref": "#/$defs/rule"},
                    {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/rule"}},
                ],
            },
            "now": _instant("the instant at which it begins"),
            "endpoint": _text("the address at which STS is asked, if it is not AWS's own"),
            "zone": _text("the time zone of the machine, like America/Phoenix"),
            "account": ACCOUNT_SCHEMA,
            "keyring": _by_name("What is in the keyring.", _ENTRY),
            "keyring_state": {"enum": list(STATES), "default": STATES[0]},
            "session": _by_name("Session files, by their raw text.", {"type": "string"}),
            "file": _by_path("Files of the person's own, by their text.", {"type": "string"}),
            "env": {"description": "environment variables", **_VARIABLES},
            "config": _text("the config file"),
            "interactive": {
                "type": "boolean",
                "default": True,
                "description": "whether there is a terminal to ask on",
            },
            "except": {
                "type": "object",
                "description": "levels that it does not hold at, and why",
                "properties": {level: _text("why", minLength=1) for level in LEVELS},
                "additionalProperties": False,
            },
            "step": {"type": "array", "minItems": 1, "items": _STEP},
        },
        "about",
        "shows_that",
        "step",
    ),
    "$defs": {"rule": {"enum": [rule.name for rule in (*RULES, *BROUGHT)]}},
}


def written() -> str:
    """Return the schema as its file holds it."""
    return json.dumps(SCHEMA, indent=2, ensure_ascii=False) + "\n"
