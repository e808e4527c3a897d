"""The cases that ``comparison`` puts every tool into: what is done, and what is looked at.

A case is data.  It says what the simulator and the person do, and which fact of a run
stands in its table beside those that every table has.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.at_terminals import QUIET, in_pipe, on_terminal, on_two_terminals
from benchmarks.other_tools import DEVICE, KEY
from benchmarks.without_terminal import READY, terminated, without_terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from benchmarks.at_terminals import Person, Ran
    from sts_simulator.client import Simulator

    Way = Callable[[Sequence[str], Mapping[str, str], Path, Person], Ran]

OTHER_KEY = {"id": "AKIAOTHEROTHEROTHER0", "secret": "the-other-secret"}
CODES = ("123456", "654321", "333333")  # of the device; each is valid once
WRONG_CODE = "999999"

# What the person types at a question that is not for a code.
ANSWERS = {
    "access key id": OTHER_KEY["id"],
    "secret access key": OTHER_KEY["secret"],
    "mfa arn": DEVICE,
    "session duration": "12h",
}


class Case(NamedTuple):
    """A case: the key that the account has, and the codes that the person types.

    `done` is what the page says of it, beyond its name.  `before` are the codes of an
    earlier login, which succeeds if the tool can.  `command` names the field of `Tool` that
    is run, `child` the script that it runs (none: a program that does not exist), and `way`
    how.  `trouble` changes the simulator before the run.  `look` returns what else was
    seen, which `looked_at` names.
    """

    name: str
    codes: Sequence[str]
    done: str = ""
    key: Mapping[str, str] = KEY
    before: Sequence[str] = ()
    command: str = "login"
    child: str = ""
    way: Way = on_terminal
    wrong_passphrase: bool = False
    trouble: Callable[[Simulator], object] = lambda _: None
    looked_at: str = ""
    look: Callable[[Simulator, Ran], str] = lambda *_: ""


def set_up(simulator: Simulator, key: Mapping[str, str] = KEY) -> None:
    """Give a simulator an account anew: with this key alone, and the device."""
    simulator.reset()
    simulator.world({"keys": {"the": {**key}}, "mfa": {"arn": DEVICE, "codes": [*CODES]}})


def codes_in(asked: Sequence[str]) -> int:
    """Return how many of these questions are for a code."""
    return sum(question not in ANSWERS for question in asked)


def duration(simulator: Simulator, _: Ran) -> str:
    """Return the length of the session that STS was asked for last."""
    asked = [c["parameters"] for c in simulator.calls() if c["operation"] == "GetSessionToken"]
    if not asked:
        return "STS was not asked"
    seconds = asked[-1].get("DurationSeconds")
    return f"{int(seconds) / 3600:g} h" if seconds else "no length: STS gives 12 h"


def logins(simulator: Simulator, ran: Ran) -> str:
    """Return how often a code was asked for, how many sessions were made, and both ends."""
    made = [c for c in simulator.calls() if c["operation"] == "GetSessionToken" and not c["code"]]
    return f"{codes_in(ran.asked)}; {len(made)}; {ran.first} and {ran.ending}"


def code_asked(_: Simulator, ran: Ran) -> str:
    """Return how often a code was asked for."""
    return str(codes_in(ran.asked))


def data_and_session(_: Simulator, ran: Ran) -> str:
    """Return what the command that was run had: standard input and a session."""
    if "ran " not in ran.screen:
        return "it was not run"
    data = "the data" if "ran the data" in ran.screen else "no data"
    return f"{data}, {'a session' if 'session:yes' in ran.screen else 'no session'}"


def session(_: Simulator, ran: Ran) -> str:
    """Return whether the command that was run had a session."""
    found = re.search("session:(yes|no)", ran.screen)
    return {"yes": "a session", "no": "no session"}[found[1]] if found else "it was not run"


def command_after_signal(_: Simulator, ran: Ran) -> str:
    """Return what became of the command whose tool was sent SIGTERM."""
    if READY not in ran.screen:
        return "it was not run"
    return "runs on" if ran.orphan else "has ended"


# In the environment, or in the file that it names.
_SESSION = (
    'if test -n "$AWS_SESSION_TOKEN" || grep -qs aws_session_token "$AWS_SHARED_CREDENTIALS_FILE";'
    " then echo session:yes; else echo session:no; fi"
)


def _lost(answer: str, times: int = 1) -> Callable[[Simulator], object]:
    return lambda simulator: simulator.fault("GetSessionToken", answer, times=times)


CASES = (
    Case("the right code", CODES[:1]),
    Case("a wrong code, then the right one", (WRONG_CODE, CODES[0])),
    Case("the code of the last login, then the next", CODES[:2], before=CODES[:1], command="again"),
    Case(
        "AWS does not know the key, or no longer",
        CODES[:2],
        "The key was stored seconds before: authkit asks several times, for a new key may not be"
        " known everywhere in AWS yet.",
        key=OTHER_KEY,
    ),
    Case(
        "the login after that one",
        CODES[2:],
        "The same, and then a new session is asked for: is the typed key kept?",
        key=OTHER_KEY,
        before=CODES[:2],
        command="again",
    ),
    Case(
        "AWS says that the session has expired, the local clock does not",
        CODES[1:2],
        before=CODES[:1],
        trouble=lambda simulator: simulator.fault("GetCallerIdentity", "ExpiredToken"),
    ),
    Case("throttled twice", CODES[:1], trouble=_lost("Throttling", 2)),
    Case(
        "the local clock is 20 minutes behind",
        CODES[:1],
        trouble=lambda simulator: simulator.skew("20m"),
    ),
    Case(
        "a session of 36 hours",
        CODES[:1],
        "The longest that AWS gives to an IAM user; asked for by an option of the command, of Atmos"
        " by one that names another configuration.",
        command="day_and_half",
        looked_at="asked STS for",
        look=duration,
    ),
    Case(
        "two logins at once",
        CODES[:2],
        "Once the first asks, the same command is started on a second terminal, which has"
        f" {QUIET:.0f} seconds to ask before the first is answered.",
        way=on_two_terminals,
        looked_at="codes asked for; sessions made; exit statuses",
        look=logins,
    ),
    Case(
        "the answer is lost after the code was spent",
        CODES[:2],
        "AWS takes the code, and half of its answer arrives.",
        trouble=_lost("truncated"),
        looked_at="codes asked for",
        look=code_asked,
    ),
    Case(
        "AWS takes the request and does not answer",
        CODES[:2],
        "Only the first request; the next would be answered.",
        trouble=_lost("timeout"),
        looked_at="codes asked for",
        look=code_asked,
    ),
    Case("Ctrl-C at the code", ()),
    Case("no terminal", (), "Standard input is the null device.", way=without_terminal),
    Case("the wrong passphrase for the keys", CODES[:1], wrong_passphrase=True),
    Case(
        "a command that ends with status 7",
        (),
        before=CODES[:1],
        command="run",
        child="exit 7",
    ),
    Case(
        "a command that SIGTERM kills",
        (),
        before=CODES[:1],
        command="run",
        child="kill -TERM $$",
    ),
    Case(
        "a command that does not exist",
        (),
        "A shell would say 127.",
        before=CODES[:1],
        command="run",
    ),
    Case(
        "SIGTERM for the tool while its command runs",
        (),
        "Sent to the process that was started, and to no other; the command would take 30 seconds.",
        before=CODES[:1],
        command="run",
        child=f"echo {READY} $$; exec sleep 30",
        way=terminated,
        looked_at="the command",
        look=command_after_signal,
    ),
    Case(
        "a command without a session",
        CODES[:1],
        command="run",
        child=_SESSION,
        looked_at="the command had",
        look=session,
    ),
    Case(
        "a command in a pipe, without a session",
        CODES[:1],
        "As in `echo the data | tool … cat`, at a terminal.",
        command="run",
        child=f'echo "ran $(cat)"; {_SESSION}',
        way=in_pipe,
        looked_at="the command had",
        look=data_and_session,
    ),
)
