"""What can be imported: identities, their keys and settings; and why others cannot be.  Pure."""

from __future__ import annotations

from authkit.core import regions
from authkit.core.kinds import AWS_USER
from authkit.core.model import Value, Values
from authkit.core.names import is_name, normal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from authkit.core.kinds import Kind
    from authkit.core.model import Secret

    Check = Callable[[str], str | Secret]


class Place(Value):
    """Where keys stand in a file of AWS's: its path, and what is in the brackets of the section.

    `also` is a file that has other keys for the same profile, which count after these; "" if
    there is none.
    """

    path: str
    section: str
    also: str = ""


class Found(Value):
    """An identity to import.

    `settings` go into authkit's config file, `values` into the keyring: there are none for a
    role.  `place` is where its keys are.  `left` are settings of AWS's that stay behind.
    """

    name: str
    kind: Kind
    settings: Mapping[str, str]
    values: Values
    place: Place | None = None
    left: tuple[str, ...] = ()

    def with_device(self, serial: str) -> Found:
        """Return it with this MFA device, "" for none."""
        return self.replaced(values=Values({**self.values, "mfa_arn": serial}).without_blanks())


class NotTaken(Value):
    """What is not imported, and why, as a clause.

    `wrong` tells that something is to be mended, or with `there` to be decided: an identity of the
    name is kept.  Of what is not wrong authkit has no kind.  `where` is the file and line, "" where
    that is not one line's fault.
    """

    name: str
    reason: str
    wrong: bool = False
    there: bool = False
    where: str = ""


def identity(
    name: str,
    kind: Kind,
    settings: Mapping[str, str],
    *,
    values: Values | None = None,
    place: Place | None = None,
) -> Found:
    """Return an identity whose settings are checked; blank ones are left out.

    Raises ValueError with a reason.
    """
    name = normal(name)
    if not is_name(name):
        raise ValueError("no identity can have that name")
    checks: dict[str, Check] = {"region": regions.check}
    checks |= {field.name: field.checked for field in kind.configurable}
    given = {key: value for key, value in settings.items() if value}
    checked = {key: str(_checked(key, checks[key], value)) for key, value in given.items()}
    return Found(name, kind, checked, values or Values(), place)


def keys(access_key_id: str, secret_access_key: str) -> Values:
    """Return an IAM user's keys, checked.  Raises ValueError with a reason."""
    texts = {"access_key_id": access_key_id, "secret_access_key": secret_access_key}
    return Values(
        {f.name: _checked(f.name, f.checked, texts[f.name].strip()) for f in AWS_USER.credentials}
    )


def device(serial: str) -> str:
    """Return an MFA device's serial number.  Raises ValueError with a reason."""
    field = next(field for field in AWS_USER.settings if field.name == "mfa_arn")
    return str(_checked("mfa_serial", field.checked, serial)) if serial else ""


def _checked(key: str, check: Check, value: str) -> str | Secret:
    try:
        return check(value)
    except ValueError as error:
        raise ValueError(f"{key}: {error}") from None
