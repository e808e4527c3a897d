"""The findings of `authkit doctor` by name: how grave, in which words, and what mends it.  Data.

Words and cures are templates, as those of ``core.messages`` are.  A cure names the
command that mends it in single quotes, or the setting and where it stands.
What other commands end with (a Failure) has its words and its cure in
``core.messages``; a row of `CURES` has a better one where it is known which variable
or file is to blame.
"""

from __future__ import annotations

from authkit.core.model import Value

FINE, DOUBTFUL, WRONG = "✓", "⚠", "✗"  # only WRONG makes the exit status 1


class Row(Value):
    """What is said of a finding."""

    mark: str
    words: str
    cure: str = ""


_ANEW = "Run '{login}'"
_SET_CLOCK = (
    "Set it right: 'sudo timedatectl set-ntp true' (in WSL and containers, the\n"
    "  host's; on macOS 'sudo sntp -sS time.apple.com')."
)

ROWS = {
    "versions": Row(FINE, "{programs},\n  {libraries}"),
    "library-missing": Row(
        WRONG,
        "{library} is not installed",
        "Run 'pip install {library}' where authkit is installed.",
    ),
    "lock-timeout": Row(FINE, "a login waits for another one, {patience} at most"),
    # config and identity
    "config-read": Row(FINE, "{path}\n  identities: {names}"),
    "config-none": Row(FINE, "there is no\n  {path}:\n  any name is an IAM user in us-east-1"),
    "config-shared": Row(
        DOUBTFUL,
        "{place}:\n  {reason}.\n  They could name another role there, or a program to run",
        "{cure}.",
    ),
    "identity-known": Row(FINE, "{identity}, {kind}"),
    "role-of": Row(FINE, "{identity}, {kind}, reached from {source}"),
    # what is kept here
    "state-private": Row(FINE, "the folder of sessions is yours alone"),
    "state-wrong": Row(WRONG, "{path}:\n  {reason}", "{cure}."),
    "backend-found": Row(FINE, "{backend},\n  the best that was found"),
    "backend-chosen": Row(FINE, "{backend},\n  chosen by {setting}"),
    "backend-in-the-clear": Row(
        DOUBTFUL,
        "{backend} keeps passwords unencrypted",
        "Run 'export AUTHKIT_KEYRING=file' for authkit's encrypted file.",
    ),
    "keys-elsewhere": Row(
        DOUBTFUL,
        "the keys of {identity} were saved to\n  {backend}",
        "Run '{command}' to use those.",
    ),
    "probe-kept": Row(FINE, "an entry was written, read back and removed"),
    "probe-left": Row(
        WRONG,
        "an entry that was written could not be removed:\n  {reason}",
        "Remove {entry} of the service authkit with the keyring's own program.",
    ),
    "keys-stored": Row(FINE, "the entry of {identity} can be read, it has keys"),
    "keys-none": Row(DOUBTFUL, "there are no keys for {identity}", _ANEW + " in a terminal."),
    "keys-of-a-session": Row(
        WRONG,
        "the keyring holds session credentials, not keys:\n  {access_key_id}",
        "Run '{configure}' and enter an IAM user's keys.",
    ),
    "no-device": Row(FINE, "none is set: sessions are made without MFA"),
    "device": Row(FINE, "{mfa_arn}"),
    "device-of-another-account": Row(
        WRONG,
        "{mfa_arn}\n  is not in the account of the keys, {account}",
        "Run '{configure}'\n  and enter the device of this user.",
    ),
    "device-in-config-of-another-account": Row(
        WRONG,
        "{mfa_arn}\n  is not in the account of the keys, {account}",
        "Write the device of this user at {table}.mfa_arn in\n  {path}.",
    ),
    "device-in-config-of-another-partition": Row(
        WRONG,
        "{mfa_arn} is in the partition {theirs},\n  and the region {region} in {ours}",
        "Set {table}.region or {table}.mfa_arn right in\n  {path}.",
    ),
    "mfa-process": Row(FINE, "{program} can be run"),
    "mfa-process-distrusted": Row(
        WRONG, "{program} is not run: others may write to the config file", "{cure}."
    ),
    "mfa-process-missing": Row(
        WRONG,
        "{program} was not found",
        "Install it, or write its whole path at {table}.mfa_process in\n  {path}.",
    ),
    "mfa-process-not-executable": Row(
        WRONG, "{file} may not be executed", "Run 'chmod u+x {place}'."
    ),
    "mfa-process-not-started": Row(
        WRONG,
        "{file} cannot be started:\n  {reason}",
        "Mend that file, or write another program at {table}.mfa_process in\n  {path}.",
    ),
    "mfa-process-relative": Row(
        DOUBTFUL,
        "{program} is found from this folder alone",
        "Write {whole} at\n  {table}.mfa_process in\n  {path}.",
    ),
    "mfa-process-shared": Row(
        DOUBTFUL,
        "{place}:\n  {reason}.\n  They could put another program there",
        "{cure}.",
    ),
    # the way to AWS
    "endpoint": Row(FINE, "AWS's own"),
    "endpoint-foreign": Row(
        DOUBTFUL, "{variable} names {endpoint},\n  which is not AWS's", "Run 'unset {variable}'."
    ),
    "endpoint-unencrypted": Row(
        DOUBTFUL,
        "{variable} names {endpoint}:\n  requests go there unencrypted",
        "Run 'unset {variable}', or write https:// there.",
    ),
    "endpoints-elsewhere": Row(
        DOUBTFUL,
        "AWS programs send requests elsewhere than to AWS, by\n  {names}",
        "Run 'unset {names}'.",
    ),
    "no-proxy": Row(FINE, "none is set"),
    "proxy": Row(FINE, "{variable} names {address}"),
    "no-ca-bundle": Row(FINE, "those that come with the AWS library"),
    "ca-bundle": Row(FINE, "{variable} names {path}"),
    "reached": Row(FINE, "STS answers in {region}"),
    "setting-refused": Row(
        WRONG,
        "STS cannot be asked:\n  {reason}",
        "Set {variable} right, or run 'unset {variable}'.",
    ),
    "clock": Row(FINE, "it agrees with AWS's"),
    "clock-off": Row(DOUBTFUL, "{offset}", _SET_CLOCK),
    "clock-wrong": Row(WRONG, "{offset}; it refuses requests of such a time", _SET_CLOCK),
    "region": Row(FINE, "{region}, {setting}"),
    "keys-taken": Row(FINE, "AWS knows {access_key_id}:\n  {principal}"),
    "not-asked": Row(DOUBTFUL, "not tried, since STS cannot be asked"),
    # the session, and what may be used in its place
    "session": Row(FINE, "good for {left}"),
    "session-unproven": Row(DOUBTFUL, "{left} left; not verified:\n  {reason}"),
    "session-ends-soon": Row(DOUBTFUL, "it ends in {left}", _ANEW + "."),
    "session-none": Row(DOUBTFUL, "there is none", _ANEW + "."),
    "session-expired": Row(DOUBTFUL, "it has expired", _ANEW + "."),
    "session-corrupt": Row(WRONG, "it cannot be read\n  ({reason})", _ANEW + "."),
    "session-of-other-settings": Row(
        DOUBTFUL, "it was made with other keys or settings than there are now", _ANEW + "."
    ),
    "session-refused": Row(WRONG, "AWS refuses it ({code})", _ANEW + "."),
    "no-variables": Row(FINE, "none is set that AWS programs take before a profile"),
    "variables-of-session": Row(FINE, "they hold the session of {identity}"),
    "variables-shadow": Row(
        DOUBTFUL,
        "AWS programs take these before any profile:\n  {names}",
        "Run 'unset {variables}'.",
    ),
}

# What mends a Failure, by its name: the variable that must be set for it ("" for none), and the
# cure.
CURES = {
    "config-unreadable": ("AUTHKIT_CONFIG", "Run 'unset AUTHKIT_CONFIG', or check the file."),
    "identity-unknown": ("AUTHKIT_IDENTITY", "Run 'unset AUTHKIT_IDENTITY'. There are: {names}."),
    "identity-bad-name": ("AUTHKIT_IDENTITY", "Run 'unset AUTHKIT_IDENTITY'."),
    "state-dir-relative": (
        "AUTHKIT_STATE_DIR",
        "Run 'unset AUTHKIT_STATE_DIR', or set it to a folder's whole path.",
    ),
    "setting-wrong": ("AUTHKIT_KEYRING", "Run 'unset AUTHKIT_KEYRING'."),
    "lock-timeout-wrong": ("AUTHKIT_LOCK_TIMEOUT", "Run 'unset AUTHKIT_LOCK_TIMEOUT'."),
    "keyring-backend-named": ("PYTHON_KEYRING_BACKEND", "Run 'unset PYTHON_KEYRING_BACKEND'."),
    "keyring-file-unasked": (
        "",
        (
            "doctor never asks for it. For a look into that file set\n"
            "  AUTHKIT_KEYRING_PASSPHRASE_COMMAND to a command that prints it."
        ),
    ),
    "keyring-unasked": ("", "doctor never answers it: other commands do, in a terminal."),
    "keyring-file-setting": (
        "AUTHKIT_KEYRING_PASSPHRASE_COMMAND",
        "Set AUTHKIT_KEYRING_PASSPHRASE_COMMAND right.",
    ),
}
# Failures that are no fault of the machine.
MILD = {
    *("identity-none", "identity-none-in-file", "identity-needed"),
    *("keyring-file-unasked", "keyring-unasked"),
}
# What to do about what is in a file's place, by a word of its reason.
IN_THE_WAY = {"a folder": "Run 'rmdir {place}'", "it is a": "Run 'rm {place}'"}
