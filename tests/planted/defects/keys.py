"""Defects in what is done to the keyring's entry."""

from tests.planted.patch import Defect

KEYS = (
    Defect(
        "removal-unattended",
        "authkit.login.stored:StoredFlow.replace_keys",
        "if not attended:\n    ...",
        "",
        "A cron job deletes keys that may be the only copy.",
    ),
    Defect(
        "removal-without-a-second-look",
        "authkit.login.stored:StoredFlow.replace_keys",
        "self.keys.changed()",
        "False",
        "Good keys that another process has just saved are deleted.",
    ),
    Defect(
        "removal-beside-other-writers",
        "authkit.login.stored:StoredFlow.replace_keys",
        "self.world.keyring.alone() if attended else nullcontext()",
        "nullcontext()",
        "Keys that another process saves between the look and the removal are deleted.",
    ),
    Defect(
        "saved-beside-other-writers",
        "authkit.login.keys:Keys.ask",
        "with world.keyring.alone():\n    ...",
        "with suppress():\n    ...",
        "Keys that another process saves at the same time are lost.",
    ),
    Defect(
        "deleted-before-it-is-set",
        "authkit.core.entries:save",
        "keyring.set_password(SERVICE, name, written)",
        "keyring.delete_password(SERVICE, name)\nkeyring.set_password(SERVICE, name, written)",
        "A crash in between leaves no entry at all.",
    ),
    Defect(
        "not-read-back",
        "authkit.core.entries:save",
        "if keyring.get_password(SERVICE, name) != written:\n    ...",
        "",
        "Saved is said of a backend that keeps nothing.",
    ),
    Defect(
        "device-lost-with-the-keys",
        "authkit.login.keys:Keys.remove",
        "entries.settings(self.identity.kind, self.values)",
        "Values()",
        "After a rotation the MFA ARN and the duration have to be entered again.",
    ),
    Defect(
        "device-not-offered-again",
        "authkit.login.keys:Keys.ask",
        "present = entries.settings(identity.kind, self.values)",
        "present = Values()",
        "After a rotation the MFA ARN has to be typed again, and a blank answer removes it.",
    ),
    Defect(
        "device-saved-nowhere",
        "authkit.login.keys:Keys.ask_device",
        "self.store(...)",
        "self.values = ...",
        "The new MFA ARN is said to be saved, and is asked for again at the next login.",
    ),
    Defect(
        "clock-ahead-takes-keys",
        "authkit.core.rules:RULES.clock-skew",
        "words='signature expired|not yet current'",
        "words='signature expired'",
        "A clock that is ahead deletes good keys.",
    ),
    Defect(
        "denial-takes-keys",
        "authkit.core.rules:RULES.access-denied",
        "Action.STOP",
        "Action.REPLACE_KEYS",
        "A policy that denies something deletes good keys.",
    ),
    Defect(
        "unknown-code-takes-keys",
        "authkit.core.rules:RULES.unknown",
        "Action.STOP",
        "Action.REPLACE_KEYS",
        "An error code that authkit does not know deletes good keys.",
    ),
    Defect(
        "regions-that-are-off-take-keys",
        "authkit.core.regions:is_opt_in",
        "region not in _ALWAYS_ON",
        "region in _ALWAYS_ON",
        "A region that the account has not enabled deletes good keys.",
    ),
    Defect(
        "corrupt-is-missing",
        "authkit.core.entries:decode",
        "raise corrupt('it is not JSON') from None",
        "return Values()",
        "An entry that a crash has cut off is overwritten unasked.",
    ),
    Defect(
        "half-a-pair-will-do",
        "authkit.core.entries:decode",
        "any(f.name in values for f in kind.credentials)",
        "False",
        "An id without its secret counts as missing, and is overwritten unasked.",
    ),
    Defect(
        "later-versions-are-overwritten",
        "authkit.core.entries:decode",
        "version > VERSION",
        "version > VERSION + 1",
        "An entry of a later authkit is read by halves and written over.",
    ),
    Defect(
        "cancelled-login-saves",
        "authkit.login.keys:Keys.ask",
        "values = form.fill(identity.asked(), present, prompter, world.screen)",
        "from authkit.core.failures import Cancelled\n"
        "try:\n"
        "    values = form.fill(identity.asked(), present, prompter, world.screen)\n"
        "except Cancelled:\n"
        "    self.save(present)\n"
        "    raise",
        "Ctrl-C at a prompt saves half an entry and says so.",
    ),
    Defect(
        "removal-is-not-marked",
        "authkit.login.keys:Keys.remove",
        "self._world.markers.mark(..., ...)",
        "pass",
        "`authkit list` shows keys as stored that a login has removed.",
    ),
    Defect(
        "keys-are-not-marked",
        "authkit.login.keys:Keys.save",
        "self._world.markers.mark(..., ...)",
        "pass",
        "`authkit list` does not show an identity whose keys were just saved.",
    ),
    Defect(
        "the-secret-of-another-key",
        "authkit.login.form:fill",
        "fits = fits and (...)",
        "",
        "Enter at the secret keeps the old one under a new key id.",
    ),
    Defect(
        "session-credentials-as-keys",
        "authkit.login.keys:Keys.usable",
        "bool(self.fingerprint) and not self._session_id()",
        "bool(self.fingerprint)",
        "Session credentials in the keyring are sent as keys, and refused for another reason.",
    ),
    Defect(
        "older-keys-over-newer",
        "authkit.commands.user_configure:run",
        "keep and keys.changed()",
        "False",
        "`user configure` writes old keys over those that another process has just saved.",
    ),
    Defect(
        "saved-before-they-are-tried",
        "authkit.commands.user_configure:Trial.attempt",
        "not self.verify or try_keys is None",
        "True",
        "`user configure` replaces good keys by mistyped ones.",
    ),
)
