"""Laws about MFA devices: which are offered, which are saved, and what is said of the others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.explore.configs import DEFAULT_REGION, region, settings
from tests.explore.failures import GIVEN_DEVICES
from tests.explore.importable import region_of
from tests.explore.law import FINE, LOGS_IN, Law, fields, of_trouble, pair
from tests.explore.laws_of_saving import AT_ENDS, TRY
from tests.explore.machine import MFA, NAME
from tests.explore.serials import ANOTHERS, is_serial, listed, misfit, usable

if TYPE_CHECKING:
    from tests.explore.events import Event
    from tests.explore.law import Case

ROW = re.compile(r"^ *Device (\d+) +(\S+)", re.MULTILINE)
DEVICE = {"MFA ARN", "Device Number"}  # the questions for it


class OfferedCanBeChosen(Law):
    """B-L02, B-L13, B-L19: of what IAM lists a number stands for each device that STS takes.

    A security key has none, and it is said why.
    """

    name = "what is offered can be chosen"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.listed: tuple[str, ...] = ()
        self.usable: tuple[str, ...] = ()
        self.shown: tuple[tuple[str, str], ...] = ()

    def on_list(self, event: Event) -> None:
        """Note what IAM has listed."""
        self.listed = listed(event.outcome)
        self.usable = usable(event.outcome, event.about.region)
        self.shown = ()

    def on_say(self, event: Event) -> None:
        """Check the numbers, and what has none."""
        if not self.listed:
            return
        rows = tuple(ROW.findall(event.about))
        if not rows and "Security key" not in event.about:
            return
        wanted = tuple((str(n), serial) for n, serial in enumerate(self.usable, 1))
        self.expect(rows == wanted, f"{rows} is offered, not {wanted}")
        others = [serial for serial in self.listed if not is_serial(serial)]
        said = "STS takes no" in event.about and all(each in event.about for each in others)
        self.expect(said or not others, f"why {others} has no number is not said")
        self.shown = rows

    def on_ask(self, event: Event) -> None:
        """Check that a number is asked for where there is one, behind what it stands for."""
        if event.about[0] == "Device Number":
            self.expect(self.usable, f"a number, and IAM has listed {self.listed}")
            self.expect(self.shown, "a number, and what it stands for is not shown")


class DevicesFit(Law):
    """B-C01, B-L13, B-L19: what `user configure` and `import` save is a device of these keys.

    What is of another partition than the region, or of another account than the keys, as STS knows
    them, is refused: it is named, nothing but the device is asked for again, and nothing is saved
    with it.  One that fits is not refused.  A login asks for no code of another partition's.
    """

    name = "a device that is saved fits"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.taken = False  # STS has taken the keys: whose they are is known
        self.tried: tuple[str, str] | None = None  # the keys that STS was asked about last
        self.devices: tuple[str, ...] = ()  # that numbers stand for
        configures = case.verb == "user configure"
        self.device = self._held(case.machine.entries.get(NAME)) if configures else ""  # by now
        self.bad = False  # the last answer was no device at all
        self.said = ""  # since it was had
        self.trouble = False

    def _held(self, text: str | None) -> str:
        """Return the device of an entry, or the config file's."""
        own = settings(self.case.machine.config, NAME)
        return str(own.get("mfa_arn") or (fields(text) or {}).get("mfa_arn", ""))

    def _misfit(self, serial: str, name: str = NAME) -> str:
        """Return why it is no device of these keys, "" where it may be for all that is known."""
        machine = self.case.machine
        if self.case.verb == "import":
            where = region_of(self.case, name) or DEFAULT_REGION
        else:
            where = region(machine.config, self.case.command.line, NAME)
        why = misfit(serial, where)
        unknown = not serial or (why == ANOTHERS and not self.taken)
        return "" if unknown else why

    @of_trouble
    def _trouble(self, event: Event) -> None:
        self.trouble = self.trouble or event.outcome != "ok"

    on_get = on_alone = on_others = on_cancel = on_acquire = on_read = on_drop = _trouble
    on_unlock = _trouble

    def on_stdin(self, event: Event) -> None:
        """Note the device that is given."""
        if event.outcome in {"fields", "settings alone"}:
            self.device = MFA
        self.device = GIVEN_DEVICES.get(event.outcome, self.device)

    def on_list(self, event: Event) -> None:
        """Note what a number stands for."""
        self.devices = usable(event.outcome, event.about.region)

    def on_say(self, event: Event) -> None:
        """Note what is said of the device."""
        if self.case.verb == "user configure":
            self.said += event.about

    def on_ask(self, event: Event) -> None:
        """Check what is asked for, and note which device there is by now."""
        title, question, answer = event.about
        if title == "Enter MFA Token" and self.case.verb in LOGS_IN:
            why = self._misfit(self._held(self.case.machine.entries.get(NAME)))
            self.expect(why != "another partition's", "a code of another partition's device")
        if self.case.verb != "user configure" or title == "Keyring passphrase":
            return
        if self.taken:
            self.expect(title in DEVICE, f"{title}, and STS has taken the keys")
            if title == "MFA ARN" and not self.bad:
                self.expect(self._misfit(self.device), f"another device than {self.device}")
                self._is_named()
        if title in DEVICE:
            self._note(title, question, answer.strip(AT_ENDS))

    def _note(self, title: str, question: str, answer: str) -> None:
        """Note what an answer stands for."""
        numbers = [str(number) for number in range(1 + len(self.devices))]
        offered = question.partition("[")[2].partition("]")[0] if title == "MFA ARN" else ""
        self.said, self.bad = "", False
        if title == "Device Number" and answer in numbers:
            self.device = ("", *self.devices)[int(answer)]
        elif not answer or answer == "-":
            self.device = "" if answer else offered
        elif is_serial(answer):
            self.device = answer
        else:
            self.bad = True

    def on_call(self, event: Event) -> None:
        """Note whether STS has taken the keys."""
        if event.about.by_keys and event.about.operation == "GetCallerIdentity":
            self.taken, self.tried = event.outcome in FINE, event.about.pair

    def on_set(self, event: Event) -> None:
        """Check the device that is saved, unless nothing is to be checked."""
        self._trouble(event)
        if self.case.verb not in TRY or "--no-verify" in self.case.command.line:
            return
        name, text = event.about
        imported = self.case.verb == "import"
        serial = (fields(text) or {}).get("mfa_arn", "") if imported else self._held(text)
        why = self._misfit(serial, name)
        unknown = imported and pair(text) != self.tried and why == ANOTHERS  # STS is away
        self.expect(not why or unknown, f"{name} has {serial}: {why}")

    def end(self, status: int | None) -> None:
        """Check that it was named where it ends the command."""
        tries = self.case.verb == "user configure" and "--no-verify" not in self.case.command.line
        if tries and status in {1, 2} and not self.trouble and self._misfit(self.device):
            self._is_named()

    def _is_named(self) -> None:
        """Check that it is said which device does not fit, of a security key that it is one."""
        named = self.device if is_serial(self.device) else "security keys"
        self.expect(named in self.said, f"why not {self.device} is not said")


LAWS = (OfferedCanBeChosen, DevicesFit)
