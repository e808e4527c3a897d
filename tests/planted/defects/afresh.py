"""Defects by one more reader of the code, after exploration had learnt from the two before."""

from tests.planted.patch import Defect

AFRESH = (
    Defect(
        "keys-of-another-partition-tried-at-home",
        "authkit.core.regions:is_opt_in",
        'partition(region) == "aws" and region not in _ALWAYS_ON',
        "region not in _ALWAYS_ON",
        "Good keys of China or GovCloud are tried in us-east-1, refused there, and removed.",
    ),
    Defect(
        "roles-reached-by-roles-left-out",
        "authkit.core.config:Config.reached_from",
        "[role for role in roles if name in (s.name for s in self.sources(role))]",
        '[role for role in roles if role.settings.get("source") == name]',
        "The session of a role that is reached by another role outlives the user's removed keys.",
    ),
    Defect(
        "callers-region-not-taken",
        "authkit.core.environment:variables",
        "cached.region or callers",
        "cached.region or DEFAULT_REGION",
        "Where the config file sets no region, exec replaces the caller's AWS_REGION by us-east-1.",
    ),
    Defect(
        "server-fault-known-by-its-code-alone",
        "authkit.core.rules:RULES.aws-trouble",
        "server_fault = True",
        "server_fault = False",
        "A 503 whose body bears InvalidClientTokenId has good keys removed from the keyring.",
    ),
    Defect(
        "role-with-a-path-refused",
        "authkit.core.kinds:role_arn",
        'r"arn:[\\w-]+:iam::\\d{12}:role/[\\w+=/,.@-]{1,1900}"',
        'r"arn:[\\w-]+:iam::\\d{12}:role/[\\w+=,.@-]{1,1900}"',
        "One role with a path (role/ci/deploy) in the config file, and every command ends with 2.",
    ),
    Defect(
        "long-session-name-not-cut",
        "authkit.login.role:_session_name",
        're.sub(r"[^\\w+=,.@-]", "-", f"authkit-{identity}", flags=re.ASCII)[:64]',
        're.sub(r"[^\\w+=,.@-]", "-", f"authkit-{identity}", flags=re.ASCII)',
        "A role whose identity has a name of 57 characters or more can never be logged in to.",
    ),
    Defect(
        "marked-before-it-is-saved",
        "authkit.login.keys:Keys.save",
        "self.store(values)\n"
        "self._world.markers.mark(self.identity.name, self.marker(taken=taken))",
        "self._world.markers.mark(self.identity.name, self.marker(taken=taken))\n"
        "self.store(values)",
        "After a keyring that could not be written, list says that the keys are stored.",
    ),
    Defect(
        "device-default-from-the-keyring",
        "authkit.login.keys:Keys.ask_device",
        "identity.setting(self.values, field.name)",
        "self.values.text(field.name)",
        "Where the config file sets a refused MFA ARN, Enter at the question drops MFA altogether.",
    ),
    Defect(
        "unset-takes-what-stays",
        "authkit.commands.env:_set_by_env",
        "name and world.environ.get(v) == region",
        "name and v in world.environ",
        "env --unset removes an AWS_REGION that the person had set, and env had not.",
    ),
    Defect(
        "pauses-of-the-keys-before",
        "authkit.commands.user_configure:Asked.attempt",
        "self.paused.clear()",
        "",
        "Keys made seconds ago are refused at once if others were typed before them.",
    ),
    Defect(
        "role-of-refused-keys-imported",
        "authkit.commands.import_:Doing._save",
        "if source in self.refused:\n    ...",
        "",
        "A profile's refused keys and a role reached from them: no table is written for any.",
    ),
    Defect(
        "keys-in-the-other-file-forgotten",
        "authkit.importing.from_files:Profiles._place",
        'Place(has.path, has.sections[name].name, config.path if both else "")',
        "Place(has.path, has.sections[name].name)",
        "import --remove uncovers the config file's old keys, with which AWS programs go on.",
    ),
    Defect(
        "removal-takes-any-region",
        "authkit.aws_files.profiles:Profile.removed",
        "gone = {PROCESS, *(key for key in below if key == REGION)}",
        "gone = {PROCESS, REGION}",
        "profile remove deletes the region that the person had set in [default] before.",
    ),
)
