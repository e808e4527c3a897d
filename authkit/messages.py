"""Every message a person can see, by name, and `Failure`, which carries one.

A message about an error says what happened, what authkit has done about it and
what to type next (B-A04): a line each, the first with the mark.  Values are put
in by `render.text`, which makes control characters in them visible.
"""

from __future__ import annotations

LOGIN = "authkit login --identity {identity}"
CONFIGURE = "authkit user configure --identity {identity}"

MESSAGES = {
    # login
    "credentials-required": "⚠ {vendor} credentials are required for identity: {identity}",
    "set-in-config": "{title} is set in {path} (identities.{identity}.{field}).",
    "saved": "✓ Credentials saved to keyring: {identity}",
    "saved-in-the-clear": "⚠ The keyring backend {backend} keeps them unencrypted.",
    "authenticated": "✓ Authentication successful!\n\n{rows}",
    "granted-less": (
        "⚠ AWS granted a session of {granted}; {asked} was asked for.\n"
        "  The keys of a root user get one hour at most: use an IAM user's keys for longer sessions."
    ),
    "already-logged-in": (
        "✓ Already logged in: {identity}, until {expires}\n"
        f"  For a new session run '{LOGIN} --force'."
    ),
    "kept-unverified": (
        "⚠ Already logged in: {identity}, until {expires}; not verified, STS cannot be reached:\n"
        "  {reason}."
    ),
    "session-dropped": "⚠ AWS refused the cached session ({code}): dropped it.",
    "session-corrupt": "⚠ The cached session cannot be read ({reason}): no session.",
    "keys-removed": "✗ {meaning}; removed it from the keyring.",
    "session-credentials": (
        "⚠ The keyring holds session credentials ({access_key_id}) where the keys of an IAM user belong."
    ),
    "waiting": "⚠ {meaning} Trying again in {pause}.",
    "code-maybe-used": (
        "⚠ An answer was lost, and the code with it may be used up: wait for the next one."
    ),
    "code-not-six-digits": "✗ An MFA code is six digits.",
    "code-already-used": "✗ That code has been used: wait for the device to show the next one.",
    "code-refused": "✗ AWS refused the code: wait for the device to show the next one.",
    "device-refused": "✗ AWS refused the MFA device {mfa_arn}: it is not a device of this user.",
    "device-for-this-run": (
        "⚠ The MFA ARN is set in {path} (identities.{identity}.mfa_arn):\n"
        "  what you enter here holds for this run only."
    ),
    "device-saved": "✓ MFA ARN saved to keyring: {identity}",
    "answer-refused": "✗ {reason}.",
    "lock-wait": "⚠ Another login for {identity} is under way: waiting for it (Ctrl-C ends the wait).",
    # what login ends with when it cannot go on
    "refused": "✗ {meaning}\n  {done}\n  {hint}",
    "nothing-removed": "Nothing was removed from the keyring.",
    "no-keys": (
        "✗ There are no keys for {identity} in the keyring, and nobody to ask here.\n"
        "  Nothing was changed.\n"
        f"  Run '{LOGIN}' in a terminal, or '{CONFIGURE} --stdin'."
    ),
    "session-credentials-stored": (
        "✗ The keyring holds session credentials ({access_key_id}) for {identity}, not keys.\n"
        "  Nothing was changed.\n"
        f"  Run '{LOGIN}' in a terminal and enter the keys of an IAM user (AKIA…)."
    ),
    "keys-dead": (
        "✗ {meaning} ({code}).\n"
        "  Removed it from the keyring; MFA ARN and session duration are kept.\n"
        f"  Run '{LOGIN}' in a terminal, or '{CONFIGURE} --stdin'."
    ),
    "keys-refused-too-often": (
        "✗ {tries} pairs of keys were refused, the last with {code}.\n"
        "  They were removed from the keyring; MFA ARN and session duration are kept.\n"
        f"  Look the keys up in the IAM console (Security credentials), then run '{LOGIN}'."
    ),
    "codes-refused-too-often": (
        "✗ AWS refused {tries} codes of {mfa_arn}.\n"
        "  The keys are good and stay in the keyring.\n"
        f"  Check that the device's clock is right and that it is this device, then run '{LOGIN}'."
    ),
    "devices-refused-too-often": (
        "✗ AWS refused {tries} MFA devices, the last {mfa_arn}.\n"
        "  The keys are good and stay in the keyring.\n"
        f"  Look the device up in the IAM console (Security credentials), then run '{LOGIN}'."
    ),
    "code-needed": (
        "✗ {identity} needs an MFA code, and there is nobody to ask here.\n"
        "  No session was made; the keys are good.\n"
        f"  Run '{LOGIN}' in a terminal."
    ),
    "partition-mismatch": (
        "✗ {mfa_arn} is of the partition {theirs}, but the region {region} is of {ours}.\n"
        "  Nothing was removed from the keyring.\n"
        "  Set 'region' in the config file, or the MFA ARN with "
        f"'{CONFIGURE}'."
    ),
    "network-trouble": (
        "✗ STS cannot be reached: {reason}.\n"
        "  Tried {tries} times; nothing was removed from the keyring.\n"
        f"  Check network, proxy and VPN, then run '{LOGIN}'."
    ),
    "answer-broken": (
        "✗ STS cannot be understood: {reason}.\n"
        "  Tried {tries} times; nothing was removed from the keyring.\n"
        f"  Look for a proxy that answers in AWS's place, wait, then run '{LOGIN}'."
    ),
    "cancelled": "✗ Cancelled.\n  {done}\n  Run '{command}' to go on.",
    "nothing-changed": "Nothing was changed.",
    "removed-refused": "The keys that AWS refused were removed. ",
    "settings-remain": "{removed}Kept in the keyring: {kept}.",
    "keys-remain": "{removed}The keys in the keyring are kept; no session was made.",
    # whoami
    "current": "{mark} Current Authentication Status\n\n{rows}",
    "may-be-expired": f"⚠ Credentials may be expired or invalid.\nRun '{LOGIN}' to refresh.",
    "refused-session": (
        f"⚠ AWS refused the session ({{code}}): {{meaning}}\nRun '{LOGIN}' to refresh."
    ),
    "not-verified": "⚠ Not verified, STS cannot be reached: {reason}.",
    "ends-soon": f"⚠ The session ends in {{left}}.\nRun '{LOGIN} --force' for a new one.",
    "no-session": f"✗ {{identity}} has no session.\n  Its keys are in the keyring.\n  Run '{LOGIN}'.",
    "no-session-no-keys": (
        "✗ {identity} has no session, and no keys are stored for it.\n"
        "  Have an access key of the IAM user at hand (AKIA…).\n"
        f"  Run '{LOGIN}' in a terminal."
    ),
    # exec
    "tip": f"Tip If credentials are expired, refresh with:\n{LOGIN}",
    "starts-late": "⚠ The session of {identity} ends in {left}.",
    "not-found": (
        "✗ {command}: command not found.\n  Nothing was run.\n  Check the spelling and PATH."
    ),
    "not-executable": (
        "✗ {command}: {reason}.\n  Nothing was run.\n  Check that it is a program and may be executed."
    ),
    "cannot-run": "✗ {command}: {reason}.\n  Nothing was run.\n  Try it without authkit.",
    # logout, user configure
    "session-gone": "✓ Session dropped: {identity}",
    "no-session-to-drop": "✓ Not logged in: {identity}",
    "keys-gone": "✓ Keys removed from keyring: {identity}",
    "no-keys-to-remove": "✓ No keys in keyring: {identity}",
    "logout-partial": (
        "✗ Not all of {identity} could be removed: {reason}.\n"
        "  {left}\n"
        "  Mend that, then run 'authkit logout --keys --identity {identity}' again."
    ),
    "logout-keys-left": "The session is gone; the keys are still in the keyring.",
    "verified": "✓ AWS knows these keys: {principal}",
    "configured-unverified": "⚠ Not verified, STS cannot be reached: {reason}.",
    "session-of-others": "⚠ The cached session came from other keys or settings: dropped it.",
    "nothing-saved": "Nothing was saved.",
    "refused-ask-again": "✗ {meaning}. Nothing was saved; enter it again.",
    "nobody-to-ask": (
        "✗ There is no terminal to ask on here.\n"
        "  Nothing was changed.\n"
        f"  Run '{CONFIGURE}' in a terminal, or give the fields as JSON with --stdin."
    ),
    "stdin-not-fields": (
        "✗ Standard input is not the JSON object of fields that --stdin takes: {reason}.\n"
        "  Nothing was saved.\n"
        "  Give strings for any of: {fields}."
    ),
    # things that are broken
    "keyring-locked": (
        "✗ The keyring is locked: {reason}.\n"
        "  Nothing was changed.\n"
        "  Unlock it (log in to the desktop, or unlock the collection), then try again."
    ),
    "keyring-unreadable": (
        "✗ The keyring cannot be used: {reason}.\n"
        "  Nothing was changed.\n"
        "  Check the keyring's service, or choose another backend with PYTHON_KEYRING_BACKEND."
    ),
    "keyring-corrupt": (
        "✗ The keyring's entry for {identity} is corrupt: {reason}.\n"
        "  It was left as it is.\n"
        f"  Run '{CONFIGURE}' to write it anew."
    ),
    "keyring-later-version": (
        "✗ The keyring's entry for {identity} was written by a later version of authkit ({reason}).\n"
        "  It was left as it is.\n"
        f"  Upgrade authkit, or run '{CONFIGURE}' to write it anew."
    ),
    "keyring-no-backend": (
        "✗ There is no keyring to keep keys in: {reason}.\n"
        "  Nothing was saved.\n"
        "  Install a backend (on Linux gnome-keyring or KWallet with D-Bus; without a desktop the\n"
        "  encrypted file: 'pip install keyrings.alt pycryptodomex' and\n"
        "  PYTHON_KEYRING_BACKEND=keyrings.alt.file.EncryptedKeyring), then try again."
    ),
    "keyring-not-kept": (
        "✗ The keyring backend does not keep what it is given: {reason}.\n"
        "  The keys are not saved, and nothing was sent to AWS.\n"
        "  Choose another backend with PYTHON_KEYRING_BACKEND, then try again."
    ),
    "state-trouble": (
        "✗ {path}: {reason}.\n"
        "  Nothing was removed from the keyring.\n"
        "  Mend its permissions, or set AUTHKIT_STATE_DIR to a folder of your own."
    ),
    "config-unreadable": (
        "✗ {path}: {reason}.\n  Nothing was done.\n"
        "  Mend the file, or name another with --config or AUTHKIT_CONFIG."
    ),
    "config-wrong": (
        "✗ {path}: {where}: {reason}.\n  Nothing was done.\n  Mend that line, then try again."
    ),
    "identity-bad-name": (
        "✗ {identity} cannot be the name of an identity.\n  Nothing was done.\n"
        "  Names have letters, digits, '.', '_' and '-', up to 64, and begin with a letter or digit."
    ),
    "identity-unknown": (
        "✗ There is no identity {identity} in {path}.\n  Nothing was done.\n"
        "  There are: {names}. Name one of them, or add [identities.{identity}] to the file."
    ),
    "identity-needed": (
        "✗ Which identity is meant?\n  Nothing was done.\n"
        "  Name one: 'authkit {command} NAME', AUTHKIT_IDENTITY, or 'default' in the config file{names}."
    ),
    "usage": "✗ {reason}.\n  Nothing was done.\n  Run 'authkit {command}--help' to see how it is called.",
    "unexpected": (
        "✗ Something that authkit did not expect: {error}.\n"
        "  It stopped there.\n"
        "  Run it again with AUTHKIT_DEBUG=1 to see where, and report it (secrets are masked)."
    ),
}


FAILED = 1  # the exit status of what was refused or could not be done


class Failure(Exception):
    """A command cannot go on; it ends with this message and exit status."""

    def __init__(self, name: str, status: int = FAILED, /, **values: object) -> None:
        super().__init__(name)
        self.name = name
        self.status = status
        self.values = values
