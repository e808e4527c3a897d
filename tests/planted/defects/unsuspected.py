"""Defects that nobody had suspected, over the whole of authkit."""

from tests.planted.patch import Defect

UNSUSPECTED = (
    Defect(
        "role-fingerprint-without-source",
        "authkit.core.identity:Identity.role_fingerprint",
        '{"session_duration", "mfa_process"}',
        '{"session_duration", "mfa_process", "source"}',
        "After the config file names another source for a role, exec still runs with the "
        "session that was got through the old one.",
    ),
    Defect(
        "verdict-asks-in-us-east-1",
        "authkit.core.check:verdict",
        "cached.region or DEFAULT_REGION",
        "DEFAULT_REGION",
        "A good session of a Chinese or GovCloud identity is shown as refused, with exit 1, "
        "since another partition's STS was asked.",
    ),
    Defect(
        "empty-pair-counts-as-no-entry",
        "authkit.core.entries:decode",
        "f.name in values",
        "values.get(f.name)",
        "An entry whose id and secret are both empty is not said to be corrupt: login asks "
        "for keys and overwrites it.",
    ),
    Defect(
        "corrected-clock-makes-new-keys-old",
        "authkit.login.keys:Keys.are_new",
        "(clock.now(), self._began + clock.elapsed())",
        "(clock.now(),)",
        "Where the clock is wrong, good keys that were typed seconds ago are removed instead "
        "of being waited for.",
    ),
    Defect(
        "device-for-this-run-not-taken",
        "authkit.login.user:UserFlow.ask_device",
        "self.identity = self.keys.identity",
        "",
        "Where the config file sets a wrong MFA ARN, the one that is typed is never used: "
        "the login asks for device and code three times and fails.",
    ),
    Defect(
        "spent-code-forgotten-after-a-step",
        "authkit.login.spent_codes:LIFE",
        "90",
        "30",
        "A code that STS took 40 seconds ago is sent once more, is refused, and costs an attempt.",
    ),
    Defect(
        "pauses-of-old-keys-count-for-new",
        "authkit.login.stored:StoredFlow.forget",
        "self.paused.clear()",
        "",
        "After a mistyped new key was waited for, the right one, not spread yet, is refused "
        "and removed at once.",
    ),
    Defect(
        "device-numbers-of-another-order",
        "authkit.codes.devices:_device",
        '["", *usable]',
        '["", *sorted(usable)]',
        "The number that is typed chooses another MFA device than the one that stands beside it.",
    ),
    Defect(
        "mfa-program-gets-the-passphrase",
        "authkit.codes.mfa_process:_printed",
        "{name: value for name, value in world.environ.items() if name not in gone}",
        "dict(world.environ)",
        "The program of mfa_process is started with the keyring's passphrase, and with "
        "foreign AWS credentials, in its environment.",
    ),
    Defect(
        "json-says-valid-unverified",
        "authkit.commands.whoami:_as_json",
        "judged.valid",
        "judged.valid is not False",
        "A program that reads whoami's JSON takes a session for verified when STS could not "
        "be asked.",
    ),
    Defect(
        "unset-takes-the-persons-region",
        "authkit.commands.env:_set_by_env",
        "name and world.environ.get(v) == region",
        "name",
        'eval "$(authkit env --unset)" removes an AWS_REGION that the person set to another '
        "region.",
    ),
    Defect(
        "logout-all-stops-at-the-first-trouble",
        "authkit.commands.logout:run",
        "[_log_out(world, name, kind, found.reached_from(name), options) for name, kind in "
        "kinds.items()]",
        "(_log_out(world, name, kind, found.reached_from(name), options) for name, kind in "
        "kinds.items())",
        "After one identity that cannot be logged out, logout --all leaves the sessions and "
        "keys of all that follow, and says nothing of them.",
    ),
    Defect(
        "stdin-keeps-the-secret-of-another-key",
        "authkit.commands.user_configure:_merged",
        "if field.secret and not keys_stay:\n    values.pop(field.name, None)",
        "",
        "user configure --stdin --no-verify with a new id alone saves it with the old key's "
        "secret.",
    ),
    Defect(
        "remove-takes-keys-that-were-not-imported",
        "authkit.importing.removal:_without",
        "if [entry.value for entry in at] != texts:\n"
        '    raise ValueError("there are other keys by now")',
        "",
        "Keys that another program wrote into the profile during import --remove are "
        "deleted: they were the only copy.",
    ),
    Defect(
        "import-forgets-what-was-remembered",
        "authkit.importing.plan:step",
        "Values({**present, **found.values})",
        "Values(found.values)",
        "Importing a profile whose keys are there already loses the session duration and MFA "
        "ARN that were configured.",
    ),
    Defect(
        "csv-with-a-mark-refused",
        "authkit.importing.from_csv:rows",
        'content.decode("utf-8-sig")',
        'content.decode("utf-8")',
        "The console's CSV, which may begin with a byte-order mark, is refused: it has no "
        "column for the key.",
    ),
    Defect(
        "profile-gets-a-region-nobody-set",
        "authkit.commands.profile_add:run",
        'options.region or identity.settings.get("region", "")',
        "options.region or identity.region",
        "profile add writes us-east-1 into AWS's config file where no region is set, and "
        "does not say that there is none.",
    ),
    Defect(
        "profile-remove-takes-the-persons-region",
        "authkit.aws_files.profiles:Profile.removed",
        "(key for key in below if key == REGION)",
        "(key for key in keys if key == REGION)",
        "profile remove deletes the region that the person had in the profile before authkit.",
    ),
    Defect(
        "colon-divides-no-more",
        "authkit.aws_files.ini:_ENTRY",
        'r"(.*?)\\s*[=:]\\s*(.*)\\Z"',
        'r"(.*?)\\s*=\\s*(.*)\\Z"',
        "An AWS file with 'region: eu-west-1' is said to be one that AWS programs refuse, "
        "and neither import nor profile add take it.",
    ),
    Defect(
        "offset-outlives-its-refusal",
        "authkit.adapters.clock:CorrectedClock.call",
        "self.offset -= offset",
        "",
        "When AWS refuses the corrected time too, whoami and login go on with that wrong "
        "time: what is left of a session is off.",
    ),
)
