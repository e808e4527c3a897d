"""Situations from which every failure is tried, one at a time: data.

Each is a command in a world of which nothing is chosen.  What is combined from there are
single failures only, but all of them (``failures``), the rare ones too.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from authkit.adapters import state_troubles
from tests.explore.answers import BUSY, OTHERS_REMOVE
from tests.explore.configs import ELSEWHERE, OPT_IN
from tests.explore.failures import ONCE, ONE
from tests.explore.machine import FIRST, NAME

if TYPE_CHECKING:
    from collections.abc import Mapping


class Situation(NamedTuple):
    """A command, by its name in ``commands``, and what there is before it.

    `begins` has, for the choices of ``starts``, the option taken; and "happened": a name in
    `HAPPENED`.  `line` and `config` are the command's where they are others.
    """

    command: str
    begins: Mapping[str, str]
    line: tuple[str, ...] = ()
    config: str | None = None


# What was so at AWS, at the locks and in the folders before: as ``machine.answers`` has it.
_KEYS = " ".join(FIRST)
HAPPENED: Mapping[str, Mapping[str, str]] = {
    "": {},
    "rotated": {_KEYS: "revoked"},
    "mistyped": {_KEYS: "mistyped"},
    "refused": {"ASIAGOOD hidden-ASIAGOOD": "expired"},
    "role refused": {"ASIAGOODROLE hidden-ASIAGOODROLE": "expired"},
    "a code is refused": {f"{ONCE}GetSessionToken": "code"},
    "the device is refused": {f"{ONCE}GetSessionToken": "device"},
    "the device is refused, and others remove the keys": {
        f"{ONCE}GetSessionToken": "device",
        f"{ONE}keyring alone": OTHERS_REMOVE,
    },
    "the clock is wrong": {f"{ONCE}GetSessionToken": "skew"},
    "the clock is wrong at first": {f"{ONCE}GetCallerIdentity": "skew"},
    "the child fails": {f"{ONE}child": "1"},
    "AWS denies the child something": {f"{ONE}child": "254"},
    "rotated meanwhile": {f"{ONCE}GetSessionToken": "revoked"},
    "no secret is right": {"GetSessionToken": "mistyped"},
    "a device is listed": {f"{ONE}ListMFADevices": "the device"},
    "a call is not sent": {f"{ONCE}GetSessionToken": "unsent"},
    "an answer is lost": {f"{ONCE}GetSessionToken": "lost"},
    "AWS is busy": {f"{ONCE}GetSessionToken": "throttled"},
    "another login hangs": {f"lock {NAME}": BUSY},
    "others may write": {"state": state_troubles.OPEN},
    "a FIFO": {f"{ONE}session read": state_troubles.FIFO},
    "the clock is ahead": {},
    "the clock is behind": {},
}
# By how much AWS's clock is ahead then: by less than it refuses.
OFF = {
    "the clock is ahead": timedelta(minutes=-5),
    "the clock is behind": timedelta(minutes=5),
}


def _begins(session: str = "", happened: str = "", **others: str) -> Mapping[str, str]:
    named = {name.replace("_", " "): option for name, option in others.items()}
    return named | {"session": session or "none", "happened": happened}


_GOOD, _OVER = _begins("good"), _begins("expired")
_NOTHING = _begins(entry="none", marker="none")
_PLAIN = _begins(entry="keys alone")
_BOTH = _begins("good", role_session="good")
SITUATIONS: Mapping[str, Situation] = {
    # login
    "once-login-without-keys": Situation("login", _NOTHING),
    "once-login-without-a-device": Situation("login", _PLAIN),
    "once-login-device-open": Situation(
        "login", _begins(happened="a device is listed", entry="keys alone", marker="open")
    ),
    "once-login-settings": Situation("login", _begins(entry="settings alone")),
    "once-login-of-session": Situation("login", _begins(entry="session credentials")),
    "once-login-plain": Situation("login", _begins()),
    "once-login-session": Situation("login", _GOOD),
    "once-login-opt-in": Situation("login", _GOOD, config=OPT_IN),
    "once-login-over": Situation("login", _OVER),
    "once-login-refused-session": Situation("login", _begins("good", "refused")),
    "once-login-elsewhere": Situation("login", _begins(entry="none", marker="elsewhere")),
    "once-login-rotated": Situation("login", _begins("expired", "rotated")),
    "once-login-untried": Situation(
        "login", _begins(happened="rotated", marker="untried for a minute")
    ),
    "once-login-dead": Situation("login", _begins(happened="rotated", entry="keys alone")),
    "once-login-mistyped": Situation("login", _begins(happened="mistyped")),
    "once-login-code": Situation("login", _begins(happened="a code is refused")),
    "once-login-device": Situation("login", _begins(happened="the device is refused")),
    "once-login-device-removed": Situation(
        "login", _begins(happened="the device is refused, and others remove the keys")
    ),
    "once-login-clock": Situation("login", _begins(happened="the clock is wrong")),
    "once-login-clock-new": Situation(
        "login", _begins(happened="the clock is wrong at first", entry="none", marker="none")
    ),
    "once-login-clock-ahead": Situation("login", _begins(happened="the clock is ahead")),
    "once-login-clock-behind": Situation("login", _begins("good", "the clock is behind")),
    "once-login-rotated-meanwhile": Situation("login", _begins(happened="rotated meanwhile")),
    "once-login-secrets": Situation("login", _begins(happened="no secret is right")),
    "once-login-unsent": Situation("login", _begins(happened="a call is not sent")),
    "once-login-lost": Situation("login", _begins(happened="an answer is lost")),
    "once-login-busy": Situation("login", _begins(happened="AWS is busy")),
    "once-login-held": Situation("login", _begins(happened="another login hangs")),
    "once-login-fifo": Situation("login", _begins("good", "a FIFO")),
    "once-login-nobody": Situation("login/alone", _NOTHING),
    "once-login-alone": Situation("login/alone", _PLAIN),
    "once-login-alone-dead": Situation("login/alone", _begins("expired", "rotated")),
    "once-login-force": Situation("login-force", _GOOD),
    "once-login-force-rotated": Situation("login-force", _begins("good", "rotated")),
    "once-login-duration": Situation("login-duration", _begins("with --duration")),
    "once-login-config-device": Situation(
        "login-config", _begins(happened="the device is refused", entry="keys alone")
    ),
    "once-login-process": Situation("login-process", _OVER),
    "once-login-process-code": Situation("login-process", _begins(happened="a code is refused")),
    "once-login-process-alone": Situation("login-process/alone", _begins()),
    "once-login-role-code": Situation("login-role", _begins(happened="a code is refused")),
    "once-login-role-device": Situation("login-role", _begins(happened="the device is refused")),
    "once-login-role": Situation("login-role", _begins()),
    "once-login-role-over": Situation("login-role", _begins("good", role_session="expired")),
    "once-login-role-refused": Situation("login-role", _begins("good", "refused")),
    "once-login-role-rotated": Situation("login-role", _begins("expired", "rotated")),
    "once-login-role-force": Situation("login-role-force", _BOTH),
    "once-login-role-clock": Situation("login-role", _begins(happened="the clock is ahead")),
    # exec, env, credential-process
    "once-exec": Situation("exec", _begins()),
    "once-exec-session": Situation("exec", _GOOD),
    "once-exec-fails": Situation("exec", _begins("good", "the child fails")),
    "once-exec-denied": Situation("exec", _begins("good", "AWS denies the child something")),
    "once-exec-over": Situation("exec", _OVER),
    "once-exec-granted-less": Situation("exec-min-ttl", _begins("granted less")),
    "once-exec-lifetime": Situation("exec-min-ttl-long", _NOTHING),
    "once-exec-clock": Situation("exec", _begins("good", "the clock is behind")),
    "once-exec-rotated": Situation("exec", _begins("expired", "rotated")),
    "once-exec-refused": Situation("exec", _begins("good", "refused")),
    "once-exec-alone": Situation("exec/alone", _PLAIN),
    "once-exec-nobody": Situation("exec/alone", _OVER),
    "once-exec-open-folder": Situation("exec", _begins("good", "others may write")),
    "once-exec-process": Situation("exec-process/alone", _OVER),
    "once-exec-role": Situation("exec-role", _begins()),
    "once-exec-role-session": Situation("exec-role", _BOTH),
    "once-env": Situation("env", _GOOD),
    "once-env-over": Situation("env", _OVER),
    "once-env-role": Situation("env-role", _BOTH),
    "once-process": Situation("credential-process", _GOOD),
    "once-process-clock": Situation("credential-process", _begins("good", "the clock is ahead")),
    "once-process-nobody": Situation("credential-process", _OVER),
    "once-process-alone": Situation("credential-process", _PLAIN),
    "once-process-process": Situation("credential-process-process", _OVER),
    "once-process-role": Situation(
        "credential-process-role", _begins("good", role_session="expired")
    ),
    # what looks
    "once-whoami": Situation("whoami", _GOOD),
    "once-whoami-over": Situation("whoami", _OVER),
    "once-whoami-clock": Situation("whoami", _begins("ends in 15 minutes", "the clock is behind")),
    "once-whoami-nothing": Situation("whoami", _NOTHING),
    "once-whoami-offline": Situation("whoami-offline", _GOOD),
    "once-whoami-json": Situation("whoami-json", _GOOD),
    "once-whoami-role": Situation("whoami-role", _BOTH),
    "once-whoami-open-folder": Situation("whoami", _begins("good", "others may write")),
    "once-list": Situation("list", _GOOD),
    "once-list-gone": Situation("list", _begins("good", marker="gone")),
    "once-list-check": Situation("list-check", _GOOD),
    "once-list-roles": Situation("list-roles", _BOTH),
    "once-list-open-folder": Situation("list", _begins("good", "others may write")),
    "once-list-fifo": Situation("list", _begins("good", "a FIFO")),
    "once-complete": Situation("complete-identities", _GOOD),
    "once-doctor": Situation("doctor", _GOOD),
    "once-doctor-probe": Situation("doctor-probe", _begins()),
    # logout
    "once-logout": Situation("logout", _GOOD),
    "once-logout-nothing": Situation("logout", _NOTHING),
    "once-logout-fifo": Situation("logout", _begins("good", "a FIFO")),
    "once-logout-open-folder": Situation("logout-keys", _begins("good", "others may write")),
    "once-logout-all": Situation("logout-all", _GOOD),
    "once-logout-all-open-folder": Situation("logout-all", _begins("good", "others may write")),
    "once-logout-keys": Situation("logout-keys", _GOOD),
    "once-logout-keys-nothing": Situation("logout-keys", _NOTHING),
    "once-logout-all-keys": Situation("logout-all-keys", _GOOD),
    "once-logout-role": Situation("logout-role", _BOTH),
    "once-logout-source": Situation("logout-source-keys", _BOTH, ("logout", NAME)),
    "once-logout-source-keys": Situation("logout-source-keys", _BOTH),
    # configure
    "once-configure": Situation("configure", _GOOD),
    "once-configure-nothing": Situation("configure", _NOTHING),
    "once-configure-dead": Situation("configure-no-verify", _begins(happened="rotated")),
    "once-configure-alone": Situation("configure/alone", _GOOD),
    "once-configure-of-session": Situation("configure", _begins(entry="session credentials")),
    "once-configure-half": Situation("configure", _begins(entry="a secret alone")),
    "once-configure-open-folder": Situation("configure", _begins("good", "others may write")),
    "once-configure-source": Situation("configure-source", _BOTH),
    "once-configure-stdin": Situation("configure-stdin", _GOOD),
    "once-configure-stdin-nothing": Situation("configure-stdin", _NOTHING),
    # import, profile
    "once-import": Situation("import", _begins(profiles="several")),
    "once-import-alone": Situation("import/alone", _begins()),
    "once-import-over": Situation("import", _begins("good", entry="keys and device")),
    "once-import-no-verify": Situation(
        "import/alone", _begins(), ("import", "--all", "--no-verify")
    ),
    "once-profile-add": Situation("profile-add", _begins("good", profile="settings alone")),
    "once-profile-again": Situation("profile-add", _begins(profile="there")),
    "once-profile-remove": Situation("profile-remove", _begins(profile="there")),
    "once-profile-none": Situation("profile-remove", _begins(profile="none")),
}
# An identity of a kind from elsewhere: whatever fails, its keys stay (B-K01).
FROM_ELSEWHERE: Mapping[str, Situation] = {
    "once-login-brought": Situation("login", _PLAIN, config=ELSEWHERE),
    "once-login-brought-alone": Situation("login/alone", _PLAIN, config=ELSEWHERE),
    "once-exec-brought": Situation("exec", _PLAIN, config=ELSEWHERE),
    "once-configure-brought": Situation("configure", _PLAIN, config=ELSEWHERE),
    "once-process-brought": Situation("credential-process", _PLAIN, config=ELSEWHERE),
}
