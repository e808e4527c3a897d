"""An identity: what is set for it and where, and which cached sessions it made.  Pure."""

from __future__ import annotations

from authkit.core import durations
from authkit.core.model import AccessKeys, Secret, Value, Values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from authkit.core.kinds import Field, Kind
    from authkit.core.model import CachedSession


class Identity(Value):
    """An identity; `settings` are what the config file sets: fields, and its region.

    `region` is where STS is asked, `region_by_option` the one of --region.  `by_option` is
    the duration that --duration asks for, "" for none; it comes before every setting.
    """

    name: str
    kind: Kind
    region: str
    settings: Mapping[str, str]
    config_path: str
    by_option: str = ""
    region_by_option: str = ""

    def setting(self, values: Values, name: str) -> str:
        """Return a setting: the config file's, else the keyring's (`values`), else ""."""
        return self.settings[name] if name in self.settings else values.text(name)

    def duration(self, values: Values) -> int:
        """Return the session duration to ask for, in seconds (B-L21).

        It is zero for a kind without such a field: there the service alone decides.
        """
        defaults = {field.name: field.default for field in self.kind.configurable}
        asked = self.by_option or self.setting(values, "session_duration")
        return durations.parse(asked or defaults.get("session_duration", "0"))

    def lasts(self, cached: CachedSession, values: Values) -> bool:
        """Tell whether a cached session is of the duration to ask for (B-S03)."""
        asking = self.replaced(by_option=self.by_option or cached.by_option)
        return cached.duration == asking.duration(values)

    def asked(self) -> list[Field]:
        """Return the fields to ask a person for: those that the config file does not set."""
        return [field for field in self.kind.fields if field.name not in self.settings]

    def keys_fingerprint(self, values: Values) -> str:
        """Return the fingerprint of the credentials in `values`, "" when not all are there.

        Of a kind from elsewhere every setting is in it, since any may change what is granted.
        """
        texts = [values.text(field.name) for field in self.kind.credentials]
        more = [self.setting(values, f.name) for f in self.kind.settings if self.kind.flow]
        return fingerprint(*texts, *more) if all(texts) else ""

    def role_fingerprint(self) -> str:
        """Return the fingerprint of a role's settings in the config file, without its duration.

        It is "" for an IAM user, and of all settings there for a kind from elsewhere.
        """
        fields = self.kind.configurable if self.kind.flow else self.kind.configured
        names = [f.name for f in fields if f.name not in {"session_duration", "mfa_process"}]
        return fingerprint(*(self.settings.get(name, "") for name in names)) if names else ""

    def may_own(self, cached: CachedSession) -> bool:
        """Tell whether a cached session is of this kind, and a role's of this role.

        Only the keyring tells which keys it came from.
        """
        return cached.kind == self.kind.name and cached.role == self.role_fingerprint()

    def made(self, cached: CachedSession, values: Values) -> bool:
        """Tell whether a cached session came from these credentials and settings (B-S03)."""
        return (
            self.may_own(cached)
            and cached.keys == self.keys_fingerprint(values)
            and cached.mfa_arn == self.setting(values, "mfa_arn")
            and self.lasts(cached, values)
        )


def access_keys(values: Values) -> AccessKeys:
    """Return the keys in the fields of an IAM user."""
    return AccessKeys(values.text("access_key_id"), Secret(values.text("secret_access_key")))


def fingerprint(*parts: str) -> str:
    """Return a digest that tells these texts from others and does not reveal them."""
    from hashlib import sha256  # loads OpenSSL, and fails where memory is short

    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
