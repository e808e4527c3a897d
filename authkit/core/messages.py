"""Every message that a person can see, by name.

A message about an error says what happened, what authkit has done about it and
what to type next (B-A04): a line each, the first with the mark.  Values are put
in by `render.text`, which makes control characters in them visible.
"""

from __future__ import annotations

from authkit.core.status_messages import STATUS_MESSAGES

# Commands to run next: ``again.guides`` fills these in, with the options of the line (B-L27).
LOGIN, CONFIGURE, LOGOUT = "{login}", "{configure}", "{logout}"
# So are the identity that the line asks for, as {meant}, and {session_made}: "session was made",
# or where the login of a role's source ended, which may have had a session made before, that
# none of the role was kept.
# So is where that name comes from, as {by}: "" for the command line and the config file.
# What a hint names that is set by an option of the line, else by the config file: {set_duration},
# {set_region}, {set_another} and {set_either}.
BY_OPTION = {
    "set_duration": "Set --duration",
    "set_region": "Set --region",
    "set_another": "give another --region",
    "set_either": (
        "Give another --region, or set 'mfa_arn' right in the config file, or, where\n"
        "  that does not set the MFA ARN"
    ),
}
BY_SETTING = {
    "set_duration": "Set 'session_duration' of {identity}",
    "set_region": "Set 'region' of {identity} in the config file",
    "set_another": "set another 'region'",
    "set_either": (
        "Set 'region' or 'mfa_arn' right in the config file, or, where that does not\n"
        "  set the MFA ARN"
    ),
}
# How the line of an error begins that says what was done: it stands between what happened and
# what to type next (B-A04).  `doctor`, which has done nothing, leaves it out.
DONE = (
    *("{done}", "Nothing was", "Nothing of {identity} was", "It was left", "It stopped"),
    *("The keys are", "The keys of", "The session and the keys are gone"),
    "Calls made: {tries}. {done}",
)
# For the commands of which a recording has not all that a replay needs (``recording.story``).
NOT_REPLAYED = "It is to be read: a recording of {command} does not replay."
LENGTHS_ALONE = "\n  Of texts from outside ({texts}) it has the length alone."
# What to do about a refusal where keys are tried before they are saved, by the name of a row of
# RULES, where that is not the row's own hint with the command that tries them.
CONFIGURE_HINTS = {"expired": f"Run '{LOGIN}' to log in again."}
IMPORT_HINTS = {
    "expired": "Look the key up in the IAM console (Security credentials), then run\n  '{again}'.",
    **dict.fromkeys(
        ("region-mismatch", "region-disabled", "region-not-enabled", "keys-or-region"),
        "Set the region right where it comes from (the profile, AWS_REGION, or authkit's\n"
        "  config file), or have it enabled for the account of the keys, then run\n  '{again}'.",
    ),
}
CONFIGURE_AGAIN = f"Run '{CONFIGURE}' again, with the right keys."

# What to do about trouble with the state folder, by the message that ends with it.
CURES = {
    "state-trouble": "Check that path, or set AUTHKIT_STATE_DIR to a folder of your own",
    "state-open": "Run 'chmod go-w {place}'",
    "state-not-yours": "Set AUTHKIT_STATE_DIR to a folder of your own",
    "state-file-system": ("Set AUTHKIT_STATE_DIR to a folder of your own on another file system"),
    "state-sudo": "Run it without sudo",
    "state-not-a-file": "Remove it, or set AUTHKIT_STATE_DIR to a folder of your own",
    "state-no-room": "Make room there",
    "state-limit": "Raise that limit, or end other programs",
}
# The same for such a path of another user's, where the file is the person's own.
NOT_YOURS = "Use one of your own, in a folder of your own"
# The same for a file of the person's own, by the word of ``adapters.file_troubles``; "": another.
FILE_CURES = {
    "read-only": "Allow it (chmod u+w)",
    "a link to nothing": "Make what it points to, or remove the link",
    "a mount": "Mount its folder instead",
    "of another owner": "Run this as its owner",
    "no working directory": "Go to another folder",
    "a hard link": "Remove one of its names",
    "": "Check that path",
}
_RUN_AGAIN = ", then run\n  '{again}'"

# Whom to ask, by the kind of policy that AWS names in a denial (IAM User Guide, "Troubleshoot
# access denied error messages").
DENIED_BY = {
    "service control policy": (
        "Ask whoever runs the AWS organization: one of its service control policies\n"
        "  decides this, whatever the IAM policies say."
    ),
    "resource control policy": (
        "Ask whoever runs the AWS organization: one of its resource control policies\n"
        "  decides this, whatever the IAM policies say."
    ),
    "permissions boundary": (
        "Ask whoever set the permissions boundary: it limits what the IAM policies\n  allow."
    ),
    "vpc endpoint policy": (
        "Ask whoever runs the VPC endpoint that requests to STS go through from here."
    ),
    "session policy": (
        "Ask whoever made the session that this was called with: it has a policy of\n  its own."
    ),
    "resource-based policy": (
        "Ask whoever owns what was asked for: of a role, its trust policy decides this."
    ),
    "identity-based policy": (
        "Ask whoever manages the IAM policies: of the user, its groups, or the role."
    ),
}

_GET_A_BACKEND = (
    "  On a desktop, install gnome-keyring or KWallet (they need D-Bus). Elsewhere\n"
    "  authkit keeps an encrypted file of its own, which needs cryptography:\n"
    "  pip install 'aws-authkit[file]', or pipx inject aws-authkit cryptography.\n"
    "  AUTHKIT_KEYRING=file chooses that file anywhere, PYTHON_KEYRING_BACKEND any\n"
    "  other backend; then try again."
)

MESSAGES = {
    # login
    "credentials-required": "⚠ {vendor} credentials are required for identity: {identity}",
    "new-here": "⚠ {identity} is new on this machine{near}.",
    "set-in-config": "{title} is set in {path} ({table}.{field}).",
    "saved": "✓ Credentials saved to keyring: {identity}",
    "saved-in-the-clear": "⚠ The keyring backend {backend} keeps them unencrypted.",
    "authenticated": "✓ Authentication successful!\n\n{rows}",
    "granted-less": (
        "⚠ AWS granted a session of {granted}; {asked} was asked for.\n"
        "  The keys of a root user get one hour at most; an IAM user's get up to 36h."
    ),
    "granted-less-elsewhere": "⚠ {vendor} granted a session of {granted}; {asked} was asked for.",
    "granted-nothing": (
        "✗ By {vendor}'s own clock the session that it granted is over already.\n"
        "  {done}\n"
        f"  Run '{LOGIN}' again."
    ),
    "already-logged-in": (
        "✓ Already logged in: {identity}, until {expires}.\n  For a new session run '{anew}'."
    ),
    "kept-unverified": (
        "⚠ Already logged in: {identity}, until {expires}.\n  Not verified: {why}."
    ),
    "session-unreadable": (
        "⚠ The session of {identity} cannot be read: {reason}.\n"
        "  Nothing was changed.\n"
        "  Check {path},\n"
        f"  or run '{LOGOUT}'."
    ),
    "session-dropped": "⚠ AWS refused the cached session ({code}): dropped it.",
    "session-corrupt": "⚠ The cached session of {identity} cannot be read ({reason}): no session.",
    "kept-elsewhere": (
        "⚠ The keys of {identity} were saved to the keyring backend\n"
        "  {theirs};\n"
        "  the one at hand is {ours}.\n"
        "  To use those, choose that backend (AUTHKIT_KEYRING, PYTHON_KEYRING_BACKEND)."
    ),
    "says-endpoint": "{meaning}:\n  {endpoint} says so",
    "entry-lost": "The entry of {identity} is not what it was: enter the keys again.",
    "saved-unmarked": "The credentials of {identity} are saved in the keyring.",
    "keys-refused": "✗ {meaning}.",
    "keys-removed": "✗ {meaning}; removed it from the keyring.",
    "keys-changed": (
        "⚠ The keyring holds other keys of {identity} by now: another process wrote them."
    ),
    "keys-vanished": "⚠ The keyring holds no keys of {identity} by now.",
    "session-credentials": ("⚠ The keyring holds session credentials ({access_key_id}), not keys."),
    "exposed": "⚠ Requests go to {endpoint} unencrypted (http): others on the way can read them.",
    "clock-corrected": (
        "⚠ AWS refused the time of the request: {offset}.\n"
        "  It was signed again with AWS's time. Other tools may refuse to work until the\n"
        "  clock is set right (in WSL and containers, the host's)."
    ),
    "unreachable": "STS cannot be reached: {reason}",
    "unasked": "STS cannot be asked: {reason}",
    "unreadable": "STS cannot be understood: {reason}",
    "waiting": "⚠ {why}. Trying again in {pause}.",
    "code-maybe-used": "⚠ An answer was lost, and its code may be used up: wait for the next one.",
    "code-of": "{identity} needs an MFA code of {mfa_arn}.",
    "code-not-six-digits": "✗ An MFA code is six digits{unseen}.",
    "code-already-used": "✗ That code was sent before: wait for the device to show the next one.",
    "code-refused": "✗ {meaning}. If it was typed right, wait for the next one.",
    "device-refused": "✗ {meaning}.",
    "device-for-this-run": (
        "⚠ The MFA ARN is set by {table}.mfa_arn in\n"
        "  {path}.\n"
        "  What you enter here holds for this run only."
    ),
    "device-saved": "✓ MFA ARN saved to keyring: {identity}",
    "device-gone": "✓ MFA ARN removed from keyring: {identity}",
    "mfa-devices": "MFA devices of this user:\n",
    "mfa-device-alone": "MFA device of this user:\n",
    "mfa-devices-unusable": "⚠ This user has no MFA device that STS takes:\n",
    "mfa-device": "Device {number}       {mfa_arn}",
    "mfa-device-unusable": "Security key   {mfa_arn} (STS takes none)",
    "answer-refused": "✗ {reason}.",
    "lock-wait": "⚠ Waiting for another login for {identity} (Ctrl-C ends the wait).",
    "writer-wait": ("⚠ Waiting until {holder} has written to {what} (Ctrl-C ends the wait)."),
    # what login ends with when it cannot go on
    "refused": "✗ {meaning}.{said}\n  {done}\n  {hint}",
    "aws-says": "\n  {vendor} says: {message}",
    "nothing-removed": "Nothing was removed from the keyring.",
    "no-keys": (
        "✗ There are no keys for {identity} in the keyring, and nobody to ask here\n"
        "  ({why}).\n"
        "  Nothing was saved.\n"
        f"  Run '{LOGIN}' in a terminal."
    ),
    "session-credentials-stored": (
        "✗ The keyring holds session credentials ({access_key_id}), not keys,\n"
        "  and there is nobody to ask here ({why}).\n"
        "  Nothing was changed.\n"
        "  Enter an IAM user's keys there: run\n"
        f"  '{LOGIN}' in a terminal."
    ),
    "keys-dead": "✗ {meaning} ({code}).\n  {done}\n  {hint}",
    "keys-refused-too-often": (
        "✗ {tries} times, AWS refused what was entered with {code}.\n"
        "  {done}\n"
        "  Look the keys up in the IAM console (Security credentials), then run\n"
        f"  '{LOGIN}'."
    ),
    "codes-refused-too-often": (
        "✗ AWS refused {tries} codes of {mfa_arn}.\n"
        "  {done}\n"
        "  Check that this is the device, and that its clock is right, then run\n"
        f"  '{LOGIN}'."
    ),
    "devices-refused-too-often": (
        "✗ AWS refused {tries} MFA devices, the last {mfa_arn}.\n"
        "  {done}\n"
        "  Look the device up in the IAM console (Security credentials), then run\n"
        f"  '{LOGIN}'."
    ),
    "code-needed": (
        "✗ {identity} needs an MFA code, and there is nobody to ask here\n"
        "  ({why}).\n"
        "  The keys are good; no {session_made}.\n"
        f"  Run '{LOGIN}' in a terminal."
    ),
    "device-needed": (
        "✗ {identity} needs another MFA ARN, and there is nobody to ask here\n"
        "  ({why}).\n"
        "  The keys are good; no {session_made}.\n"
        f"  Run '{LOGIN}' in a terminal."
    ),
    "mfa-process-wait": ("⚠ Waiting for the mfa_process of another login (Ctrl-C ends the wait)."),
    "mfa-process-again": (
        "⚠ mfa_process printed a code that was sent before. Asking it again in {pause}."
    ),
    "mfa-process-refused": "✗ {meaning}. It is what mfa_process printed.",
    "mfa-process-failed": (
        "✗ The command of {table}.mfa_process\n"
        "  {reason}.\n"
        "  The keys are good; no {session_made}.\n"
        "  It is to print six digits and nothing else, within 30 s. It is set in\n"
        "  {path}.\n"
        f"  Check it, then run '{LOGIN}'."
    ),
    "mfa-process-distrusted": (
        "✗ {path}:\n"
        "  {reason}.\n"
        "  So the command of {table}.mfa_process in it was not run.\n"
        "  The keys are good; no {session_made}.\n"
        "  {cure}, then run\n"
        f"  '{LOGIN}'."
    ),
    "deadline": (
        "✗ A login has to be done within {asked} here, and too little of that was there.\n"
        "  Nothing was removed from the keyring. No {session_made}.\n"
        f"  Run '{LOGIN}', which waits longer."
    ),
    "partition-mismatch": (
        "✗ {mfa_arn} is in the partition {theirs},\n"
        "  and the region {region} in {ours}.\n"
        "  {done}\n"
        f"  {{set_either}}, enter it again:\n  '{CONFIGURE}'."
    ),
    "network-trouble": (
        "✗ {meaning}.\n"
        "  Calls made: {tries}. {done}\n"
        "  Check network, proxy, VPN and the spelling of the region {region}, then run\n"
        f"  '{LOGIN}'."
    ),
    "cannot-ask": (
        "✗ {meaning}.\n"
        "  That does not pass by itself, and so it was not tried again.\n"
        "  {done}\n"
        "  Have it set right, then run\n"
        f"  '{LOGIN}'."
    ),
    "answer-broken": (
        "✗ {meaning}.\n"
        "  Calls made: {tries}. {done}\n"
        "  Look for a proxy that answers in AWS's place, or wait, then run\n"
        f"  '{LOGIN}'."
    ),
    "cancelled": "✗ Cancelled.\n  {done}\n  Run '{command}' to go on.",
    "cancelled-waiting": (
        "✗ Cancelled.\n"
        "  Nothing of {identity} was changed while waiting.\n"
        "  Run '{again}' to go on."
    ),
    "old-session-holds": "The session until {until} still holds.",
    "nothing-changed": "Nothing was changed.",
    "nothing-of-it-changed": "Nothing of {identity} was changed.",
    "no-session-made": "No {session_made}.",
    "no-session-kept": "No new session of {meant} was kept.",
    "session-made": "session was made",
    "session-of-role-kept": "new session of {meant} was kept",
    "source-first": "{identity} is reached from {source}, which is logged in to first.",
    "no-session-of-role": "No session of {meant} was made.",
    "removed-refused": "Removed the refused keys.",
    "removed-and-replaced": "Removed the refused keys; the new ones are saved.",
    "settings-remain": "Kept in the keyring: {kept}.",
    "stopped": "It stopped there.",
    # doctor --probe
    "probe-taken-back": "Nothing of the probe is left in the keyring.",
    "probe-perhaps-left": (
        "The entry probe! of the service authkit may be left in the keyring:\n"
        "  remove it with the keyring's own program."
    ),
    # profile
    "profile-is-added": (
        "✓ Profile {profile} added to {path}.\n"
        "  With AWS_PROFILE={aws_profile}, AWS programs use the session of {identity}.\n"
        "  They never ask: when it is over run\n"
        "  '{login}'."
    ),
    "profile-is-there": "✓ Profile {profile} is in {path} already.",
    "profile-is-updated": "✓ Profile {profile} in {path} runs this authkit now.",
    "profile-is-filled": (
        "✓ Profile {profile} in {path} gets its credentials from authkit now.\n"
        "  Its own settings stay: {settings}.\n"
        "  AWS programs never ask: when the session is over run\n"
        "  '{login}'."
    ),
    "profile-is-removed": "✓ Profile {profile} removed from {path}.",
    "profile-is-emptied": (
        "✓ Profile {profile} in {path} gets nothing from authkit any more.\n"
        "  Its own settings stay: {settings}."
    ),
    "profile-is-in-region": "✓ Profile {profile} in {path} has the region {region} now.",
    "profile-is-elsewhere": (
        "⚠ {path} has no profile {profile}.\n"
        "  The one with the session of {identity} is called {other}: to remove it run\n"
        "  '{of_other}'."
    ),
    "profile-without-region": (
        "⚠ Profile {profile} has no region. AWS programs need one: without AWS_REGION or\n"
        "  AWS_DEFAULT_REGION most of them end with 'You must specify a region'.\n"
        "  To set it run\n"
        "  '{located}'."
    ),
    "profile-is-missing": "⚠ {path} has no profile {profile}.",
    "profile-is-bare": "⚠ Profile {profile} in {path} does not get its credentials from authkit.",
    "profile-not-found-by-all": (
        "⚠ Not every AWS SDK finds a profile of this name (the one for JavaScript does\n"
        "  not). To give it another, run\n"
        "  '{renamed}'."
    ),
    "profile-shadowed": (
        "⚠ AWS programs will not use it: {path}, line {number},\n"
        "  has {keys} for {profile}.\n"
        "  Remove that there, or run\n"
        "  '{renamed}'."
    ),
    "profile-unchecked": (
        "⚠ {path}: {reason}.\n  If it has keys for {profile}, AWS programs use those instead."
    ),
    "profile-taken": (
        "✗ Profile {profile} is there already: {has}\n"
        "  ({path}, line {number}).\n"
        "  Nothing was changed.\n"
        "  Give this one another name:\n"
        "  '{renamed}'."
    ),
    "profile-not-ours": (
        "✗ Profile {profile} is not authkit's for {identity}: {has}\n"
        "  ({path}, line {number}).\n"
        "  Nothing was changed.\n"
        "  Give the name of the profile, if it is another:\n"
        "  '{renamed}'."
    ),
    "profile-of-another": (
        "✗ Profile {profile} is not for {identity}: it gives the credentials of {other}\n"
        "  ({path}, line {number}).\n"
        "  Nothing was changed.\n"
        "  Remove it with\n"
        "  '{of_other}'."
    ),
    "profile-twice": (
        "✗ {path}: profile {profile} is there twice, in lines {number} and {second}.\n"
        "  Nothing was changed.\n"
        "  Make one of the two, then run\n"
        "  '{again}'."
    ),
    "profile-by-hand": (
        "✗ {path}: a change to profile {profile}, line {number}, would change\n"
        "  what the lines below it mean, since they are indented.\n"
        "  Nothing was changed.\n"
        "  Make them begin in the first column, then run\n"
        "  '{again}'."
    ),
    "profile-file-refused": (
        "✗ {path}, line {number}: {reason}.\n"
        "  For that the AWS CLI and boto3 refuse the whole file.\n"
        "  Nothing was changed.\n"
        "  Mend that line, then run\n"
        "  '{again}'."
    ),
    "profile-command": (
        "✗ {program}:\n"
        "  this command cannot stand in AWS's config file.\n"
        "  It {reason}.\n"
        "  Nothing was changed.\n"
        "  Make a link to that file under another path, and use that."
    ),
    "profile-config-ends": (
        "✗ {path} is there for this command alone: a profile cannot use it.\n"
        "  Nothing was changed.\n"
        "  Give a file that stays with --config."
    ),
    # import
    "import-plan": "To be imported:\n\n{rows}",
    "import-not": "Not imported:\n\n{rows}",
    "import-line": (
        "⚠ {path}, line {line}: {reason}.\n  For that the AWS CLI and boto3 refuse the whole file."
    ),
    "import-choose": (
        "AWS profiles, to be chosen by numbers or names, or all of them by 'all':\n\n{rows}"
    ),
    "import-differs": (
        "⚠ There is an identity {identity} already, and {differs}.\n"
        "  To be imported in its place:\n\n{rows}"
    ),
    "import-there": (
        "⚠ There is nobody to ask here ({why}).\n"
        "  To replace {names}, run\n  '{command}'\n  in a terminal, where it asks first."
    ),
    "import-tables": "✓ Written to {path}:\n  {names}",
    "import-done": "✓ Imported: {names}.\n  To log in, run '{login}'.",
    "import-nothing-done": "Nothing was imported.",
    "import-no-source": "✗ {identity} is not imported: its source {source} is not.",
    "import-removed": (
        "✓ The keys of {identity} are taken out of {path}\n"
        "  (lines {lines}). The keyring has them; AWS programs find them there no more."
    ),
    "import-gone": "The keys of {identity} are not in {path} any more.",
    "import-stays": ("⚠ The keys of {identity} stay in {path}:\n  {reason}."),
    "import-refused": (
        "✗ {identity} is not imported:\n"
        "  {meaning}.\n"
        "  {done}\n"
        "  Look the user's keys up in the IAM console (Security credentials), put one\n"
        "  that is there and active in the place of this, then run\n"
        "  '{again}'."
    ),
    "import-secret-wrong": (
        "✗ {identity} is not imported:\n"
        "  {meaning}.\n"
        "  {done}\n"
        "  Make a new key in the IAM console (Security credentials), since AWS shows the\n"
        "  secret of one only once, put it in the place of this, then run\n"
        "  '{again}'."
    ),
    "import-device": (
        "✗ {identity} is not imported:\n"
        "  {reason}.\n"
        "  Nothing of {identity} was changed.\n"
        "  Set mfa_serial or region right in the profile, then run\n"
        "  '{again}'."
    ),
    "import-partition": (
        "{mfa_arn} is in the partition {theirs},\n  and the region {region} in {ours}"
    ),
    "import-left": "✗ Not imported: {names}",
    "import-others": "⚠ Not imported (no failure, since all profiles were asked for):\n  {names}",
    "import-keys-changed": (
        "✗ {identity} is not imported: its entry in the keyring is another by now.\n"
        "  The keys of {identity} there stay.\n"
        "  Run '{again}'."
    ),
    "import-which": (
        "✗ Which profiles are meant? There are: {names}.\n"
        "  Nothing was done.\n"
        "  There is nobody to ask here ({why}).\n"
        "  Give some with --profile NAME, or take them all with --all."
    ),
    "import-name": (
        "✗ What is the identity to be called? That is not told with the key, and there is\n"
        "  nobody to ask here ({why}).\n"
        "  Nothing was done.\n"
        "  Run '{line} --profile NAME'."
    ),
    "import-nothing": (
        "✗ There is nothing to import: neither {config}\n"
        "  nor {credentials} has a profile.\n"
        "  Nothing was done.\n"
        "  Set AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE to other files, or enter\n"
        "  the keys yourself. {first}."
    ),
    "import-no-csv": (
        "✗ There is no file {path}.\n"
        "  Nothing was done.\n"
        "  Give the path of the CSV that the AWS console has given."
    ),
    "import-unreadable": (
        "✗ {where}: {reason}.\n  Nothing was done.\n  Set that right, then run\n  '{again}'."
    ),
    "import-by-hand": (
        "✗ {path}: tables cannot be added to it as it is written.\n"
        "  Nothing was changed.\n"
        "  Make each identity a table of its own, [identities.NAME], then run\n"
        "  '{again}'."
    ),
    "import-config-ends": (
        "✗ {path} is there for this command alone: it cannot keep identities.\n"
        "  Nothing was done.\n"
        "  Give a file that stays with --config."
    ),
    # whoami
    **STATUS_MESSAGES,
    "not-verified": "⚠ Not verified: {why}.",
    "may-be-expired": f"⚠ Credentials may be expired or invalid.\nRun '{LOGIN}' to refresh.",
    "no-session": f"✗ {{identity}} has no session.\n  Nothing was changed.\n  Run '{LOGIN}'.",
    "no-session-no-keys": (
        "✗ {identity}{by} has no session, and\n"
        "  this machine has no note of keys for it{near}.\n"
        "  Nothing was changed. The keyring was not asked.\n"
        f"  Run '{LOGIN}' in a terminal,\n"
        "  with the access key of the IAM user at hand (AKIA…) in case there are none."
    ),
    "session-of-other-settings": (
        "✗ The session of {identity} belongs to other settings than the config\n"
        "  file has now.\n"
        "  Nothing was changed.\n"
        f"  Run '{LOGIN}' for a session of these."
    ),
    "session-over": (
        f"✗ The session of {{identity}} has expired.\n  Nothing was changed.\n  Run '{LOGIN}'."
    ),
    "stdout-trouble": (
        "✗ What was to be printed could not be written: {reason}.\n"
        "  It stopped there.\n"
        "  Check where the output goes."
    ),
    # list
    "no-identities": "There are no identities yet. {first}.",
    "first-login": f"Run '{LOGIN}'",
    "first-table": f"Add [identities.NAME] to\n  {{path}},\n  then run '{LOGIN}'",
    # exec
    "tip": f"Tip If credentials are expired, refresh with:\n{LOGIN}",
    # Above the seed's words: what is known of the session, whatever the child said.
    "tip-ended": "The session ended at {ended}.",
    "tip-says-expired": "AWS says that the session has expired ({code}).",
    "tip-refused": (
        "AWS refuses the session ({code}).\n"
        "If a policy revoked it, add --force to the command below."
    ),
    "shell": "Shell of {identity}, until {until}; 'exit' leaves it.",
    "session-taken": (
        "AWS accepts the session itself. If a policy has revoked it, make a new one:\n{login}"
    ),
    "starts-late": "⚠ The session of {identity} ends in {left}.",
    "not-found": (
        "✗ {command}: command not found.\n  Nothing was run.\n  Check the spelling and PATH."
    ),
    "not-executable": (
        "✗ {command}: {reason}.\n"
        "  Nothing was run.\n"
        "  Check that it is a program and may be executed."
    ),
    "cannot-run": ("✗ {command}: {reason}.\n  Nothing was run.\n  Try it without authkit."),
    "exec-of-no-identity": (
        "✗ There is no identity {identity} with keys or in a config file{near}.\n"
        "  Nothing was done.\n"
        f"  Run '{LOGIN}' if it is to be one, or\n"
        "  '{command}' if that is the command;\n"
        "  '{list}' shows the identities that there are."
    ),
    "exec-of-no-table": (
        "✗ There is no identity {identity} with keys or in a config file{near}.\n"
        "  Nothing was done.\n"
        "  Run '{command}' if that is the command.\n"
        "  If it is to be an identity, add [{table}] to\n"
        "  {path}.\n"
        "  '{list}' shows those that there are."
    ),
    "exec-of-no-name": (
        "✗ The first word is the identity, and {identity} cannot be the name of one.\n"
        "  Nothing was done.\n"
        "  Run '{command}' if that is the command.\n"
        "  '{list}' shows the identities that there are."
    ),
    "min-ttl-over-configured": (
        "✗ --min-ttl {asked} is longer than the sessions of {identity}, which last {most}.\n"
        "  Nothing was run.\n"
        "  Give less, or configure a longer session duration: run\n"
        f"  '{CONFIGURE}'."
    ),
    "min-ttl-over-config-file": (
        "✗ --min-ttl {asked} is longer than the sessions of {identity}, which last {most}.\n"
        "  Nothing was run.\n"
        "  Give less, or set {table}.session_duration in\n"
        "  {path}."
    ),
    "min-ttl-over-granted": (
        "✗ --min-ttl {asked} is longer than the session that {vendor} grants {identity}: {most}.\n"
        "  Nothing was run.\n"
        "  Give less: with these keys there is no longer one."
    ),
    # env
    "cannot-unset": (
        "⚠ A dotenv file cannot unset variables: other credentials, such as AWS_PROFILE,\n"
        "  stay where it is loaded."
    ),
    # logout, user configure
    "session-gone": "✓ Session dropped: {identity}",
    "session-cleared": (
        "✓ Removed {path},\n  which was in the place of a session of {identity}: {reason}."
    ),
    "no-session-to-drop": "✓ Not logged in: {identity}",
    "settings-gone": "✓ Settings removed from keyring: {identity}",
    "keys-gone": "✓ Keys removed from keyring: {identity}",
    "no-keys-to-remove": "✓ No keys in keyring: {identity}",
    "keys-left": (
        "The session is gone; the keys of {identity} may still be in the keyring.\n"
        f"  To remove them run '{LOGOUT}' again."
    ),
    "marker-left": (
        "✗ {path}: {reason}.\n"
        "  The session and the keys are gone; '{list}' still shows {identity}.\n"
        f"  Check that path, then run '{LOGOUT}'."
    ),
    "logout-impossible": (
        "✗ The session of {identity} cannot be dropped: {reason}.\n"
        "  Nothing of {identity} was changed.\n"
        f"  {{cure}}, then run '{LOGOUT}'."
    ),
    "verified": "✓ {vendor} knows these keys: {principal}",
    "session-of-others": (
        "⚠ Dropped the session of {identity}: its keys or settings no longer hold."
    ),
    "nothing-saved": "Nothing was saved.",
    "keys-not-saved": "The credentials were not saved.",  # an MFA device may have been
    "not-kept-keys": (
        "✗ The keys of {identity} that were to stay are not there any more.\n"
        "  Nothing was saved.\n"
        f"  Run '{CONFIGURE}' again."
    ),
    "role-left": (
        "⚠ The session of {role}, which is reached from {identity}, is still there.\n"
        f"  To drop it run '{LOGOUT}'."
    ),
    "keeps": "Enter keeps what is in brackets, '-' clears what is optional.",
    "refused-ask-again": "✗ {meaning}. Nothing was saved.",
    "nothing-to-configure": (
        "✗ {identity} is of the kind {kind}, for which nothing is stored.\n"
        "  Nothing was changed.\n"
        "  Set what it needs in {path}, or run\n"
        "  '{command}' for the identity that is its source."
    ),
    "nobody-to-ask": (
        "✗ There is nobody to ask here ({why}).\n"
        "  Nothing was changed.\n"
        "  Give the fields as JSON on standard input with --stdin, or run\n"
        f"  '{CONFIGURE}' in a terminal."
    ),
    "stdin-is-a-terminal": (
        "Type the fields as a JSON object; Ctrl-D on a line of its own ends it."
    ),
    "stdin-not-fields": (
        "✗ The fields on standard input cannot be taken:\n"
        "  {reason}.\n"
        "  Nothing was saved.\n"
        "  Give a JSON object of texts, with any of these:\n"
        "  {fields}."
    ),
    # kinds from elsewhere
    "kind-broken": (
        "✗ {identity} is of the kind {kind}, which cannot be used:\n"
        "  {reason}.\n"
        "  Nothing was done.\n"
        "  Upgrade the distribution, or set another kind at [{table}] in\n"
        "  {path}."
    ),
    "kind-skipped": "⚠ The kind {kind} cannot be used: {reason}.",
    "kind-raised": (
        "✗ The kind {kind}, which {distribution} brings, failed:\n"
        "  {error}.\n"
        "  It stopped there.\n"
        "  Upgrade that distribution, or report this to its authors. AUTHKIT_DEBUG=1\n"
        "  shows where it failed."
    ),
    "not-for-aws": (
        "✗ {identity} is of the kind {kind}: its session is not AWS's.\n"
        "  Nothing was changed.\n"
        "  Use the commands exec and env, which set its variables."
    ),
    # --record
    "recorded": (
        "✓ Recorded to {path}.\n"
        "  Names, ids, addresses and paths in it are invented. What other programs were\n"
        "  given and wrote is not in it.{lengths}\n"
        "  Read it before you send it.{replays}"
    ),
    "recorded-with-texts": (
        "⚠ Recorded to {path}.\n"
        "  Names, ids, addresses and paths that authkit knows are invented, but texts\n"
        "  from outside are in it as they came. Read it before you send it.{replays}"
    ),
    "recording-impossible": (
        "✗ {path}: {reason}.\n  Nothing was done.\n  Give another file behind --record."
    ),
    "recording-broken": (
        "✗ The recording failed ({error}).\n"
        "  Nothing was written to {path}; the command ran as it does without --record.\n"
        "  Look at what it shows above, and report this with it."
    ),
    "recording-of-elsewhere": (
        "✗ An identity of a kind from elsewhere was used: which parts of it are private\n"
        "  is not known here.\n"
        "  Nothing was written to {path}; the command ran as it does without --record.\n"
        "  Try it with a config that has no such kind, or report what is shown above."
    ),
    "recording-lost": (
        "✗ The recording could not be written to {path}: {reason}.\n"
        "  Nothing was written there; the command itself ran.\n"
        "  Look below: that would be in the file."
    ),
    # things that are broken
    "keyring-locked": "✗ The keyring is locked: {reason}.\n  {done}\n  {hint}",
    "keyring-unreadable": "✗ The keyring cannot be used: {reason}.\n  {done}\n  {hint}",
    "keyring-corrupt": (
        "✗ The keyring's entry for {identity} is corrupt:\n  {reason}.\n"
        "  It was left as it is.\n"
        f"  Run '{CONFIGURE}' to write it anew."
    ),
    "keyring-later-version": (
        "✗ The keyring's entry for {identity} is of a later authkit ({reason}).\n"
        "  It was left as it is.\n"
        "  Upgrade authkit, or write the entry anew with\n"
        f"  '{CONFIGURE}'."
    ),
    "keyring-no-backend": (
        f"✗ There is no usable keyring: {{reason}}.\n  {{done}}\n{_GET_A_BACKEND}"
    ),
    "keyring-backend-named": (
        "✗ There is no usable keyring: {reason}.\n"
        "  {done}\n"
        "  Unset PYTHON_KEYRING_BACKEND, which names that backend, then try again.\n"
        f"  If no other is found:\n{_GET_A_BACKEND}"
    ),
    "keyring-file-extra": (
        "✗ There is no usable keyring: {reason}.\n"
        "  {done}\n"
        "  Install it the way that authkit was installed, then try again:\n"
        "    pip install 'aws-authkit[file]'\n"
        "    pipx inject aws-authkit cryptography\n"
        "    uv tool install --with cryptography aws-authkit\n"
        "  On Debian, whose own Python takes nothing from pip, use pipx, uv or a venv."
    ),
    "keyring-file-unasked": (
        "✗ The keyring is locked: {reason}.\n"
        "  {done}\n"
        "  Set AUTHKIT_KEYRING_PASSPHRASE_COMMAND to a command that prints the\n"
        "  passphrase, or AUTHKIT_KEYRING_PASSPHRASE, or run it in a terminal."
    ),
    "keyring-unasked": (
        "✗ The keyring is locked:\n"
        "  {reason}.\n"
        "  {done}\n"
        "  Run it in a terminal, where nothing forbids asking, or choose a keyring that\n"
        "  opens by itself: AUTHKIT_KEYRING=file with\n"
        "  AUTHKIT_KEYRING_PASSPHRASE_COMMAND."
    ),
    "question-unasked": (
        "✗ There was a question left, and nobody can be asked: {why}.\n"
        "  It stopped there.\n"
        "  Run '{again}' in the foreground."
    ),
    "keyring-file-setting": (
        "✗ The keyring is locked: {reason}.\n"
        "  {done}\n"
        "  Set that variable right, or unset it to be asked for the passphrase in a\n"
        "  terminal."
    ),
    "keyring-file-typed": (
        "✗ The keyring is locked: {reason}.\n"
        "  {done}\n"
        "  Try again. Nobody can recover a passphrase that is lost: move the file away\n"
        "  then, and enter the keys anew with 'authkit login'."
    ),
    "keyring-file-unmade": (
        "✗ The keyring is locked: {reason}.\n"
        "  {done}\n"
        "  Try again, or set AUTHKIT_KEYRING_PASSPHRASE_COMMAND to a command that\n"
        "  prints it."
    ),
    "keyring-file-damaged": (
        "✗ The keyring file is damaged: {reason}.\n"
        "  {done} The file was left as it is.\n"
        "  Use a copy of it from a backup, or move it away and enter the keys anew with\n"
        "  'authkit login'."
    ),
    "keyring-file-later": (
        "✗ The keyring file is of a later authkit: {reason}.\n"
        "  {done} The file was left as it is.\n"
        "  Upgrade authkit."
    ),
    "passphrase-of-new-file": (
        "⚠ The keys will be kept in a new encrypted file,\n"
        "  {path}.\n"
        "  Choose its passphrase, and keep it: nobody can recover it."
    ),
    "passphrase-refused": "✗ That passphrase does not open {path}.",
    "passphrase-empty": "✗ A passphrase cannot be empty.",
    "passphrases-differ": "✗ The two are not alike.",
    "setting-wrong": (
        "✗ {setting}={value} means nothing to authkit.\n"
        "  Nothing was done.\n"
        "  Set it to {known}, or unset it."
    ),
    "keyring-not-kept": (
        "✗ The keyring loses what it is given: {reason}.\n"
        "  {done}\n"
        "  Choose another backend with PYTHON_KEYRING_BACKEND, then try again."
    ),
    **{name: f"✗ {{path}}: {{reason}}.\n  {{done}}\n  {cure}." for name, cure in CURES.items()},
    **{
        name: f"✗ {{path}}: {{reason}}.\n  {{done}}\n  {CURES[name]}{_RUN_AGAIN}."
        for name in ("state-open", "state-no-room")
    },
    "state-skipped": "⚠ {path}: {reason}. {cure}.",
    "state-dir-relative": (
        "✗ AUTHKIT_STATE_DIR={value} is not an absolute path.\n"
        "  Nothing was done.\n"
        "  Set it to a folder's whole path (~/… will do), or unset it."
    ),
    "lock-held": (
        "✗ Another login for {identity} is not done after {waited}: {holder}.\n"
        "  Nothing of {identity} was changed while waiting.\n"
        "  Answer what it asks, continue it ('fg') or end it, then run\n"
        "  '{again}'."
    ),
    "lock-holder-unknown": "it does not tell its process id",
    "lock-timeout-wrong": (
        "✗ AUTHKIT_LOCK_TIMEOUT={value}: {reason}.\n"
        "  Nothing was done.\n"
        "  Set it to a duration like 10m, or unset it."
    ),
    "stdin-unreadable": (
        "✗ Standard input: {reason}.\n"
        "  Nothing was saved.\n"
        "  Give it a JSON object with the fields, as\n"
        "  'authkit user configure --help' tells."
    ),
    "config-unreadable": (
        "✗ {path}: {reason}.\n"
        "  Nothing was done.\n"
        "  Check the file, or name another with --config or AUTHKIT_CONFIG."
    ),
    "file-trouble": "✗ {path}: {reason}.\n  {done}\n  {cure}, then run\n  '{again}'.",
    "file-keeps-changing": (
        "✗ {path} was changed by other programs while it was edited, {tries} times.\n"
        "  {done}\n"
        "  Run '{again}'."
    ),
    "config-wrong": (
        "✗ {path}:\n"
        "  {where}: {reason}.\n"
        "  Nothing was done.\n"
        "  Set that right in the file, then try again."
    ),
    "no-home": (
        "✗ There is no home folder to keep things in: HOME names none.\n"
        "  Nothing was done.\n"
        "  Set HOME, or AUTHKIT_CONFIG and AUTHKIT_STATE_DIR."
    ),
    "identity-bad-name": (
        "✗ {identity}{by} cannot be the name of an identity.\n"
        "  Nothing was done.\n"
        "  Use 1 to 128 letters, marks and digits of any script, blanks, and any of\n"
        "  . _ - / @ : + = , with neither a blank nor '-' first, and no blank last."
    ),
    "by-variable": " (set by AUTHKIT_IDENTITY)",
    "identity-unknown": (
        "✗ There is no identity {identity}{by} in\n"
        "  {path}{near}.\n"
        "  Nothing was done.\n"
        "  There are: {names}. Name one, or add [{table}]."
    ),
    "identity-none": (
        "✗ There are no identities yet.\n  Nothing was done.\n  Run '{first_login}' first."
    ),
    "identity-none-in-file": (
        "✗ There are no identities yet, and none in\n"
        "  {path}.\n"
        "  Nothing was done.\n"
        "  Add [identities.NAME] there, then run\n"
        "  '{first_login}'."
    ),
    "identity-needed": (
        "✗ Which identity is meant? There are: {names}.\n"
        "  Nothing was done.\n"
        "  Run '{named}', or set AUTHKIT_IDENTITY, or 'default' in the\n"
        "  config file."
    ),
    "usage": (
        "✗ {reason}.\n  Nothing was done.\n  Run 'authkit {command}--help' to see what it takes."
    ),
    "limit-reached": (
        "✗ The system sets a limit: {what}.\n  {done}\n  {cure}, then run\n  '{again}'."
    ),
    "unexpected": (
        "✗ Something that authkit did not expect: {error}.\n"
        "  It stopped there.\n"
        "  Run it again with AUTHKIT_DEBUG=1 to see where (secrets stay masked), or as\n"
        "  'authkit --record FILE …', which writes down what happens, without names, ids\n"
        "  and secrets. Read that file, then send it with your report."
    ),
}
