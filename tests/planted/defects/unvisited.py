"""Defects in places where exploration had not been."""

from tests.planted.patch import Defect

UNVISITED = (
    Defect(
        "mfa-process-words-joined-by-blanks",
        "authkit.core.config:_Reader.joined",
        'shlex.join(self.text(f"{where}.{key}", word) for word in value)',
        '" ".join(self.text(f"{where}.{key}", word) for word in value)',
        "An mfa_process that is a list with a blank in one of its words runs another command.",
    ),
    Defect(
        "sovereign-cloud-forgotten",
        "authkit.core.regions:_PARTITIONS",
        '("eusc-", "aws-eusc")',
        "",
        "In the European Sovereign Cloud nobody can log in: with an MFA device the partitions are "
        "said not to fit, and without one the keys are tried in us-east-1.",
    ),
    Defect(
        "told-less-by-the-local-clock",
        "authkit.login.obtain:_keep",
        "cached.duration - granted > SLACK",
        "cached.duration - cached.left(world.clock.time()) > SLACK",
        "With a clock a few minutes ahead each login warns that AWS granted less than was asked; "
        "with one behind it keeps quiet where AWS did.",
    ),
    Defect(
        "opt-in-region-asked-in-us-east-1",
        "authkit.login.recover:KeysFlow.region",
        "self.principal or self.only_here or endpoints.configured(self.world.environ)",
        "self.only_here or endpoints.configured(self.world.environ)",
        "For a region that accounts enable themselves the session is made in us-east-1.",
    ),
    Defect(
        "refused-source-session-taken-again",
        "authkit.login.role:RoleFlow.renew_source",
        "self.source_session(self.source)",
        "self.source_session()",
        "A role whose source's session AWS has revoked cannot be logged in to in one command.",
    ),
    Defect(
        "removed-keys-take-the-identity-with-them",
        "authkit.login.keys:Keys.remove",
        "self._world.markers.mark(self.identity.name, Marker(gone=True))",
        "self._world.markers.unmark(self.identity.name)",
        "Who cancels the prompt after a refusal cannot go on: the identity is unknown then.",
    ),
    Defect(
        "whoami-json-of-nothing",
        "authkit.commands.whoami:run",
        'options.output == "json"',
        'options.output == "json" and cached',
        "Without a session whoami --output json prints nothing, and a program finds no JSON.",
    ),
    Defect(
        "unset-takes-the-callers-region",
        "authkit.commands.env:_set_by_env",
        "[v for v in environment.REGIONS if name and world.environ.get(v) == region]",
        "[v for v in environment.REGIONS if world.environ.get(v)]",
        "env --unset removes the AWS_REGION that the person has set.",
    ),
    Defect(
        "logout-all-ends-at-the-first-trouble",
        "authkit.commands.logout:run",
        "done = [_log_out(world, name, kind, found.reached_from(name), options)"
        " for name, kind in kinds.items()]\n"
        "return FAILED if left or any(done) else 0",
        "return FAILED if left or any("
        "_log_out(world, name, kind, found.reached_from(name), options)"
        " for name, kind in kinds.items()) else 0",
        "logout --all leaves every session behind the first one that is in trouble, and is silent.",
    ),
    Defect(
        "later-version-never-written-anew",
        "authkit.commands.user_configure:Present.loaded",
        '{"corrupt", "later-version"}',
        '{"corrupt"}',
        "user configure ends with the advice to run user configure.",
    ),
    Defect(
        "region-of-the-profile-overwritten",
        "authkit.commands.profile_add:run",
        "by_option = bool(options.region)",
        'by_option = bool(options.region or identity.settings.get("region"))',
        "profile add changes the region that the person has set for the AWS profile.",
    ),
    Defect(
        "unset-variable-means-the-default",
        "authkit.arguments:_identity",
        'if "" in names: ...',
        "",
        'logout --keys --identity "$NAME" with NAME unset removes the default identity\'s keys.',
    ),
    Defect(
        "program-outlasts-the-deadline",
        "authkit.deadline:Deadline.line",
        "min(within, left)",
        "within",
        "credential-process waits for an mfa_process that hangs beyond its 50 s, and the SDK "
        "gives up on it.",
    ),
    Defect(
        "default-section-counts-last",
        "authkit.aws_files.ini:IniFile.values",
        "(*self._around, section)",
        "(section, *self._around)",
        "What stands in [DEFAULT] of AWS's files hides a profile's own region and keys.",
    ),
    Defect(
        "role-of-a-role-left-out-is-imported",
        "authkit.importing.plan:reached",
        "missing.add(one.name)",
        "",
        "An import of which one identity stays out fails as a whole where a role is reached from "
        "a role: keys are saved, and no table is written.",
    ),
    Defect(
        "keys-removed-above-others",
        "authkit.importing.removal:_without",
        "if place and place.also: ...",
        "",
        "After import --remove AWS programs take older keys from the other file.",
    ),
    Defect(
        "passphrase-reaches-mfa-process",
        "authkit.codes.mfa_process:_printed",
        "environ = {name: value for name, value in world.environ.items() if name not in gone}",
        "environ = {**world.environ}",
        "The program that prints codes gets the keyring's passphrase and other AWS credentials.",
    ),
    Defect(
        "session-of-the-old-name-survives",
        "authkit.adapters.owned_files:OwnedFiles.drop",
        "for file in self._possible(name): ...",
        "for file in self._possible(name)[:1]: ...",
        "After an upgrade logout says that an identity with capitals is not logged in, and its "
        "session can be used on.",
    ),
    Defect(
        "second-correction-replaces-the-first",
        "authkit.adapters.clock:CorrectedClock.call",
        "self.offset += offset",
        "self.offset = offset",
        "A clock that is set right while a code is typed ends the login with a wrong clock.",
    ),
)
