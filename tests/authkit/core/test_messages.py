"""The messages: each is used, each use gives its values, and every error has three parts.

Names and values are read from authkit's source, so that a message that does not
exist or lacks a value is found without a scenario that shows it.
"""

from __future__ import annotations

import ast
import re
import string
from functools import cache
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from authkit.core.keyring_hints import HINTS
from authkit.core.messages import BY_OPTION, CURES, DENIED_BY, DONE, FILE_CURES, MESSAGES, NOT_YOURS
from authkit.core.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

AUTHKIT = Path(__file__).parents[3] / "authkit"


class Use(NamedTuple):
    """A use of a message: its name, and the values that are given."""

    name: str
    given: frozenset[str]


class Shower(NamedTuple):
    """A function that shows the message named by a parameter; `adds` are values it gives itself."""

    called: str
    parameter: str
    place: int
    adds: frozenset[str] = frozenset()


# Messages that get all facts of a refusal (`endings.facts`): the columns of RULES name
# them.  test_endings.py and the scenarios fill them.
GIVEN_ALL = {"aws-says"}
GIVEN_ALL |= {"unreachable", "unreadable", "unasked"}  # quoted in RULES, as the meaning of a row
GIVEN_ALL |= {"import-partition"}  # gets the values of the Failure that it is the reason of
GIVEN_ALL |= {*CURES}  # named by StateTrouble; endings.ended_by gives their values
GIVEN_ALL |= {name for rule in RULES for name in (rule.says, rule.spent, rule.ending) if name}

# The commands that go on from here: `again.said` gives them to what a command ends with.
BY_CLI = {"again", "named", "login", "configure", "logout", "renamed", "of_other"}
BY_CLI |= {"list", "first_login"}  # which are about no identity that is known
BY_CLI |= {"meant", "session_made"}  # and the identity that the line asks for
BY_CLI |= {"by", *BY_OPTION}  # and where its name and the settings of the line come from

# Functions whose first parameter is a message's name.  Others that pass one on are found.
SHOWERS = [
    Shower(called, "name", 0)
    for called in ("text", "render.text", "Failure", "NobodyToAsk", "FileTrouble", "Refusal")
]


@cache
def modules() -> list[ast.Module]:
    """Return the source of all modules of authkit."""
    return [ast.parse(path.read_text(encoding="utf-8")) for path in AUTHKIT.rglob("*.py")]


@cache
def functions() -> list[ast.FunctionDef]:
    """Return every function in authkit."""
    nodes = chain.from_iterable(map(ast.walk, modules()))
    return [node for node in nodes if isinstance(node, ast.FunctionDef)]


def shown(
    showers: Iterable[Shower],
) -> Iterator[tuple[ast.FunctionDef, Shower, ast.Call, ast.expr]]:
    """Yield every call of a shower: the function around it, the shower, the call, the name."""
    by_name = {shower.called: shower for shower in showers}
    for function in functions():
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            name = ast.unparse(call.func)
            shower = by_name.get(name) or by_name.get(f"*.{name.rpartition('.')[2]}")
            if shower:
                named = {k.arg: k.value for k in call.keywords}
                passed = [*call.args[shower.place : shower.place + 1], named.get(shower.parameter)]
                yield from ((function, shower, call, p) for p in passed[:1] if p is not None)


def parameters(function: ast.FunctionDef) -> list[str]:
    """Return the names of a function's parameters, without `self`."""
    own = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    return [argument.arg for argument in own if argument.arg != "self"]


@cache
def showers() -> list[Shower]:
    """Return the showers, with the functions that pass a name on to one."""
    second_hand = [
        Shower(
            called=f"*.{function.name}",
            parameter=name.id,
            place=parameters(function).index(name.id),
            adds=values(function, call),
        )
        for function, _, call, name in shown(SHOWERS)
        if isinstance(name, ast.Name) and name.id in parameters(function)
    ]
    return [*SHOWERS, *second_hand]


def origins(function: ast.FunctionDef, name: str) -> Iterator[ast.expr]:
    """Yield what is assigned to a name in a function, or at the top of a module.

    The default of a parameter is one such value.
    """
    positional = [*function.args.posonlyargs, *function.args.args]
    defaults = function.args.defaults
    with_default = positional[len(positional) - len(defaults) :]
    yield from (v for a, v in zip(with_default, defaults, strict=True) if a.arg == name)
    constants = (statement for module in modules() for statement in module.body)
    for node in (*ast.walk(function), *constants):
        if isinstance(node, ast.Assign) and name in map(ast.unparse, node.targets):
            yield node.value


def names(
    function: ast.FunctionDef, expression: ast.expr, seen: frozenset[str] = frozenset()
) -> Iterator[str]:
    """Yield the texts that an expression can be: in itself, and in what its names are assigned."""
    if isinstance(expression, ast.IfExp):  # the condition is no name
        yield from names(function, expression.body, seen)
        yield from names(function, expression.orelse, seen)
        return
    for node in ast.walk(expression):
        if isinstance(node, ast.JoinedStr):
            parts = [p.value if isinstance(p, ast.Constant) else None for p in node.values]
            pattern = "".join(".+" if part is None else re.escape(str(part)) for part in parts)
            yield from (name for name in MESSAGES if re.fullmatch(pattern, name))
            return
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.Name) and node.id not in seen:
            for origin in origins(function, node.id):
                yield from names(function, origin, seen | {node.id})


def values(function: ast.FunctionDef, call: ast.Call) -> frozenset[str]:
    """Return the names of the values that a call gives, also by a dict literal."""
    given = {keyword.arg for keyword in call.keywords}
    passed = [k.value for k in call.keywords if k.arg is None and isinstance(k.value, ast.Name)]
    for name in passed:
        assert isinstance(name, ast.Name)
        for origin in origins(function, name.id):
            if isinstance(origin, ast.Dict):
                given |= {str(k.value) for k in origin.keys if isinstance(k, ast.Constant)}
    return frozenset(name for name in given if name)


def quoted() -> set[str]:
    """Return the names of the messages that are quoted as MESSAGES["name"]."""
    subscripts = (node for node in chain.from_iterable(map(ast.walk, modules())))
    return {
        str(node.slice.value)
        for node in subscripts
        if isinstance(node, ast.Subscript)
        and ast.unparse(node.value) == "MESSAGES"
        and isinstance(node.slice, ast.Constant)
    }


@cache
def uses() -> list[Use]:
    """Return every use of a message in authkit."""
    return [
        Use(name, values(function, call) | shower.adds)
        for function, shower, call, named in shown(showers())
        for name in names(function, named)
    ] + [Use(name, frozenset()) for name in sorted(GIVEN_ALL | quoted())]


def placeholders(name: str) -> set[str]:
    """Return the values that a message needs."""
    return {field for _, field, _, _ in string.Formatter().parse(MESSAGES[name]) if field}


def test_every_name_is_a_message() -> None:
    """B-A02: no use names a message that does not exist."""
    assert {use.name for use in uses()} - set(MESSAGES) == set()


def test_every_message_is_used() -> None:
    """Every message is used."""
    assert set(MESSAGES) - {use.name for use in uses()} == set()


@pytest.mark.parametrize("name", sorted(MESSAGES.keys() - GIVEN_ALL))
def test_every_placeholder_is_given(name: str) -> None:
    """B-A02: every use gives all values of its message."""
    for use in uses():
        assert use.name != name or placeholders(name) - BY_CLI <= use.given


@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_can_be_filled(name: str) -> None:
    """A placeholder is a plain name, without attribute, index, conversion or format."""
    for _, field, spec, conversion in string.Formatter().parse(MESSAGES[name]):
        assert field is None or field.isidentifier()
        assert not spec
        assert not conversion


# The three parts of an error.

ERRORS = [name for name, message in MESSAGES.items() if message.startswith("✗") and "\n" in message]
WHAT_TO_TYPE = re.compile(
    r"  (\{hint\}$|\{cure\}|\{set_either\}|(Run|Look|Check|Set|Mend|Upgrade|Install"
    r"|On a desktop, install"
    r"|Add|Unlock|Unset|Choose|Answer|Remove|Make|Give|Enter|Use|Have|Raise|Try"
    r"|There are: \{names\}\. Name one)\b)"
)


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_has_three_parts(name: str) -> None:
    """B-A04: what happened, what authkit has done about it, what to type next; in this order."""
    lines = MESSAGES[name].replace("{said}", "").split("\n")
    begins = tuple(f"  {words}" for words in DONE)
    done = [n for n, line in enumerate(lines) if line.startswith(begins)]
    following = [n for n, line in enumerate(lines) if WHAT_TO_TYPE.match(line)]
    assert done, "what has authkit done about it?"
    assert following, "what is to be typed next?"
    assert 0 < done[0] < following[0]


@pytest.mark.parametrize("cure", [*CURES.values(), *FILE_CURES.values(), NOT_YOURS])
def test_a_cure_is_no_sentence(cure: str) -> None:
    """B-A04: a message goes on after what mends a file: "…, then run"."""
    assert re.fullmatch(r"[A-Z].*[\w)']", cure)


@pytest.mark.parametrize("name", MESSAGES)
def test_the_mark_comes_first(name: str) -> None:
    """B-A03: a mark is the first character of a message, and occurs nowhere else."""
    marks = [n for n, c in enumerate(MESSAGES[name]) if c in "✓✗⚠"]
    assert marks in ([], [0])
    assert MESSAGES[name].isprintable() or set(re.findall(r"[^ -~✓✗⚠…]", MESSAGES[name])) == {"\n"}


@pytest.mark.parametrize("name", MESSAGES)
def test_commands_that_are_recommended_exist(name: str) -> None:
    """B-A04: the commands that a message recommends exist."""
    known = r"authkit (login|list|user configure|--record|\{command\})"
    for command in re.findall(r"'(authkit [^']*)'", MESSAGES[name]):
        assert re.match(known, command)


# What is put into a message behind two blanks, and what follows it there.
HINTED = {f"denied by a {kind}": who for kind, who in DENIED_BY.items()}
HINTED |= {f"hint of {rule.name}": rule.hint for rule in RULES}
for kept in HINTS:
    said = (kept.locked, kept.unreadable, kept.without_desktop)
    HINTED |= {f"hint {n} of {kept.backend}": hint for n, hint in enumerate(said)}
TEXTS = {**MESSAGES, **{name: f"  {hint}" for name, hint in HINTED.items()}}
TEXTS |= {f"meaning of {rule.name}": f"✗ {rule.meaning}." for rule in RULES}
TEXTS |= {f"cure of {name}": f"  {cure}, then run" for name, cure in CURES.items()}


@pytest.mark.parametrize("name", TEXTS)
def test_no_line_is_too_long(name: str) -> None:
    """A line has 80 columns at most, without its values: it is broken by hand."""
    for line in re.sub(r"\{\w+\}", "", TEXTS[name]).split("\n"):
        assert len(line) <= 80


# Values that end with a full stop themselves, or are nothing behind one.
SENTENCES = ("{done}", "{hint}", "{said}", "{lengths}", "?{names}")


@pytest.mark.parametrize("name", TEXTS)
def test_a_sentence_ends_before_the_next_begins(name: str) -> None:
    """Where a narrow terminal joins two lines (``adapters.narrow``), they are one sentence.

    A name of two words may be in both.
    """
    lines = TEXTS[name].split("\n")
    for line, following in pairwise(lines):
        begins = re.match(r"(\s*)(?!(?:Manager|Keys)\b)(A|[A-Z][a-z]+)\b", following)
        if begins and line and not line.startswith(f"{begins[1]} "):
            assert line.endswith((*".:!?", *SENTENCES))
