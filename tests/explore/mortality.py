"""Stories that are stopped after an effect: by a crash, or by Ctrl-C."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

import pytest

from authkit import cli
from authkit.core import entries
from fakes.world.clock import VirtualClock
from fakes.world.journal import Journal
from fakes.world.keyring import WORKING
from fakes.world.scene import Scene, open_account, port_skin
from scenarios.replay.stages import fakes
from sts_simulator.account.faults import Faults
from sts_simulator.account.policies import Policies
from tests.explore.events import Crash
from tests.support.people import MFA, NAME, Obliging, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scenarios.replay.stages.stage import Observed
    from scenarios.replay.story.model import Step, Story
    from sts_simulator.account.directory import Device

T = TypeVar("T")
SPARE_ID, SPARE_SECRET = "AKIASPARESPARESPARES", "spare-secret"
SPARE_CODES = tuple(f"9{number:05}" for number in range(50))
TYPES_THE_SPARE_KEY = {
    "AWS Access Key ID": (SPARE_ID,),
    "AWS Secret Access Key": (SPARE_SECRET,),
    "MFA ARN": ("-",),
    "Session Duration": ("",),
    "Enter MFA Token": SPARE_CODES,
}


class Mortal(Journal):
    """A journal that crashes after this number of effects, and allows none afterwards.

    A crashed process runs no cleanup, so later effects raise Crash again.
    """

    def __init__(self, life: int) -> None:
        super().__init__(self._age)
        self._left = life

    @property
    def dead(self) -> bool:
        """Whether it has crashed."""
        return self._left == 0

    def act(
        self, effect: str, act: Callable[[], T], outcome: Callable[[T], str] = lambda _: ""
    ) -> T:
        """Do `act`.  Raises Crash after the crash."""
        if self.dead:
            raise Crash
        return super().act(effect, act, outcome)

    def wrote(self, text: str) -> None:
        """Record that `text` was written to the screen.  Raises Crash after the crash."""
        if self.dead:
            raise Crash
        super().wrote(text)

    def _age(self, _effect: str) -> None:
        if self.dead:
            return  # an outer effect that was running when the process crashed
        self._left -= 1
        if self.dead:
            raise Crash


class Interrupted(Journal):
    """A journal that raises KeyboardInterrupt once, after this number of effects (`last`)."""

    def __init__(self, life: int) -> None:
        super().__init__(self._age)
        self._left = life
        self.last = ""

    def _age(self, effect: str) -> None:
        self._left -= 1
        if self._left == 0:
            self.last = effect
            raise KeyboardInterrupt


class Telling:
    """A story at level fakes whose step of a given number is stopped after an effect."""

    def __init__(self, story: Story, number: int) -> None:
        """Replay the story up to the step of this number."""
        self.step: Step = story.steps[number]
        clock = VirtualClock(story.now, story.zone)
        account = open_account(story.account, story.account_settings, clock)
        network = Faults()
        skin = port_skin(account, clock, network)
        self.scene = Scene(cli.main, account, clock, skin, network=network)
        self._stage = fakes.FakeStage(story, self.scene)
        for step in story.steps[:number]:
            self._stage.run(step)
        self.entries = dict(self.scene.keyring.entries)
        self.sessions = dict(self.scene.sessions.texts)
        self.calls = len(account.calls)
        self._texts = [f.decode(errors="replace") for f in self.scene.files.contents.values()]
        self._texts.append(" ".join({**story.environ, **self.step.environ}.values()))

    def importable(self) -> list[str]:
        """Return the texts that `import` may take keys from: files, and the environment."""
        return self._texts if "import" in self.step.arguments else []

    def tell(self, journal: Journal) -> Observed | None:
        """Run the step with this journal; None when it crashed.

        Commands at other terminals have journals of their own.
        """
        journals = chain([journal], iter(Journal, None))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(fakes, "Journal", lambda **_: next(journals))
            try:
                return self._stage.run(self.step)
            except Crash:
                return None

    def afterwards(self) -> None:
        """End the step's faults and what was denied, and release all locks."""
        scene = self.scene
        places = (scene.keyring, scene.sessions, scene.account)
        for faults in (scene.network, *(place.faults for place in places)):
            faults.clear()
        scene.account.policies, scene.account.suspended = Policies(), False
        scene.account.disabled_regions = scene.account.not_enabled_regions = frozenset()
        scene.clock.clear_alarms()
        scene.keyring.state = WORKING
        scene.config = None
        scene.locks.release(NAME)
        scene.locks.end_elsewhere()
        scene.sessions.spoilt.clear()
        scene.account.administrator.add_key(NAME, SPARE_ID, SPARE_SECRET)
        for device in self._devices():
            scene.account.directory.put_device(replace(device, codes=(*device.codes, *SPARE_CODES)))

    def works(self) -> bool:
        """Tell whether a person with valid keys and codes can log in now, and whoami agrees."""
        self.afterwards()
        person = Obliging(TYPES_THE_SPARE_KEY)
        done = run(self.scene, "login", NAME, person=person)
        return done.status == 0 and run(self.scene, "whoami", NAME).status == 0

    def _devices(self) -> Iterator[Device]:
        """Yield the device that the entry names, and those of which a login offers the first."""
        directory = self.scene.account.directory
        entry = self.scene.keyring.entries.get((entries.SERVICE, NAME), "")
        named = [directory.device(s) for s in re.findall(r'"mfa_arn": "([^"]*)"', entry) or [MFA]]
        devices = [*(device for device in named if device), *directory.devices(NAME)]
        yield from {device.serial_number: device for device in devices}.values()
