"""What is known: forms and words that may be kept, and texts from outside that are known.  Data."""

from __future__ import annotations

import re

from authkit.arguments import COMMANDS, OPTIONS
from authkit.aws_files.profiles import SOURCES
from authkit.core import render
from authkit.core.kinds import KINDS
from authkit.core.messages import DENIED_BY
from authkit.core.rules import RULES

# What stands for any keyring backend, command and process: they are those of the world in
# which scenarios are replayed.
BACKEND = "fakes.world.keyring.MemoryKeyring"
EMPTY_BACKENDS = {"keyring.backends.fail.Keyring", "keyring.backends.null.Keyring"}
CHILD = "command"
NO_TERMINAL, NULL_DEVICE = "there is no terminal", "standard input is the null device"
PROCESS = 4711
PROXY = "HTTPS_PROXY"

FIELDS = {field.name: field for kind in KINDS.values() for field in kind.fields}
TITLES = {field.title for field in FIELDS.values()}
OPERATIONS = {  # by the method of the port
    "get_caller_identity": "GetCallerIdentity",
    "get_date": "GetCallerIdentity",
    "get_session_token": "GetSessionToken",
    "assume_role": "AssumeRole",
    "list_mfa_devices": "iam:ListMFADevices",
}
ROWS = (*render.WHOAMI_ROWS, *render.LOGIN_ROWS)

# What the rules look for in a message, which decides what authkit does: that much is kept.
TELLING = [re.compile(rule.words, re.IGNORECASE) for rule in RULES if rule.words]
TELLING += [re.compile(rf"\b(?:in an?|no) (?:{'|'.join(DENIED_BY)})\b", re.IGNORECASE)]
LEFT_OUT = re.compile(r"<text of \d+ characters(?:: [a-zA-Z -]+)*>")

# Forms of values that tell nothing about anybody.
_SPAN = r"(?:\d{1,6}d ?)?(?:\d{1,6}h ?)?(?:\d{1,6}m ?)?(?:\d{1,6}s ?)?(?:\d{1,3}ms)?|\d{1,6}"
_INSTANT = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [A-Z]{2,5}|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{2,4}"
_NUMBER = r"\d{1,6}"
_CODE = (
    r"(?:IDP)?(?:[A-Z][a-z]+){1,8}(?:\.(?:[A-Z][a-z]+){1,8})?|no answer|broken answer|cannot ask"
)
_OFFSET = r"your clock is (?:\d+ h )?\d+ m (?:behind|ahead of) AWS"
_REMARK = rf"\((?:{_SPAN}|expired|{_CODE})(?:, ends soon|, not verified|, says AWS)?\)"
_REGION = r"(?:us|eu|ap|sa|ca|me|af|il|mx|cn|us-gov)-(?:north|south|east|west|central){1,2}-\d"

KINDS_OF_FILES = ("a symbolic link", "a FIFO", "a device", "a folder", "a socket")
# What is wrong with a file of the state folder, and the word of a fault that does the same.
STATE = {
    "there is no room left on its file system or in a quota": "no room",
    "its file system has no locks": "no locks",
    "its file system keeps no file private": "no modes",
    "group or others may write to it, and chmod does not change that": "open to others for good",
    "it belongs to root, as after 'sudo authkit'": "of root",
    "it belongs to another user": "of another user",
    "it does not belong to root, as whom sudo runs this": "of another user, under sudo",
    "it has another name too (a hard link)": "a hard link",
}

# What is wrong with a file of the person's own, the same.
FILES = {
    "its mode does not let you write to it": "read-only",
    "it is a link to what is not there": "a link to nothing",
    "it is mounted by itself, so nothing can take its place": "a mount",
    "a new file in its place would belong to you, not to its owner": "of another owner",
    "the folder that one stands in is gone": "no working directory",
    "it has another name too (a hard link), which would keep what it is now": "a hard link",
    "nothing came from it in 60 seconds": "a FIFO",
    **{f"it is {kind}, not a file": kind for kind in KINDS_OF_FILES},
}
_SOURCES = "|".join(sorted(SOURCES))

# Texts from outside that are known: AWS's, and reasons that authkit's adapters word.
KNOWN = (
    "The security token included in the request is {invalid}",
    "Request limit exceeded.",
    (
        "The request signature we calculated does not match the signature you provided. Check your "
        "AWS Secret Access Key and signing method. Consult the service documentation for details."
    ),
    "Signature expired: {stamp} is now earlier than {stamp} ({stamp} - {minutes} min.)",
    "Signature not yet current: {stamp} is still later than {stamp} ({stamp} + {minutes} min.)",
    "Credential should be scoped to a valid region.",
    "MultiFactorAuthentication failed with invalid MFA one time pass code.",
    (
        "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA "
        "serial number is valid and associated with this user."
    ),
    (
        "MultiFactorAuthentication failed, unable to validate MFA code. Please verify your MFA "
        "serial number is valid and associated with this user."
    ),
    "User: {principal} is not authorized to perform: {action}",
    "User: {principal} is not authorized to perform: {action} on resource: {principal}",
    "User: {principal} is not authorized to perform: {action} with an explicit deny{policy}",
    (
        "User: {principal} is not authorized to perform: {action} on resource: {principal} "
        "with an explicit deny{policy}"
    ),
    (
        "User: {principal} is not authorized to perform: {action} because no {kind_of_policy} "
        "allows the {action} action"
    ),
    (
        "User: {principal} is not authorized to perform: {action} on resource: {principal} "
        "because no {kind_of_policy} allows the {action} action"
    ),
    "Cannot call {operation} with session credentials",
    "Roles may not be assumed by root accounts.",
    (
        "STS is not activated in this region for account:{account}. Your account administrator can "
        "activate STS in this region using the IAM Console."
    ),
    "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    (
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
        "chaining"
    ),
    "Rate exceeded",
    "Request has expired.",
    # why STS could not be reached
    "no connection within {number} s",
    "no answer within {number} s",
    "the connection closed unanswered",
    "the answer is not STS's",
    "the answer lacks what STS answers",
    "HTTP {number} without an STS error",
    "{address}: {reason}",
    "TLS trouble ({reason})",
    "its certificate is refused ({reason}; AWS_CA_BUNDLE names those that are trusted)",
    "its certificate is refused ({reason}), or this machine's clock is wrong: {now}",
    "the proxy of {proxy} cannot be reached ({reason})",
    "the proxy of {proxy} asks for a user name and password ({number})",
    "the proxy of {proxy} refuses the user name and password there ({number})",
    "the proxy of {proxy} refuses to connect to {host} ({number})",
    # the same, as the system and OpenSSL word it
    "Connection refused",
    "No route to host",
    "Network is unreachable",
    "Name or service not known",
    "Temporary failure in name resolution",
    "nodename nor servname provided, or not known",
    "wrong version number",
    "certificate has expired",
    "certificate is not yet valid",
    "self-signed certificate",
    "self-signed certificate in certificate chain",
    "unable to get local issuer certificate",
    # why nobody can be asked
    "--no-input was given",
    "CI={flag} is set",
    "--stdin was given",
    "credential-process never asks",
    NO_TERMINAL,
    "authkit is in the background of its terminal",
    # why a session, an entry or a file cannot be used
    "process {process}",
    "{state_path}: {reason}",
    "it is of another version",
    "it names another identity",
    "its credentials cannot be sent",
    "its region, account or principal is none",
    "it is not what authkit writes",
    "it is not JSON",
    "its instants are out of bounds",
    "it is not an object with a version",
    "its fields are not texts of version 1",
    "version {number}; this one knows {number}",
    "{field} is missing",
    "{field}: {reason}",
    "{reason}; nobody can be asked here: {unasked}",
    "it asks for a password, and nobody can be asked here: {unasked}",
    "what was written cannot be read back",
    "group or others may write to it",
    *STATE,
    *FILES,
    "Read-only file system",
    "it has more than 1 MiB",
    "it stands before any [section]",
    "it stands before any [section] (it begins with a byte-order mark)",
    "it has no key with a '='",
    "it opens a section, and has no ']' to close it",
    "it is not UTF-8",
    "it gives the credentials of {identity}",
    "Permission denied",
    "command not found",
    "the collection is locked",
    "it was not unlocked",
    "the question for its password was dismissed",
    "the backend does not answer",
    "none was found",
    "{backend} raised {code}",
    "{backend} keeps nothing",
    # what is wrong with a program that was to print a line, and with the config file
    "was not found",
    "was not found: {code_program}",
    "cannot be run ({reason})",
    "cannot be run ({reason}): {code_program}",
    "printed no line",
    "printed more than one line",
    "printed more than {number} bytes",
    "failed with exit status {number}",
    "died of signal {number}",
    "took longer than {number} s",
    "was stopped, since it wanted to use the terminal",
    "did not print six digits",
    "keeps printing a code that was sent before",
    "its mode lets others write to it",
    "it belongs to another user (uid {number})",
    # why an answer is refused
    "ASIA… is the id of session credentials; take an IAM user's key (AKIA…)",
    "an access key id (AKIA…) has 16 to 128 letters and digits",
    "it cannot be blank",
    "STS takes no security keys (u2f); use a device that shows six digits",
    "an MFA ARN is written like arn:aws:iam::123456789012:mfa/user",
    "a device is chosen by a number from 1 to {number}, or by its ARN or serial number",
    "a device is chosen by 1, or by its ARN or serial number",
    "a duration is written like 36h, 1h30m, 45m, or in seconds like 3600",
    "AWS grants sessions of {asked} to {asked}",
    "AWS grants sessions of {asked} to {asked}; {number} is in seconds, {number}h in hours",
    # why a line of the command line cannot be read
    "No command to run: it comes after '--'",
    "Neither an identity nor a command is given",
    "Give an identity or --all, not both",
)
# The names that templates give to commands: what to run next, and what was run.
COMMANDS_TO_RUN = (
    *("again", "anew", "command", "configure", "first_login", "list", "login", "logout"),
    *("named", "renamed"),
    *("located", "of_other"),
    "source_login",
)
# Why no answer could be had, and the word of a fault that does the same: the first that fits.
FAULT_WORDS = (
    (r"no (?:answer|connection) within", "timeout"),
    (r"the proxy of .*\(407\)", "proxy 407"),
    (r"the proxy of .* refuses to connect", "proxy 403"),
    (r"the proxy of ", "proxy gone"),
    (r"its certificate is refused .* clock is wrong", "certificate expired"),
    (r"its certificate is refused", "certificate unknown"),
    (r"TLS trouble", "no TLS"),
    (r".*: Connection refused", "connection refused"),
    (r".*: (?:No route to host|Network is unreachable)", "no route"),
    (r".*: (?:Name or service|nodename nor|Temporary failure in name|No address)", "name unknown"),
    (r"the answer", "garbage"),
    (r"HTTP ", "html"),
    (r"", "reset"),
)
# Those of the way to STS: STS does not see such a call.
ON_THE_WAY = {word for _, word in FAULT_WORDS} - {"timeout", "garbage", "html", "reset"}
PRINT_CODE = "print-code"  # for the command in `mfa_process`
CODES = {code for rule in RULES for code in rule.codes}
DONE = (
    *("nothing-removed", "nothing-changed", "nothing-of-it-changed"),
    *("no-session-made", "no-session-of-role"),  # "no-session-kept" is of the form of the first
    *("removed-refused", "removed-and-replaced", "settings-remain"),
    *("stopped", "nothing-saved", "keys-not-saved", "saved-unmarked", "keys-left"),
    *("probe-taken-back", "probe-perhaps-left"),
)

# How values are dealt with, by the names that templates give them.  Any other is from outside.
FORMS = {
    **dict.fromkeys(("granted", "asked", "left", "most", "pause", "waited"), _SPAN),
    **dict.fromkeys(("expires", "until", "ended", "Last Updated"), _INSTANT),
    **dict.fromkeys(("tries", "status", "number", "minutes"), _NUMBER),
    "instant": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "Expires": rf"(?:{_INSTANT}) {_REMARK}",
    "code": _CODE,
    "offset": rf"{_OFFSET}|the clock of this machine is wrong",
    "region": _REGION,
    "Region": _REGION,
    "stamp": r"\d{8}T\d{6}Z",
    "invalid": r"invalid\.?|expired",
    "host": rf"sts\.(?:{_REGION}\.)?amazonaws\.com(?:\.cn)?",
    "now": r"\d{4}-\d\d-\d\d \d\d:\d\d UTC",
    "action": r"sts:[A-Z][A-Za-z]{2,40}",
    "policy": rf"(?: in an? (?:{'|'.join(DENIED_BY)}))?",
    "kind_of_policy": "|".join(DENIED_BY),
    "flag": r"(?i:true|1|yes)",
    "keys": rf"(?:{_SOURCES})(?:, (?:{_SOURCES}))*",
    "settings": rf"(?:region|{_SOURCES})(?:, (?:region|{_SOURCES}))*",
    "second": _NUMBER,
    "has": rf"it has (?:{_SOURCES})(?:, (?:{_SOURCES}))*",
}
WORDS = {
    "fields": {", ".join(field.name for field in kind.fields) for kind in KINDS.values()},
    "vendor": {kind.vendor for kind in KINDS.values()},
    "title": TITLES,
    "field": {*FIELDS},
    "operation": {*OPERATIONS.values()},
    "mark": {"✓", "✗", "⚠"},
    "kind": {*KINDS},
    "Provider": {render.provider(kind) for kind in KINDS},
    "kept": {*TITLES, "MFA ARN and Session Duration"},
    "setting": {"AUTHKIT_KEYRING_PASSPHRASE", "AUTHKIT_KEYRING_PASSPHRASE_COMMAND"},
    "unseen": {""},
    "json": {"absent", *(rule.name for rule in RULES)},
}
SPELLINGS = {  # by each spelling the option; one that stands for a value is its own
    spelt: spelt if value else flag
    for flag, option in OPTIONS.items()
    for spelt, _, value in (also.partition("=") for also in (flag, *option.also))
}
TAKES = {flag: option.takes for flag, option in OPTIONS.items()}
OF_OPTION = {"NAME": "identity", "FILE": "path", "DURATION": "asked", "REGION": "region"}
OF_OPTION["FORM"] = "form"
FORMS["form"] = "|".join(c for option in OPTIONS.values() for c in option.choices)
PLACEHOLDERS = {"--", "…", "NAME", "COMMAND", "REGION"}
COMMAND_WORDS = {word for name in COMMANDS for word in name.split()}
OF_JSON = {name: name for name in ("identity", "kind", "principal", "account", "region")}
OF_JSON |= {"expires": "instant", "last_updated": "instant", "provider": "Provider"}
OF_JSON |= {"reason": "json", "keys": "state", "session": "state"}
_STATES = "stored|none|other settings|-|unreadable|locked|corrupt|later-version|expired|absent"
FORMS["state"] = f"{'|'.join(KINDS)}|{_STATES}|{_SPAN}"
