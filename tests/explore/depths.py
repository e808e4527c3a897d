"""How deep the bounded walk of the tests goes."""

from __future__ import annotations

from tests.explore.commands import COMMANDS
from tests.explore.situations import SITUATIONS

DEPTH, SIDE_BY_SIDE = 2, 1  # of one process; of several, and of variants
SINGLY = 1  # of situations: one failure
# Of commands that are walked for what their own line is, and not for what is behind it.
SHALLOW = 1
SHALLOW_ONES = (
    *("wrong-", "env-f", "env-p", "env-d", "env-u", "exec-dashes", "exec-first-word"),
    *("exec-debug", "login-debug", "login-not-debug", "login-elsewhere", "login-wire"),
    *("whoami-wire", "login-record", "exec-record", "exec-seat", "configure-seat"),
    *("login-disk", "logout-disk", "whoami-disk", "exec-disk", "configure-disk", "list-disk"),
    *("named-", "each-", "in-region-", "in-form-", "spelt-", "sees-", "placed-"),
    *("import-files", "import-choose", "import-asked"),
    *("import-into", "import-replace", "import-env", "import-csv", "import-new-csv"),
    *("help-", "mixed-"),
)
PAIRS = (  # processes that are interleaved
    *("login+login", "login+logout-keys", "login-force+configure-stdin-no-verify"),
    *("login-role+logout-keys", "exec+login-force", "login-role+login-role"),
)
ONCE = {  # variants: what differs in them is seen where one thing is not plain
    *("login-session", "login-region", "login-source", "login-role-all", "login-role-region"),
    *("login-role-duration", "exec-role-all", "exec-role-min-ttl", "credential-process-role-all"),
    *("exec-config", "exec-callers-region", "exec-min-ttl-short", "env-region", "env-config"),
    *("login-role-plain", "login-role-alone", "exec-role-plain", "exec-role-alone"),
    *("login-vpc-endpoint", "login-local-endpoint", "whoami-opt-in"),
    *("whoami-config", "whoami-json-config", "login-role-too-long", "exec-min-ttl-long"),
    *(
        "login-role-opt-in",
        "login-role-partition",
        "login-duration-long",
        "login-too-long",
        "login-too-short",
    ),
    *("login-force", "login-duration", "login-config", "login-opt-in", "login-seat"),
    *("login-process/alone", "exec-process/alone", "login-role-process", "login-role-force"),
    *(
        "credential-process-role-process",
        "credential-process-chain",
        "exec-min-ttl",
        "exec-chain",
        "exec-shell",
        "exec-shell/alone",
    ),
    *("login-chain-duration", "configure-chain", "configure-source", "configure-config"),
    *(
        "configure-no-verify",
        "doctor-probe",
        "doctor-json",
        "doctor-probe-json",
        "import-over/alone",
    ),
    *("profile-add-config", "profile-add-region"),
    *("brought-login-kept", "brought-login-duration", "brought-exec-min-ttl"),
    *("brought-env-unset", "brought-whoami-json", "brought-list"),
    *("brought-configure-stdin", "brought-credential-process", "brought-profile-add"),
}
NAMES = (*COMMANDS, *PAIRS, *SITUATIONS)  # the commands of the bounded walk
# What their beginnings are for shows near them; further on they are as `login` and `configure` are.
OWN_BEGINNINGS = (
    *("-devices", "-keep", "-same-code", "-throttled", "-refused", "-in-the-clear"),
    *("-wrong-entry", "-called"),
)


def depth(name: str) -> int:
    """Return how deep a command is walked."""
    if name in SITUATIONS:
        return SINGLY
    if name.startswith(SHALLOW_ONES):
        return SHALLOW
    near = "+" in name or name in ONCE or name.endswith(OWN_BEGINNINGS)
    return SIDE_BY_SIDE if near else DEPTH
