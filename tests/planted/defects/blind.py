"""Defects that were written without a look at the other ones, or at the laws."""

from tests.planted.patch import Defect

BLIND = (
    Defect(
        "a-silent-first-region-costs-no-call",
        "authkit.login.recover:KeysFlow.recover",
        "self.paused[trouble.operation, PAUSES] += 1",
        "pass",
        "STS is called five times where nothing answers: a login takes longer to say so.",
    ),
    Defect(
        "new-keys-are-given-up-one-pause-early",
        "authkit.login.recover:Flow.pauses_left",
        "self.paused[operation, pauses] < len(pauses)",
        "self.paused[operation, pauses] < len(pauses) - 1",
        "Good keys that IAM spreads in seven seconds are removed again.",
    ),
    Defect(
        "wrong-secrets-and-dead-keys-share-a-budget",
        "authkit.login.recover:Flow.spend",
        "self.refusals[rule.spent, rule.codes]",
        "self.refusals[rule.spent]",
        "Who was given a dead key and mistypes secrets has fewer tries.",
        times=2,
    ),
    Defect(
        "the-next-keys-are-not-waited-for",
        "authkit.login.stored:StoredFlow.forget",
        "self.paused.clear()",
        "pass",
        "The second new key of a login is not given the seconds to spread, and is removed.",
    ),
    Defect(
        "the-lock-timeout-of-the-environment-is-not-read",
        "authkit.login.lock:single_flight",
        "config.lock_timeout(world.environ)",
        "config.PATIENCE",
        "A job that sets AUTHKIT_LOCK_TIMEOUT=5s waits ten minutes.",
    ),
    Defect(
        "a-printed-code-is-noted-behind-the-lock",
        "authkit.login.user:UserFlow.printed_code",
        "with single_flight(self.world, mfa_process.LOCK, 'mfa-process-wait'):\n"
        "    return mfa_process.spent_code(self.world, self.identity, serial, self.spent)",
        "with single_flight(self.world, mfa_process.LOCK, 'mfa-process-wait'):\n"
        "    printed = mfa_process.code(\n"
        "        self.world, self.identity, lambda code: self.spent.has(serial, code)\n"
        "    )\n"
        "self.spent.add(serial, printed)\n"
        "return printed",
        "Two logins with one device send the same code, and one of them is refused.",
    ),
    Defect(
        "configure-looks-before-it-has-the-lock",
        "authkit.commands.user_configure:run",
        "with world.keyring.alone():\n"
        "    if keep and keys.changed():\n"
        "        raise Failure('not-kept-keys', identity=identity.name)\n"
        "    keys.save(trial.values, taken=taken)",
        "if keep and keys.changed():\n"
        "    raise Failure('not-kept-keys', identity=identity.name)\n"
        "with world.keyring.alone():\n"
        "    keys.save(trial.values, taken=taken)",
        "Keys that another process has saved just now are replaced by the older ones.",
    ),
    Defect(
        "a-role-session-of-just-now-outlives-its-keys",
        "authkit.commands.logout:_remove",
        "drop_unfit(world, roles, _fits_no_more)",
        "pass",
        "After 'logout --keys' a role's session that was made meanwhile can still be used.",
    ),
    Defect(
        "a-device-is-saved-with-older-keys",
        "authkit.login.keys:Keys.ask_device",
        "self.changed()",
        "pass",
        "Keys that another process has saved while the person typed the ARN are lost.",
    ),
    Defect(
        "any-text-counts-as-read-back",
        "authkit.core.entries:save",
        "keyring.get_password(SERVICE, name) != written",
        "keyring.get_password(SERVICE, name) is None",
        "'Credentials saved' is said by a keyring that has kept the old ones.",
    ),
    Defect(
        "half-a-pair-counts-as-no-keys",
        "authkit.core.entries:decode",
        "any(f.name in values for f in kind.credentials)",
        "all(f.name in values for f in kind.credentials)",
        "A damaged entry is overwritten by a login, which nobody asked for.",
    ),
    Defect(
        "removed-keys-stay-marked",
        "authkit.login.keys:Keys.remove",
        "Marker(gone=True)",
        "Marker()",
        "'list' says that keys are stored which were removed.",
    ),
    Defect(
        "a-forced-login-does-not-use-the-others-session",
        "authkit.login.obtain:login.good",
        "before is None or world.sessions.read(identity.name) != before",
        "before is None",
        "Of two 'login --force' at once the second asks for a code as well.",
    ),
    Defect(
        "the-refused-source-is-used-again",
        "authkit.login.role:RoleFlow.source_session.good",
        "not known_bad and cached.left(self.world.clock.time()) > 0",
        "cached.left(self.world.clock.time()) > 0",
        "A role cannot be logged in to until its source is, by hand.",
    ),
    Defect(
        "the-former-duration-option-comes-first",
        "authkit.core.identity:Identity.lasts",
        "self.by_option or cached.by_option",
        "cached.by_option or self.by_option",
        "'login --duration 8h' keeps the session of 'login --duration 1h'.",
    ),
    Defect(
        "an-hour-less-is-not-said",
        "authkit.login.obtain:SLACK",
        "60",
        "3600",
        "A session that AWS has made shorter by half an hour is not reported.",
    ),
    Defect(
        "the-source-is-asked-in-its-own-region",
        "authkit.login.role:RoleFlow.source_session",
        "source = config.in_region(source, self.identity.region_by_option)",
        "pass",
        "'login ROLE --region' asks in another region, which may be closed to this network.",
    ),
    Defect(
        "a-region-of-one-run-is-kept",
        "authkit.login.obtain:_keep",
        "identity.settings.get('region', '')",
        "identity.region",
        "After 'login --region' each exec uses that region, and not the caller's.",
    ),
    Defect(
        "whose-code-is-not-said",
        "authkit.login.user:UserFlow.ask_code",
        "self.direct and config.is_only_one(self.world, self.keys.config, name)",
        "self.direct or config.is_only_one(self.world, self.keys.config, name)",
        "With several identities the person does not know which device to look at.",
    ),
    Defect(
        "an-old-secret-with-a-new-key-id",
        "authkit.commands.user_configure:_merged",
        "values.pop(field.name, None)",
        "pass",
        "'user configure --stdin' saves a new key id with the secret of the old one.",
    ),
    Defect(
        "credential-process-has-no-deadline",
        "authkit.commands.credential_process:_renewed",
        "obtain(hurried, identity, good)",
        "obtain(world, identity, good)",
        "An SDK gives up on the process after a minute, and says nothing of why.",
    ),
    Defect(
        "a-tip-though-nothing-is-known",
        "authkit.commands.exec:_tip",
        "judged.valid is not False",
        "judged.valid",
        "Where STS cannot be reached a failed child is explained by a session that is good.",
    ),
    Defect(
        "the-default-region-comes-first",
        "authkit.core.environment:variables",
        "next((environ[name] for name in REGIONS if environ.get(name)), DEFAULT_REGION)",
        "next((environ[name] for name in reversed(REGIONS) if environ.get(name)), DEFAULT_REGION)",
        "AWS_REGION is not what the child gets, where both variables are set.",
    ),
    Defect(
        "one-that-is-logged-out-is-enough",
        "authkit.commands.logout:run",
        "any(done)",
        "bool(done) and all(done)",
        "'logout --all --keys' exits 0 though the keys of one identity are left.",
    ),
    Defect(
        "a-new-device-forgets-the-config-file",
        "authkit.login.keys:Keys.ask_device",
        "{**identity.settings, field.name: answer}",
        "{field.name: answer}",
        "After a refused device the session is of 12 h, whatever the config file says.",
    ),
    Defect(
        "when-a-code-was-typed-is-not-noted",
        "authkit.login.user:UserFlow.attempt",
        "self.code, self.typed = self.ask_code(serial), self.world.clock.elapsed()",
        "self.code = self.ask_code(serial)",
        "A good code is thrown away after a lost answer, and another one asked for.",
    ),
    Defect(
        "the-caller-of-the-former-keys-stays",
        "authkit.login.user:UserFlow.forget",
        "self.caller, self.code, self.lost = None, None, False",
        "self.code, self.lost = None, False",
        "New keys are not tried before a code is asked for, and the former account is shown.",
    ),
    Defect(
        "a-chain-may-ask-for-twelve-hours",
        "authkit.core.config:_check_duration",
        "'source' in config.identities[source].settings",
        "False",
        "A --duration that AWS never grants is refused by AWS, after a code was typed.",
    ),
    Defect(
        "a-clock-that-is-ahead-is-said-to-be-behind",
        "authkit.core.endings:clock_offset",
        "(theirs - ours).total_seconds()",
        "(ours - theirs).total_seconds()",
        "The person sets the clock further off.",
    ),
    Defect(
        "programs-get-one-try-less",
        "authkit.codes.mfa_process:code",
        "range(TRIES)",
        "range(TRIES - 1)",
        "mfa_process is given up though the next code would be a new one.",
    ),
)
