"""A law about profiles: the programs of AWS's find them, and what gets in the way is told."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from tests.explore import aws_profiles, places
from tests.explore.configs import option
from tests.explore.law import Law
from tests.explore.placings import PLACINGS, Placing
from tests.explore.profiles import PROCESS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.explore.events import Event
    from tests.explore.law import Case

FOUND_BY_ALL = re.compile("[A-Za-z0-9_@+.%:/-]+")  # docs/aws-programs.md, "What gets in the way"
ENV = "/usr/bin/env"
UNFOUND, SHADOWED = "Not every AWS SDK finds", "AWS programs will not use it"


class ProfilesAreFound(Law):
    """docs/aws-programs.md: AWS's programs read the command as it was meant, in the file they read.

    It finds the config file and the state folder of this process, without its variables.  It is
    told of a name that not all of them find, and of keys that they take instead.
    """

    name = "a profile is found"
    verbs = frozenset({"profile add"})

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.placing = case.command.begins.get("placing", "")
        self.before = {**case.machine.files} if self.placing else {}
        self.said: frozenset[str] = frozenset()
        self.trouble = False

    def on_say(self, event: Event) -> None:
        """Note what is told."""
        self.said |= {what for what in (UNFOUND, SHADOWED) if what in event.about}

    def on_file(self, event: Event) -> None:
        """Note that a file cannot be read."""
        self.trouble = self.trouble or event.outcome != "ok"

    on_file_replace = on_file

    def end(self, status: int | None) -> None:
        """Look into the file."""
        if self.placing and not self.trouble and status in {0, 1}:
            self._placed(PLACINGS[self.placing], status == 0)

    def _placed(self, row: Placing, done: bool) -> None:  # noqa: FBT001 - what has become of it
        files = self.case.machine.files
        self.expect(done != row.fails, f"done: {done}, and it fails: {row.fails}")
        others = {
            path for path in {*files, *self.before} if files.get(path) != self.before.get(path)
        }
        wanted = set() if row.fails else {row.path}
        self.expect(others == wanted, f"{sorted(others)} is another, not {wanted}")
        if row.fails or row.path not in files:
            return
        name = row.called or self.case.identity
        found = _command(files[row.path], name)
        environ, config, plain = _taken_apart(found)
        right = (*row.program, "credential-process", self.case.identity)
        self.expect(plain == right, f"{found}, not {right}")
        own = self._finds(self.case.environ, option(self.case.command.line, "--config"))
        self.expect(self._finds(environ, config) == own, f"{found} does not find {own}")
        told = {UNFOUND} if not FOUND_BY_ALL.fullmatch(name) else set()
        told |= {SHADOWED} if row.shadowed else set()
        self.expect(self.said == told, f"{sorted(self.said)} is told, not {told}")

    def _finds(self, environ: Mapping[str, str], config: str) -> tuple[str, str]:
        """Return the config file that a command finds, "" for none, and the state folder.

        One that is named has to be there.
        """
        path = places.config_path(environ, config)
        there = path == places.config_path(self.case.environ, self.case.command.config_path)
        there = there and self.case.command.config is not None
        return (path if there or config else "", places.state_folder(environ))


def _taken_apart(words: tuple[str, ...]) -> tuple[Mapping[str, str], str, tuple[str, ...]]:
    """Return the variables that a command sets, its config file, and its other words."""
    environ: dict[str, str] = {}
    if words[:1] == (ENV,):
        words = words[1:]
        while words and "=" in words[0]:
            name, _, environ[name] = words[0].partition("=")
            words = words[1:]
    config, plain = option(words, "--config"), [word for word in words if word != "--no-input"]
    if config:
        at = plain.index("--config")
        del plain[at : at + 2]
    return environ, config, tuple(plain)


def _command(content: bytes, name: str) -> tuple[str, ...]:
    """Return the words of a profile's command, as AWS's programs read them; () for none."""
    line = aws_profiles.files(None, content).values(name).get(PROCESS, "")
    return tuple(shlex.split(re.split(r"\s[#;]", line)[0]))


LAWS = (ProfilesAreFound,)
