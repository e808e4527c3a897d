"""authkit's own templates as patterns: which text is which, and where its values are."""

from __future__ import annotations

import re
from functools import cache
from string import Formatter

from authkit.core.keyring_hints import HINTS
from authkit.core.messages import (
    BY_OPTION,
    BY_SETTING,
    CONFIGURE,
    CONFIGURE_AGAIN,
    CURES,
    DENIED_BY,
    FILE_CURES,
    IMPORT_HINTS,
    LOGIN,
    MESSAGES,
    NOT_YOURS,
)
from authkit.core.rules import RULES
from authkit.recording.known import DONE, KNOWN, WORDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from re import Match, Pattern


# The templates as patterns.


@cache
def known() -> Sequence[str]:
    """Return the known texts from outside, ordered as messages are."""
    return _most_words_first(KNOWN)


@cache
def messages() -> Sequence[str]:
    """Return the messages, those with the most words of their own first."""
    return _most_words_first(MESSAGES.values())


def fitting(templates: Sequence[str], text: str) -> tuple[Match[str], Sequence[str]] | None:
    """Return how the first template that fits matches a text, and the names of the groups.

    Those alone become patterns that begin as the text does: all of them take over a second, in
    which the command waits, and Ctrl-C is its own.
    """
    for template in templates:
        if text.startswith(template.partition("{")[0]):
            pattern, names = _compiled(template)
            if match := pattern.fullmatch(text):
                return match, names
    return None


def _most_words_first(templates: Iterable[str]) -> list[str]:
    """Return a text that begins as another does before that: a value there would take its rest."""
    return sorted(templates, key=lambda told: -len(re.sub(r"\{\w+\}", "", told)))


@cache
def hints() -> list[tuple[str, str]]:
    """Return the hints that are about one backend: the state, and a pattern."""
    return [
        (state, re.escape(told).replace(r"\{backend\}", r"\S+"))
        for row in HINTS
        if row.backend
        for state, told in (
            ("locked", row.locked),
            ("locked", row.without_desktop),
            ("unreadable", row.unreadable),
        )
        if told
    ]


@cache
def _nested() -> dict[str, list[str]]:
    """Return the templates that a value may be, by its name."""
    meanings = [rule.meaning for rule in RULES]
    done = [MESSAGES[name] for name in DONE]
    of_rules = [rule.hint for rule in RULES if rule.hint]
    of_trials = [hint.replace(LOGIN, one) for hint in of_rules for one in (CONFIGURE, "{again}")]
    others = [*DENIED_BY.values(), CONFIGURE_AGAIN, *IMPORT_HINTS.values()]
    hints = dict.fromkeys([*of_rules, *of_trials, *others])
    return {
        "meaning": [*meanings, *(f"{told}:\n  {{endpoint}} says so" for told in meanings)],
        "why": [*meanings, "{reason}"],
        "hint": [*hints, HINTS[-1].locked, HINTS[-1].unreadable, "{keyring_hint}"],
        "done": [*done, *(f"{one} {two}" for one in done for two in done)],
        "said": ["", MESSAGES["aws-says"]],
        "session_made": [MESSAGES["session-made"], MESSAGES["session-of-role-kept"]],
        **{name: [BY_OPTION[name], BY_SETTING[name]] for name in BY_OPTION},
        "by": ["", MESSAGES["by-variable"]],
        "first": [MESSAGES[name] for name in ("first-login", "first-table")],
        "cure": [*CURES.values(), *FILE_CURES.values(), NOT_YOURS],
    }


@cache
def _compiled(template: str) -> tuple[Pattern[str], list[str]]:
    names: list[str] = []
    return re.compile(_pattern(template, names), re.DOTALL), names


def _pattern(template: str, names: list[str]) -> str:
    """Return a template as a regular expression; `names` gets those of its groups."""
    written = ""
    for literal, name, _, _ in Formatter().parse(template):
        written += re.escape(literal)
        if name is None:
            continue
        if name in _nested() and template not in _nested()[name]:
            written += f"(?:{'|'.join(_pattern(told, names) for told in _nested()[name])})"
            continue
        names.append(name)
        written += f"({_shape(name)})"
    return written


def _shape(name: str) -> str:
    """Return how a value can look at all; a message is one line but for what is named here."""
    if name == "keyring_hint":
        return "|".join(told for _, told in hints())
    return _SHAPES.get(name, r"[^\n]*?" if name in MAY_BE_EMPTY else r"[^\n]+?")


_SHAPES = {
    "near": r"(?:; the nearest is [^\n]+?)?",
    "rows": r".+",
    "state_path": r"/[^\n:]+",
    "address": r"https?://[^\s/]+/?",
    "table": r"identities\.(?:\"[^\"\n]*\"|[^.\s]+)",
    **{name: "|".join(WORDS[name]) for name in ("field", "operation")},
}
MAY_BE_EMPTY = {"names", "unseen", "policy"}
