"""What each method of each port may raise, read from authkit's own port definitions.

``authkit/core/ports.py`` says it in its docstrings ("Raises StateTrouble", "All
raise KeyringTrouble").  So a port that is added, or an error that a method gets, is
asked for by tests/explore/test_ports.py without a change here: exploration has to have an
option that raises it.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

from authkit.core import failures
from authkit.core import ports as definitions

if TYPE_CHECKING:
    from collections.abc import Iterator

# Where a World has its ports.  STS and a lock come from a call of the World.
ATTRIBUTES = {
    "Sts": "sts",
    "Web": "web",
    "Keyring": "keyring",
    "Prompter": "prompter",
    "Screen": "screen",
    "Clock": "clock",
    "Sessions": "sessions",
    "Markers": "markers",
    "Notes": "notes",
    "Lock": "lock",
    "Children": "children",
    "Programs": "programs",
    "ConfigText": "config",
    "UserFiles": "files",
}
WORLD = "World"  # its own methods are `stdin`, and what makes STS and a lock
# Of World; they have no effect, and cannot fail.
TOUCH_NOTHING = {"environ", "unasked", "shell", "versions", "width", "program"}
TOUCH_NOTHING |= {"found", "shared"}  # they look at the file system
MAKERS = {"sts", "lock"}

# Classes of ``core.failures`` that no port raises: bases, and what only the core raises.
NOT_OF_PORTS = {"CallFailed": "the base of Refused and Unreachable", "NobodyToAsk": "the core's"}


class Method(NamedTuple):
    """A method or property of a port."""

    port: str  # the attribute of World, "world" for World's own
    name: str


def errors() -> dict[str, type[Exception]]:
    """Return every exception that a port may raise, by name."""
    ours = {
        name: thing
        for name, thing in vars(failures).items()
        if isinstance(thing, type) and issubclass(thing, Exception) and name not in NOT_OF_PORTS
    }
    return {**ours, "UnicodeDecodeError": UnicodeDecodeError, "BrokenPipeError": BrokenPipeError}


def protocols() -> Iterator[ast.ClassDef]:
    """Yield the classes of the module that defines the ports."""
    with open(definitions.__file__, encoding="utf-8") as file:  # noqa: PTH123 - one line
        tree = ast.parse(file.read())
    return (node for node in tree.body if isinstance(node, ast.ClassDef))


def raised_in(docstring: str) -> set[str]:
    """Return the names of exceptions in the sentences that say what is raised."""
    sentences = re.findall(r"\b[Rr]aises?\b([^.]*)\.", docstring)
    named = {word for said in sentences for word in re.findall(r"\b[A-Z][A-Za-z]{4,}\b", said)}
    return named - {"When"}


def table() -> dict[Method, set[str]]:
    """Return the names of the exceptions that each method may raise."""
    found = {}
    for protocol in protocols():
        of_all = raised_in(ast.get_docstring(protocol) or "")
        for node in protocol.body:
            if not isinstance(node, ast.FunctionDef):
                continue
            port = "world" if protocol.name == WORLD else ATTRIBUTES[protocol.name]
            is_port = protocol.name == WORLD and node.name in {*ATTRIBUTES.values(), *TOUCH_NOTHING}
            if not is_port:
                own = raised_in(ast.get_docstring(node) or "")
                found[Method(port, node.name)] = of_all | own
    return found
