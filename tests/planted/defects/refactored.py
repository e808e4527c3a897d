"""Defects as a refactoring may leave them, by somebody who had not read the laws."""

from __future__ import annotations

from tests.planted.patch import Defect

_KEYS = "authkit.login.keys:Keys."
_USER = "authkit.login.user:UserFlow."
_ROLE = "authkit.login.role:RoleFlow."
_EXEC = "authkit.commands.exec:"

REFACTORED = (
    Defect(
        "cached-session-verified-in-its-former-region",
        where="authkit.login.obtain:_accepted",
        find="by_sts(world, cached, identity.region)",
        put="by_sts(world, cached, cached.region or identity.region)",
        suffers="`login --region` asks STS in the region of the session in the cache.",
    ),
    Defect(
        "time-left-not-looked-at-after-the-clock-was-corrected",
        where="authkit.login.obtain:_accepted",
        find="found.valid is False or ...",
        put="found.valid is False",
        suffers="login keeps a session that by AWS's clock is over, after it was told the time.",
    ),
    Defect(
        "pauses-counted-in-a-copy",
        where="authkit.login.obtain:obtain",
        find="flow.paused, flow.refusals = paused, refusals",
        put="flow.paused, flow.refusals = Counter(paused), refusals",
        suffers="With a role and its source STS is waited for more often than four calls.",
    ),
    Defect(
        "trouble-at-the-end-without-a-second-look",
        where="authkit.login.obtain:_obtain",
        find="flow.done(cut_off=True)",
        put="flow.done()",
        suffers="Where the session could not be kept, it is said that none was made.",
    ),
    Defect(
        "anothers-keys-count-as-typed",
        where=_KEYS + "changed",
        find="self.typed = False",
        put="",
        suffers="Keys that another process wrote use up one of the three that may be typed.",
    ),
    Defect(
        "typed-keys-dropped-where-others-vanished",
        where=_KEYS + "ask",
        find="self.changed() and self.usable",
        put="self.changed()",
        suffers="A logout in another terminal throws away what was typed, and STS gets no keys.",
    ),
    Defect(
        "sessions-dropped-after-the-entry",
        where=_KEYS + "store",
        find="self._drop_unfit(self._known[-1])\n"
        "entries.save(self._world.keyring, self.identity.name, values)",
        put="entries.save(self._world.keyring, self.identity.name, values)\n"
        "self._drop_unfit(self._known[-1])",
        suffers="Killed in between, a session of the former keys stays, and exec hands it out.",
    ),
    Defect(
        "device-offer-not-noted",
        where=_KEYS + "marker",
        find="offer_devices = self.offer_devices",
        put="",
        suffers="After a first login that ended before it could offer devices, none does.",
    ),
    Defect(
        "only-roles-next-to-the-keys",
        where="authkit.core.config:Config.reached_from",
        find="name in (s.name for s in self.sources(role))",
        put='name == role.settings.get("source")',
        suffers="The session of a role that is reached by another role outlives its keys.",
    ),
    Defect(
        "cut-off-removal-is-none",
        where=_KEYS + "done",
        find='self._removed or self._leaving not in {"", self.fingerprint}',
        put="self._removed",
        suffers="After Ctrl-C right behind the removal of keys nothing is said to be removed.",
    ),
    Defect(
        "codes-of-this-run-only-in-the-note",
        where="authkit.login.spent_codes:SpentCodes._spent",
        find="dict(self._sent)",
        put="dict[str, int]()",
        suffers="Where the note about codes cannot be written, a refused code is sent again.",
    ),
    Defect(
        "note-of-this-run-alone",
        where="authkit.login.spent_codes:SpentCodes.add",
        find='{"identity": self._name, "codes": self._spent()}',
        put='{"identity": self._name, "codes": self._sent}',
        suffers="The second login in a minute forgets the code of the first, and a third sends it "
        "again.",
    ),
    Defect(
        "second-device-not-named",
        where=_USER + "ask_code",
        find="serial != self.named",
        put="not self.named",
        suffers="With several identities the line above a code names the refused device alone.",
    ),
    Defect(
        "region-of-the-line-not-for-the-source",
        where=_ROLE + "source_session",
        find="source = config.in_region(source, self.identity.region_by_option)",
        put="",
        suffers="`login ROLE --region` asks STS for the source's session in another region.",
    ),
    Defect(
        "path-in-the-principal-of-a-role",
        where="authkit.login.role:_assumed",
        find='path.rpartition("/")[2]',
        put='path.partition("/")[2]',
        suffers="whoami shows assumed-role/team/deploy/…, which is no principal of AWS's.",
    ),
    Defect(
        "two-kinds-one-budget",
        where="authkit.login.recover:Flow.spend",
        find="self.refusals[rule.spent, rule.codes]",
        put="self.refusals[rule.spent, frozenset()]",
        times=2,
        suffers="Two wrong secrets and one unknown key end a login: each has three tries.",
    ),
    Defect(
        "short-grant-seen-after-the-code",
        where=_EXEC + "_renewed",
        find="if cached:\n    ...",
        put="",
        suffers="`exec --min-ttl 2h` with a root user's keys asks for a code each time, in vain.",
    ),
    Defect(
        "no-reason-is-a-text",
        where="authkit.commands.whoami:_as_json",
        find="judged.reason or None",
        put="judged.reason",
        suffers='`whoami --json` says `"reason": ""` of a valid session, where null is documented.',
    ),
    Defect(
        "unreadable-is-said-to-be-none",
        where="authkit.commands.whoami:run",
        find="not told",
        put="True",
        suffers="After saying that the session cannot be looked at whoami says that there is none.",
    ),
    Defect(
        "sessions-of-nobody-stay",
        where="authkit.commands.logout:_kinds",
        find="{*config.known(world, found), *world.sessions.names()}",
        put="config.known(world, found)",
        suffers="`logout --all` leaves the session of a role that the config file has no more.",
    ),
    Defect(
        "unverified-counts-as-taken",
        where="authkit.commands.user_configure:run",
        find="keys.save(trial.values, taken=taken)",
        put="keys.save(trial.values, taken=True)",
        suffers="A new key saved with --no-verify is removed as rotated, while IAM spreads it.",
    ),
    Defect(
        "mfa-process-of-the-role",
        where="authkit.commands.credential_process:_asks",
        find='"mfa_process" not in root.settings',
        put='"mfa_process" not in identity.settings',
        suffers="credential-process of a role says that something has to be asked, though the "
        "mfa_process of its source prints the code.",
    ),
    Defect(
        "unset-forgets-the-region",
        where="authkit.commands.env:_set_by_env",
        find="options.region or ...",
        put="...",
        suffers="`env --unset --region` leaves AWS_REGION as `env --region` has set it.",
    ),
    Defect(
        "removed-keys-listed-as-stored",
        where="authkit.commands.list:_noted",
        find="marker and not marker.gone",
        put="marker",
        suffers="list says `stored` of keys that a login has removed.",
    ),
    Defect(
        "chain-in-the-file-not-capped",
        where="authkit.core.config:_Reader.source",
        find="len(seen) > 2",
        put="len(seen) > 3",
        suffers="A role that is reached from a role is asked for longer than the hour AWS grants.",
    ),
    Defect(
        "program-sees-credentials",
        where="authkit.codes.mfa_process:_printed",
        find="{*environment.others(world.environ)}",
        put="set[str]()",
        suffers="mfa_process finds the passphrase of the keyring in its environment.",
    ),
    Defect(
        "usage-errors-of-exec-are-its-own",
        where="authkit.cli:_ended",
        find="failure.status == FAILED",
        put="failure.status != CANCELLED",
        suffers="A line of exec that means nothing ends with 125, as if a login had failed.",
    ),
    Defect(
        "lost-answer-outlives-its-code",
        where=_USER + "discard_code",
        find="self.code, self.lost = None, False",
        put="self.code = None",
        suffers="After one lost answer wrong codes are never counted, and asked for without end.",
    ),
    Defect(
        "call-that-was-not-sent-counts-as-lost",
        where=_USER + "recover",
        find="isinstance(trouble, Unreachable) and trouble.sent and self.code",
        put="isinstance(trouble, Unreachable) and self.code",
        suffers="After a refused connection a good code is said to be used up perhaps.",
    ),
    Defect(
        "source-made-anew-though-another-did",
        where=_ROLE + "source_session.good",
        find="refused is not None and cached.session == refused.session",
        put="refused is not None",
        suffers="A code is asked for though another process has renewed the source's session.",
    ),
    Defect(
        "ctrl-c-in-the-check-hides-the-status",
        where=_EXEC + "_tip",
        find="suppress(KeyboardInterrupt, Exception)",
        put="suppress(Exception)",
        suffers="Ctrl-C while STS is asked after a failed command turns its status into 130.",
    ),
    Defect(
        "no-device-is-an-answer-forgotten",
        where="authkit.codes.devices:saved",
        find='if device == "":\n    ...',
        put="",
        suffers="Who answered that there is no device is asked again after a login that failed.",
    ),
)
# These have no line in found.jsonl yet: the walk of everything was not run for them.  Where its
# own command or situation alone is walked, each but the first breaks a law.  The first needs a
# clock that is off by less than AWS refuses, which this world lacks.
YET_TO_RUN = (
    Defect(
        "short-by-the-local-clock",
        where="authkit.login.obtain:_keep",
        find="session.expiration - session.granted",
        put="session.expiration - int(world.clock.time())",
        suffers="With a clock five minutes ahead a session of full length is said to be short.",
    ),
    Defect(
        "caller-of-the-former-keys",
        where="authkit.login.stored:StoredFlow.replace_keys",
        find="self.forget()",
        put="",
        suffers="After another process put other keys there, account and principal are the "
        "former ones', and the new keys are not tried before a code is asked for.",
    ),
    Defect(
        "tip-where-nothing-is-known",
        where=_EXEC + "_tip",
        find="judged.valid is not False",
        put="judged.valid",
        suffers="When a command failed without a network, exec says that AWS refuses its session.",
    ),
    Defect(
        "role-session-made-during-a-logout",
        where="authkit.commands.logout:_remove",
        find="drop_unfit(world, roles, _fits_no_more)",
        put="",
        suffers="A role's session that was made while `logout --keys` ran outlives the keys.",
    ),
    Defect(
        "pause-without-time-for-the-call",
        where="authkit.deadline:Deadline._sleep",
        find="pause + CALL",
        put="pause",
        suffers="credential-process takes pauses after which no time is left for the call.",
    ),
    Defect(
        "device-chosen-for-anothers-keys",
        where="authkit.codes.devices:saved",
        find="entry.changed()",
        put="False",
        suffers="Keys that another process wrote while a device was chosen are overwritten.",
    ),
    Defect(
        "draft-of-a-running-login-dropped",
        where="authkit.login.keys:drop_unfit",
        find="draft = bool(owner.kind.credentials)",
        put="draft = True",
        suffers="A role's login fails since another process removes the draft of its session file.",
    ),
    Defect(
        "marker-stays-without-an-entry",
        where="authkit.commands.logout:_remove",
        find="world.markers.unmark(name)",
        put="if there:\n    world.markers.unmark(name)",
        suffers="After `logout --keys` of keys that another program removed list still has them.",
    ),
    Defect(
        "hint-without-the-duration",
        where="authkit.again:_given",
        find='verb == "login" and options.duration',
        put="False",
        suffers="After a failed `login --duration 1h` the command to go on asks for another "
        "duration.",
    ),
)
