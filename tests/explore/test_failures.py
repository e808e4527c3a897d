"""Every call of every port fails once, in every command, or the process dies there: the laws hold.

`python -m tests.failures` tries every fault; these tests try a part of them, so that
they are quick.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from tests.explore import ports_table
from tests.explore.commands_tried import COMMANDS
from tests.explore.failing_world import faults_of, some_faults_of
from tests.explore.laws import end_of
from tests.explore.tries import complaints, tries

if TYPE_CHECKING:
    from tests.explore.ports_table import Method

ALL_TRIES = 9000  # at least: the count of tries in all commands together

# Where each claim is heard, by its place in the list of commands: a claim that no run makes
# would be a law that is never tried.
HEARD = {
    "login without keys": [r"Nothing was saved\.", r"Credentials saved to keyring", "are saved in"],
    "login": [
        *(r"Nothing was changed\.", r"Nothing was removed", r"It was left", "ession was made"),
        *("o new session of", "Authentication successful"),
    ],
    "login with a session": ["Already logged in"],
    "login while another is under way": ["Nothing of"],
    "login with another device": ["MFA ARN saved"],
    "login with a device that is given up": ["MFA ARN removed"],
    "login without keys, nobody to ask": ["There are no keys"],
    "login with rotated keys": [
        *("removed it from", r"refused keys\.", "the new ones are saved", "Kept in"),
    ],
    "login with dead keys": ["holds other keys", "holds no keys"],
    "login with a refused session": ["AWS refused the cached session"],
    "login --force": ["The session until"],
    "login of a role": ["No session of"],
    "exec": [r"Nothing was done\.", r"Nothing was run\."],
    "env after the session": [r"Nothing was changed\."],
    "whoami without keys": ["has no session", "no note of keys"],
    "logout": ["Session dropped", r"in the place of", "cannot be dropped"],
    "logout without a session": ["Not logged in"],
    "logout of a source": ["is still there"],
    "logout --keys": ["Settings) removed from", "may still", "still shows"],
    "logout --keys without keys": ["No keys in keyring"],
    "import": ["are taken out of", r"stay in \S+", "Written to", "Imported: "],
    "profile add": ["added to"],
    "profile add once more": [r"is in \S+ already"],
    "profile remove": ["removed from"],
    "profile remove without one": ["has no profile"],
    "user configure": ["Dropped the session", "is not what it was"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_failure_of_a_command(name: str) -> None:
    """B-S02 to B-S06, B-A04: keys stay, words equal deeds, the next login works."""
    heard: set[str] = set()
    wrong = [said for tried in tries(name, heard) for said in complaints(tried)]
    assert not wrong, f"{len(wrong)} complaints, the first:\n{wrong[0]}"
    for words in HEARD.get(name, ()):
        assert any(words in claim for claim in heard), f"nobody says {words!r} any more"


def test_every_method_is_called() -> None:
    """Every method of every port is called by some command, and all of its faults are tried."""
    turns: dict[Method, set[str]] = defaultdict(set)
    count = 0
    for command in COMMANDS.values():
        for at, call in enumerate(end_of(command, 0, None, set()).trial.calls, 1):
            part = some_faults_of(call.method, at)
            turns[call.method] |= {fault.name for fault in part}
            count += len(part)
    assert turns.keys() == ports_table.table().keys()
    assert count >= ALL_TRIES
    untried = {
        method: missed
        for method, names in turns.items()
        if (missed := {fault.name for fault in faults_of(method)} - names)
    }
    assert not untried
