"""The ways in which a command comes to its identity, and what others there are: data (B-K04).

In each that means one it is `NAME`, whatever a source that counts less says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.explore.chooser import choice
from tests.explore.machine import MFA, NAME, TOKEN
from tests.explore.regions import ALWAYS_ON, OFF_AT_FIRST, PARTITIONS, partition

if TYPE_CHECKING:
    from collections.abc import Mapping

NEAR, FAR = "dev-admin", "ci-bot"  # other identities: the first is near to `NAME` (B-A05)
VARIABLE = "AUTHKIT_IDENTITY"
# Which choices are made of a command whose way is chosen (``narrow``): of one that is about every
# identity, and takes something away, what may be left too.
# Of fields that are given and mean nothing none is made.
NAMED, LEFT, GIVEN = "named", "left", "given"
# Commands that do something for a name that is nobody's, too: they look, or take something away.
FOR_ANY_NAME = {"doctor", "profile remove"}


# What is set for each: nothing of another's may be taken for the person's.
_SET = {
    NAME: 'region = "eu-west-1"\n',
    FAR: 'region = "sa-east-1"\nsession_duration = "7h"\nmfa_arn = "GAHTANOTHERS0"\n'
    'mfa_process = "print-code of another"\n',
    NEAR: 'region = "ap-south-1"\nsession_duration = "45m"\nmfa_arn = "GAHTANOTHERS1"\n',
}


def _file(*names: str, default: str = "") -> str:
    """Return a config file with these identities, each with settings of its own."""
    tables = [f'[identities."{name}"]\n{_SET.get(name, "")}' for name in names]
    return "".join(["# identities\n", f'default = "{default}"\n' * bool(default), *tables])


class Way(NamedTuple):
    """How an identity is named, and which ones there are.

    `words` are the line's, `variable` is the value of AUTHKIT_IDENTITY, `marked` are the
    identities that have keys, a session and a marker; where the person's own keys are `gone`, its
    marker tells that.  A way that is `wrong` means none.
    """

    words: tuple[str, ...] = ()
    variable: str | None = None
    config: str | None = None
    marked: tuple[str, ...] = (NAME,)
    gone: bool = False
    wrong: bool = False

    @property
    def begins(self) -> Mapping[str, str]:
        """What there is before, by the choices of ``starts``."""
        own = {} if NAME in self.marked else dict.fromkeys(("entry", "session", "marker"), "none")
        own |= {"marker": "gone"} if self.gone else {}
        return {**own, "other identities": " ".join(n for n in self.marked if n != NAME)}

    @property
    def environ(self) -> Mapping[str, str]:
        """The variables that are set."""
        return {} if self.variable is None else {VARIABLE: self.variable}


_BOTH = (NAME, FAR)
WAYS: Mapping[str, Way] = {
    "the default": Way(config=_file(NAME, FAR, default=NAME)),
    # one is named, and what counts less names another
    "a variable, not the default": Way((), NAME, _file(FAR, NAME, default=FAR)),
    "a word, not the variable": Way((NAME,), FAR, None, _BOTH),
    "a word, not the default": Way((NAME,), FAR, _file(FAR, NAME, default=FAR)),
    "-i, not the variable": Way(("-i", NAME), FAR, _file(FAR, NAME), _BOTH),
    "--profile, not the variable": Way(("--profile", NAME), FAR, None, _BOTH),
    "an empty variable": Way((), "", _file(FAR, NAME, default=NAME)),
    "nothing set, behind another": Way((NAME,), config=f'{_file(FAR)}[identities."{NAME}"]\n'),
    "nothing set, before another": Way((NAME,), FAR, f'[identities."{NAME}"]\n{_file(FAR)}'),
    # the only one
    "the only one of the config file": Way(config=_file(NAME), marked=()),
    "the only one with a marker": Way(),
    "the only marker, and a file without identities": Way(config=_file()),
    # another one is known by its marker, or by the config file
    "a word, and another marker": Way((NAME,), marked=_BOTH),
    "a variable, and another marker": Way((), NAME, marked=_BOTH),
    "a marker's name, not in the config file": Way((NAME,), config=_file(FAR, default=FAR)),
    "a variable, not in the config file": Way((), NAME, _file(FAR, default=FAR)),
    # a name that is new
    "a new name": Way((NAME,), marked=(FAR,)),
    "a new name near a marker's": Way((NAME,), marked=(NEAR,)),
    "a new variable near a marker's": Way((), NAME, marked=(FAR, NEAR)),
    "the config file's name, near a marker's": Way((NAME,), None, _file(NAME), (NEAR,)),
    "keys that are gone, near a marker's": Way((NAME,), marked=(NEAR,), gone=True),
    # none is meant
    "one in the config file, another marker": Way((), None, _file(NAME), (FAR,), wrong=True),
    "two markers": Way(marked=_BOTH, wrong=True),
    "two in the config file": Way((), None, _file(NAME, FAR), (), wrong=True),
    "none at all": Way(marked=(), wrong=True),
    # a name that is none, where there is a config file
    "no such name": Way((NAME,), None, _file(FAR), (), wrong=True),
    "no such variable": Way((), NAME, _file(FAR, default=FAR), (), wrong=True),
    "no such name, near one": Way((NAME,), None, _file(FAR, NEAR), (), wrong=True),
    "no such name, near a marker's": Way((NAME,), None, _file(FAR), (NEAR,), wrong=True),
    "no such name, the variable's too": Way((NAME,), NAME, _file(FAR), (), wrong=True),
}
WHICH = choice("which identity", *WAYS)
# Identities in regions of all sorts, with a device of the region's partition.
IN_REGIONS: Mapping[str, Way] = {
    region: Way(
        config=f'[identities."{NAME}"]\nregion = "{region}"\n'
        f'mfa_arn = "{MFA.replace(":aws:", f":{partition(region)}:")}"\n'
    )
    for region in (*sorted(ALWAYS_ON), *OFF_AT_FIRST, *PARTITIONS)
}
IN_REGION = choice("which region", *IN_REGIONS)
# A user's duration in each form that a config file may have it in (B-L23), and a file as editors
# leave it.
LASTINGS = (
    *("15m", "900", "36h", "129600", "1d12h", "1h30m", "2h5s", "1d", "90m", " 2h ", "5400s"),
    *("1d2h3m4s", "12h"),
)
IN_FORMS: Mapping[str, Way] = {
    **{
        f"for {text!r}": Way(
            config=f'[identities."{NAME}"]\nsession_duration = "{text}"\nmfa_arn = "{MFA}"\n'
        )
        for text in LASTINGS
    },
    "with a default in another form of Unicode": Way(
        config=_file(NAME, "e\u0301lan", default="\xe9lan"), words=(NAME,)
    ),
    "with a name in another form of Unicode": Way(
        config=_file(NAME, "\xe9lan", default="e\u0301lan"), words=(NAME,)
    ),
    "behind a byte-order mark": Way(config=f"\ufeff{_file(NAME)}"),
    "with CRLF": Way(config=_file(NAME, FAR).replace("\n", "\r\n"), words=(NAME,)),
    "empty": Way(config="", words=(NAME,)),
    "a table in one line": Way(config=f'identities = {{ "{NAME}" = {{ region = "eu-west-1" }} }}'),
    "dotted keys": Way(config=f'identities."{NAME}".region = "eu-west-1"'),
    "a hardware token": Way(config=f'[identities."{NAME}"]\nmfa_arn = "{TOKEN}"\n'),
}
IN_FORM = choice("which form of the config file", *IN_FORMS)
EACH = choice(  # for commands that are about every identity
    "which identities",
    *("one in the config file, another marker", "two markers", "two in the config file"),
    *("none at all", "the default", "a variable, and another marker"),
)
WITHOUT_SESSION = choice(
    "which identity without a session",
    *("the config file's name, near a marker's", "the only one of the config file"),
    *("a new name", "a new variable near a marker's"),
)
FIRST_WORD = choice(  # of a line of exec that has no ``--``: it is the identity
    "which first word",
    *("a word, and another marker", "a word, not the variable", "-i, not the variable"),
    *("a marker's name, not in the config file", "no such name", "no such name, near a marker's"),
)
