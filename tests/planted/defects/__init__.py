"""The defects, by theme.

Those of ``adapters`` are in real adapters, of which exploration runs a few.  Those of
``refactored``, ``blind``, ``unforeseen``, ``unvisited``, ``unsuspected``, ``line_by_line`` and
``afresh`` are of somebody who had read neither laws nor list.  Of each of the last four thirty
were written, and those that are missing turned out to be the same as listed ones.
"""

from tests.planted.defects.adapters import ADAPTERS
from tests.planted.defects.afresh import AFRESH
from tests.planted.defects.asking import ASKING
from tests.planted.defects.blind import BLIND
from tests.planted.defects.commands import COMMANDS
from tests.planted.defects.keys import KEYS
from tests.planted.defects.line_by_line import LINE_BY_LINE
from tests.planted.defects.refactored import REFACTORED
from tests.planted.defects.regions_and_roles import REGIONS_AND_ROLES
from tests.planted.defects.sessions import SESSIONS
from tests.planted.defects.unforeseen import UNFORESEEN
from tests.planted.defects.unsuspected import UNSUSPECTED
from tests.planted.defects.unvisited import UNVISITED
from tests.planted.defects.waiting import WAITING
from tests.planted.defects.words import WORDS

THEMES = {
    "Budgets, pauses and locks": WAITING,
    "The keyring's entry": KEYS,
    "Sessions": SESSIONS,
    "Regions, durations and roles": REGIONS_AND_ROLES,
    "Questions and MFA codes": ASKING,
    "Commands, arguments and exit statuses": COMMANDS,
    "Words, and what may be shown": WORDS,
    "As a refactoring may leave it": REFACTORED,
    "Written blind": BLIND,
    "Unforeseen": UNFORESEEN,
    "Unvisited": UNVISITED,
    "Unsuspected": UNSUSPECTED,
    "Line by line": LINE_BY_LINE,
    "Afresh": AFRESH,
    "Between authkit and the machine": ADAPTERS,
}
__all__ = ["ADAPTERS", "DEFECTS", "EXPLORED", "THEMES"]
EXPLORED = (
    *WAITING,
    *KEYS,
    *SESSIONS,
    *REGIONS_AND_ROLES,
    *ASKING,
    *COMMANDS,
    *WORDS,
    *REFACTORED,
    *BLIND,
    *UNFORESEEN,
    *UNVISITED,
    *UNSUSPECTED,
    *LINE_BY_LINE,
    *AFRESH,
)
DEFECTS = {defect.name: defect for rows in THEMES.values() for defect in rows}
