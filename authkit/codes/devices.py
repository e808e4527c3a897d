"""MFA devices that a person need not know: IAM lists them, and one is chosen by its number.

The person has left the MFA ARN out.  Nothing depends on what IAM says: where it does not list
the devices (most users' policies do not allow it), nothing is said and nothing is waited for.
Who cancels the question is asked again at the next login, as the identity's marker tells; who
answers "none" is not, and nor is one for whom nothing was listed.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from authkit.core import regions
from authkit.core.failures import CallFailed, StateTrouble
from authkit.core.identity import access_keys
from authkit.core.kinds import Field, mfa_serial_number
from authkit.core.model import Values
from authkit.core.render import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Protocol

    from authkit.core.identity import Identity
    from authkit.core.model import AccessKeys, Marker, Secret
    from authkit.core.ports import Prompter, Screen, World

    # ``login.form.ask``, handed in to cut a ring.
    Ask = Callable[[Field, str, Prompter, Screen], str | Secret]

    class Entry(Protocol):
        """The entry in the keyring (``login.keys``)."""

        values: Values
        offer_devices: bool

        @property
        def noted(self) -> Marker:
            """The marker: what is noted of the keys."""

        def changed(self) -> bool:
            """Tell whether another process has put other keys there."""

        def store(self, values: Values) -> None:
            """Replace the entry."""

    class Login(Protocol):
        """A login whose keys AWS has taken (``login.user``)."""

        world: World
        identity: Identity

        @property
        def keys(self) -> Entry:
            """The keys."""

        @property
        def region(self) -> str:
            """The region of the next call."""

        def forget(self) -> None:
            """Forget what is known of the keys."""


TITLE = "Device Number"
_SHORTEST = 9  # characters of a serial number (STS's SerialNumber): a number has fewer


def chosen(world: World, region: str, keys: AccessKeys, ask: Ask) -> str | None:
    """Return the MFA ARN, or serial number, of the device that is chosen, "" for none.

    None: there was nobody to ask, or nothing to choose from.  Raises Cancelled.
    """
    if world.prompter is None:
        return None
    usable, others = _listed(world, region, keys)
    rows = [text("mfa-device", number=n, mfa_arn=serial) for n, serial in enumerate(usable, 1)]
    rows += [text("mfa-device-unusable", mfa_arn=serial) for serial in others]
    if rows:
        several = text("mfa-devices" if len(rows) > 1 else "mfa-device-alone")
        heading = several if usable else text("mfa-devices-unusable")
        world.screen.say("\n  ".join([heading, *rows]))
    if not usable:
        return None
    return str(ask(question(usable), "", world.prompter, world.screen))


def saved(login: Login, ask: Ask) -> bool:
    """Have a device chosen, if that is still open, and save it; tell whether the entry is another.

    So it is with the keys of another process, if it has put others there meanwhile: the device
    is not theirs, and is not saved.  Raises Cancelled, KeyringTrouble, StateTrouble.
    """
    entry = login.keys
    entry.offer_devices = entry.offer_devices or entry.noted.offer_devices
    by_config = "mfa_arn" in login.identity.settings  # none is for this run only (B-L13)
    if not entry.offer_devices or by_config or login.world.prompter is None:
        return False
    device = chosen(login.world, login.region, access_keys(entry.values), ask)
    entry.offer_devices = False
    if device == "":  # it holds from now on, whatever becomes of this login
        with suppress(StateTrouble):
            answered = entry.noted.replaced(offer_devices=False)
            login.world.markers.mark(login.identity.name, answered)
    if not device:
        return False
    with login.world.keyring.alone():
        if entry.changed():
            login.forget()
        else:
            entry.store(Values({**entry.values, "mfa_arn": device}))
            login.world.screen.say(text("device-saved", identity=login.identity.name))
    return True


def question(usable: Sequence[str] = ()) -> Field:
    """Return what the person is asked: a number of these, or an MFA ARN as at its own question."""
    return Field("mfa_device", TITLE, "", partial(_device, usable), default="none")


def _device(usable: Sequence[str], answer: str) -> str:
    """Return the serial number that an answer stands for, "" for none.  Raises ValueError."""
    if len(answer) >= _SHORTEST:
        return mfa_serial_number(answer)
    by_number = {str(number): serial for number, serial in enumerate(["", *usable])}
    if answer not in by_number:
        # Hardware tokens have plain serial numbers; all others have ARNs.
        named = {"ARN" if serial.startswith("arn:") else "serial number" for serial in usable}
        also = f"by its {' or '.join(sorted(named))}"
        if len(usable) == 1:
            raise ValueError(f"the device is chosen by 1, or {also}; a blank is none")
        raise ValueError(f"a device is chosen by a number from 1 to {len(usable)}, or {also}")
    return by_number[answer]


def _listed(world: World, region: str, keys: AccessKeys) -> tuple[list[str], list[str]]:
    """Return the devices that STS takes, and those that it does not."""
    usable, others = list[str](), list[str]()
    try:
        listed = world.sts(region).list_mfa_devices(keys)
    except CallFailed:  # the login itself will meet what is wrong with keys or network
        return usable, others
    for serial in listed:
        if regions.partition_of_arn(serial) not in {"", regions.partition(region)}:
            continue  # no IAM would list it
        try:
            usable.append(mfa_serial_number(serial))
        except ValueError:
            others.append(serial)
    return usable, others
