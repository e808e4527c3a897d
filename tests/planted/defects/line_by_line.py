"""Slips in functions that are otherwise right, by somebody who read them line by line."""

from tests.planted.patch import Defect

LINE_BY_LINE = (
    Defect(
        "plain-500-is-no-server-fault",
        "authkit.core.rules:Rule.matches",
        "trouble.status // 100 == 5",
        "trouble.status > 500",
        "An HTTP 500 whose body bears InvalidClientTokenId has good keys removed from the keyring.",
    ),
    Defect(
        "session-judged-as-of-the-default-region",
        "authkit.core.check:by_sts",
        "rules.Circumstances(region)",
        "rules.Circumstances(DEFAULT_REGION)",
        "A good session is dropped, or called refused, since STS of an opt-in region that is "
        "off does not know it.",
    ),
    Defect(
        "every-role-counts-as-chained",
        "authkit.core.config:_check_duration",
        '"source" in config.identities[source].settings',
        '"source" in identity.settings',
        "'login deploy --duration 4h' is refused as over one hour, though its source is a user.",
    ),
    Defect(
        "alone-by-config-or-by-markers",
        "authkit.core.config:is_only_one",
        "{*config.identities} <= {name} and not world.markers.others(name)",
        "{*config.identities} <= {name} or not world.markers.others(name)",
        "With two identities configured nothing says whose device the MFA prompt is about.",
    ),
    Defect(
        "default-not-in-nfc",
        "authkit.core.config:parse",
        'normal(reader.text("default", tables.get("default", "")))',
        'reader.text("default", tables.get("default", ""))',
        "A default with an accent typed in the form NFD is said to name no table, and no "
        "command runs.",
    ),
    Defect(
        "refusals-counted-by-code-alone",
        "authkit.login.recover:Flow.spend",
        "self.refusals[rule.spent, rule.codes]",
        'self.refusals["", rule.codes]',
        "Two wrong codes and one wrong device end a login that had tries left of both.",
        times=2,
    ),
    Defect(
        "code-as-old-as-its-question",
        "authkit.login.user:UserFlow.attempt",
        "self.code, self.typed = self.ask_code(serial), self.world.clock.elapsed()",
        "self.typed, self.code = self.world.clock.elapsed(), self.ask_code(serial)",
        "Who took half a minute to find the phone has to wait for another code after a lost "
        "answer, though the one typed is fresh.",
    ),
    Defect(
        "source-asked-in-the-region-of-the-role",
        "authkit.login.role:RoleFlow.source_session",
        "self.identity.region_by_option",
        "self.identity.region",
        "The login of a role's source goes to the role's region, where STS may not be "
        "activated, instead of the source's own.",
    ),
    Defect(
        "keys-tried-elsewhere-than-the-endpoint",
        "authkit.login.recover:KeysFlow.region",
        "endpoints.configured(self.world.environ)",
        "endpoints.foreign(self.world.environ)",
        "With a VPC endpoint of STS in an opt-in region no login works: its first call is "
        "signed for us-east-1.",
    ),
    Defect(
        "device-numbers-from-nought",
        "authkit.codes.devices:_device",
        'enumerate(["", *usable])',
        "enumerate(usable)",
        "Who chooses device 1 of the list gets the second one, or is told that there is no 1.",
    ),
    Defect(
        "program-may-print-more-than-six-digits",
        "authkit.codes.mfa_process:_printed",
        're.fullmatch(r"\\d{6}", digits.reveal(), re.ASCII)',
        're.match(r"\\d{6}", digits.reveal(), re.ASCII)',
        "An mfa_process that prints eight digits has them sent to STS, and the login ends in "
        "an error that does not name it.",
    ),
    Defect(
        "exec-logs-in-without-its-region",
        "authkit.commands.exec:_renewed",
        "config.resolve(world, options.given, options.name, region=options.region)",
        "config.resolve(world, options.given, options.name)",
        "'exec --region' asks STS of the config file's region, which the person has just avoided.",
    ),
    Defect(
        "not-verified-is-false",
        "authkit.commands.whoami:_as_json",
        "judged.valid",
        "bool(judged.valid)",
        "A program that reads 'whoami --json' takes a session for dead whenever STS is away.",
    ),
    Defect(
        "logout-all-of-the-known-alone",
        "authkit.commands.logout:_kinds",
        "sorted({*config.known(world, found), *world.sessions.names()})",
        "config.known(world, found)",
        "'logout --all' leaves the session of a role that the config file has no more.",
    ),
    Defect(
        "id-left-out-is-another-id",
        "authkit.commands.user_configure:_merged",
        "given.get(f.name, present.get(f.name)) == present.get(f.name)",
        "given.get(f.name) == present.get(f.name)",
        "'user configure --stdin' with the session duration alone is refused: the secret is "
        "said to be missing.",
    ),
    Defect(
        "other-file-has-no-such-keys",
        "authkit.importing.from_files:Profiles._place",
        "_ID in config.values(name)",
        "_ID in config.sections",
        "'import --remove' takes the keys out of the credentials file, and AWS programs go "
        "on with older ones in the config file.",
    ),
    Defect(
        "roles-get-the-time-of-a-check",
        "authkit.adapters.sts:Boto3Sts._call",
        'isinstance(who, Session) and operation == "GetCallerIdentity"',
        "isinstance(who, Session)",
        "AssumeRole that takes four seconds to answer is given up four times, and the login fails.",
    ),
    Defect(
        "new-by-both-clocks",
        "authkit.login.keys:Keys.are_new",
        "any(now - since < NEW for now in nows)",
        "all(now - since < NEW for now in nows)",
        "Keys just typed on a machine whose clock is wrong are removed as unknown at once, "
        "instead of being given time to spread.",
    ),
)
