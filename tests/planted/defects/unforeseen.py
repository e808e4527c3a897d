"""Defects that were written without a look at what exploration walks, and at its laws.

Fifteen were written without a look at the other defects too.  The other fifteen took the places
of ones that turned out to be listed; none was exchanged once the first had been tried.
"""

from tests.planted.patch import Defect

UNFORESEEN = (
    # What decides: core.
    Defect(
        "a-longer-session-is-good-enough",
        "authkit.core.identity:Identity.lasts",
        "cached.duration == asking.duration(values)",
        "cached.duration >= asking.duration(values)",
        "A shorter duration, by --duration too, has no effect until the longer session is over.",
    ),
    Defect(
        "a-session-in-the-keyring-is-damage",
        "authkit.core.entries:decode",
        "(field.stored or field.validator)(value)",
        "field.validator(value)",
        "Session credentials in the keyring are called corrupt, and login asks for no keys.",
    ),
    Defect(
        "the-callers-variables-win",
        "authkit.core.environment:environment",
        "{name: value for name, value in environ.items() if name not in gone} | ours",
        "ours | {name: value for name, value in environ.items() if name not in gone}",
        "Where AWS_REGION is set, the child runs there, whatever --region and the config file say.",
    ),
    Defect(
        "expired-says-nothing-of-the-session",
        "authkit.core.rules:RULES.expired",
        "of_session = True",
        "",
        "Of a session that AWS calls expired whoami says 'not verified', and login keeps it.",
    ),
    Defect(
        "longer-pauses-for-throttling",
        "authkit.core.rules:RULES.throttled",
        "pauses = PAUSES",
        "pauses = tuple(2 * pause for pause in PAUSES)",
        "Throttling and lost answers have a budget each: a call is made seven times, not four.",
    ),
    Defect(
        "the-default-before-the-environment",
        "authkit.core.config:chosen",
        "meant(name, world.environ) or config.default",
        "meant(name or config.default, world.environ)",
        "AUTHKIT_IDENTITY has no effect where the config file has a default: login is to another.",
    ),
    Defect(
        "a-config-file-hides-other-identities",
        "authkit.core.config:chosen",
        "config.found and name not in world.markers.marked()",
        "config.found",
        "Once there is a config file, an identity whose keys were saved before is unknown.",
    ),
    Defect(
        "settings-of-a-kind-are-not-remembered",
        "authkit.core.identity:Identity.keys_fingerprint",
        "fingerprint(*texts, *more)",
        "fingerprint(*texts)",
        "What `user configure` changes of a kind from elsewhere has no effect on its old session.",
    ),
    Defect(
        "identities-are-those-of-the-config-file",
        "authkit.core.config:is_only_one",
        "{*config.identities} <= {name} and not world.markers.others(name)",
        "{*config.identities} <= {name}",
        "Of two identities without a config file none is named above the question for a code.",
    ),
    # How a login goes on: login.
    Defect(
        "the-duration-before-it-is-typed",
        "authkit.login.user:UserFlow.attempt",
        """
if not self.keys.usable:
    self.ask_keys()
keys = access_keys(self.keys.values)
serial, mfa = self.mfa_arn, None
asked = self.identity.duration(self.keys.values)
""",
        """
asked = self.identity.duration(self.keys.values)
if not self.keys.usable:
    self.ask_keys()
keys = access_keys(self.keys.values)
serial, mfa = self.mfa_arn, None
""",
        "The first session is of twelve hours, whatever duration was typed with the keys.",
    ),
    Defect(
        "success-is-shown-first",
        "authkit.login.obtain:_keep",
        """
if not flow.keep(cached):
    world.sessions.drop(identity.name)
    world.screen.say(text("session-of-others", identity=identity.name))
    return None
left = durations.left(cached.left(world.clock.time()))
shown = render.session_rows(render.LOGIN_ROWS, identity.name, made, world.clock.zone(), left)
world.screen.say(text("authenticated", rows=shown))
""",
        """
left = durations.left(cached.left(world.clock.time()))
shown = render.session_rows(render.LOGIN_ROWS, identity.name, made, world.clock.zone(), left)
world.screen.say(text("authenticated", rows=shown))
if not flow.keep(cached):
    world.sessions.drop(identity.name)
    world.screen.say(text("session-of-others", identity=identity.name))
    return None
""",
        "'Authentication successful' is shown of a session that could not be kept.",
    ),
    Defect(
        "a-marker-that-cannot-be-ends-it",
        "authkit.login.stored:StoredFlow.keep",
        """
try:
    self.world.markers.mark(self.identity.name, marker)
except StateTrouble as trouble:
    self.world.screen.say(endings.skipped(trouble))
""",
        "self.world.markers.mark(self.identity.name, marker)",
        "Login fails for a marker that cannot be written, though the session is there and good.",
    ),
    Defect(
        "for-this-run-and-for-good",
        "authkit.login.keys:Keys.ask_device",
        """
self.identity = identity.replaced(settings={**identity.settings, field.name: answer})
return
""",
        "self.identity = identity.replaced(settings={**identity.settings, field.name: answer})",
        "An MFA ARN that was to hold for one run replaces the keyring's.",
    ),
    Defect(
        "counted-before-it-is-removed",
        "authkit.login.stored:StoredFlow.replace_keys",
        """
with self.world.keyring.alone() if attended else nullcontext():
    ...
if self.keys.typed:
    self.spend(rule, trouble)
""",
        """
if self.keys.typed:
    self.spend(rule, trouble)
with self.world.keyring.alone() if attended else nullcontext():
    ...
""",
        "The third pair of keys that AWS refuses stays in the keyring, as if it were good.",
    ),
    Defect(
        "a-cancelled-wait-has-failed",
        "authkit.login.lock:single_flight",
        "Failure('cancelled-waiting', CANCELLED, identity=name)",
        "Failure('cancelled-waiting', identity=name)",
        "A script cannot tell that the person pressed Ctrl-C while another login was waited for.",
    ),
    Defect(
        "a-role-in-its-sources-account",
        "authkit.login.role:RoleFlow.attempt",
        "account = self.request.role_arn.split(':')[4]",
        "account = source.account",
        "Of a role in another account whoami shows the source's account.",
    ),
    Defect(
        "partitions-are-the-logins-affair",
        "authkit.login.flows:_try_user",
        "flow.check_partition()",
        "",
        "`user configure` saves a device of another partition, with which no login is possible.",
    ),
    # Commands.
    Defect(
        "the-region-before-the-login",
        "authkit.commands.exec:run",
        """
if cached is None or not _good(world, options, cached):
    cached = _renewed(world, options, cached)
if options.region:
    cached = cached.replaced(region=options.region)
""",
        """
if cached and options.region:
    cached = cached.replaced(region=options.region)
if cached is None or not _good(world, options, cached):
    cached = _renewed(world, options, cached)
""",
        "Where exec had to log in first, the command runs in another region than --region's.",
    ),
    Defect(
        "the-second-device-is-believed",
        "authkit.commands.user_configure:Trial.attempt",
        """
while reason := self.wrong_device(principal):
    ...
""",
        """
if reason := self.wrong_device(principal):
    ...
""",
        "`user configure` saves the second MFA ARN of another account, which no login can use.",
    ),
    Defect(
        "every-region-is-unset",
        "authkit.commands.env:_set_by_env",
        "[v for v in environment.REGIONS if name and world.environ.get(v) == region]",
        "[*environment.REGIONS]",
        "`env --unset` takes a region out of the shell that the person had set.",
    ),
    Defect(
        "the-marker-goes-first",
        "authkit.commands.logout:_remove",
        """
drop_unfit(world, roles, _fits_no_more)
there, keys = _removed_entry(world.keyring, name, kind)
""",
        """
world.markers.unmark(name)
drop_unfit(world, roles, _fits_no_more)
there, keys = _removed_entry(world.keyring, name, kind)
""",
        "`logout --keys` with a locked keyring leaves keys that `list` no longer shows.",
    ),
    Defect(
        "settings-count-as-keys",
        "authkit.commands.list:_state",
        "entries.is_configured(kind, fields)",
        "fields",
        "`list --check` says 'stored' of keys that a login has removed.",
    ),
    Defect(
        "tables-at-the-end",
        "authkit.commands.import_:Doing.run",
        """
try:
    for one in steps:
        self.take(one)
except KeyboardInterrupt:
    self._cancelled = True
    raise
finally:
    self._write_config()
""",
        """
for one in steps:
    self.take(one)
self._write_config()
""",
        "An import that is cut short leaves keys without their region and MFA settings.",
    ),
    # Codes.
    Defect(
        "security-keys-are-offered",
        "authkit.codes.devices:_listed",
        """
try:
    usable.append(mfa_serial_number(serial))
except ValueError:
    others.append(serial)
""",
        "usable.append(serial)",
        "A security key can be chosen by its number, and no login with it is possible.",
    ),
    Defect(
        "asked-without-a-list",
        "authkit.codes.devices:chosen",
        """
if not usable:
    return None
""",
        "",
        "Where IAM lists nothing, a person is asked for the number of a device.",
    ),
    # Kinds from elsewhere.
    Defect(
        "the-keyring-over-the-config-file",
        "authkit.kinds.stored:_with_settings",
        "Values({**values, **identity.settings})",
        "Values({**identity.settings, **values})",
        "What the config file sets has no effect where the keyring still has another value.",
    ),
    Defect(
        "blank-variables-are-left-out",
        "authkit.kinds.stored:BroughtFlow.attempt",
        "{name: Secret(text) for name, text in granted.variables.items()}",
        "{name: Secret(text) for name, text in granted.variables.items() if text}",
        "The child gets a variable of other credentials that the kind wants removed.",
    ),
    # Adapters.
    Defect(
        "an-instant-with-a-fraction",
        "authkit.adapters.marker_files:encode",
        "int(marker.untried.timestamp())",
        "marker.untried.timestamp()",
        "Of a key saved mistyped the next login says that it was rotated, and does not wait.",
    ),
    Defect(
        "two-markers-are-others",
        "authkit.adapters.marker_files:MarkerFiles.others",
        "any(other != name for other in self._files.names())",
        "len(self._files.names()) > 1",
        "A mistyped name asks for keys, and the one identity that it is near to is not named.",
    ),
    Defect(
        "session-files-are-utf-8",
        "authkit.adapters.state_folder:StateFolder.read",
        "written.decode('utf-8', 'replace')",
        "written.decode('utf-8')",
        "A damaged session file ends every command with an unexpected error, login too.",
    ),
)
