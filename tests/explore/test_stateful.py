"""Long histories: actions of a person, an administrator and the clock, checked by a small model.

AUTHKIT_LONG_HISTORIES=1000 runs this number of histories, each longer.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from authkit.core import durations
from fakes.world.children import Child
from fakes.world.keyring import LOCKED, WORKING
from sts_simulator.account.faults import Fault
from tests.support.people import MFA, NAME, Obliging, Ran, a_scene, entry, run

LONG = int(os.environ.get("AUTHKIT_LONG_HISTORIES", "0"))
CODES = tuple(f"{number:06}" for number in range(2000))
USER_ACCOUNT = {
    "keys": {"first": {"id": "AKIAKEYKEYKEYKEY0000", "secret": "secret-0"}},
    "mfa": {"arn": MFA, "codes": list(CODES)},
}


class History(RuleBasedStateMachine):
    """The model: the valid keys, the saved keys and the configured duration."""

    def __init__(self) -> None:
        super().__init__()
        self.scene = a_scene(account=USER_ACCOUNT)
        self.good = ("AKIAKEYKEYKEYKEY0000", "secret-0")
        self.saved: tuple[str, str] | None = None  # keys in the keyring
        self.rotations = 0
        self.codes = iter(CODES)
        self.duration = "12h"

    # What the person does.

    def person(self) -> Obliging:
        """Return a person who knows the valid keys and reads codes off the device."""
        key_id, secret = self.good
        known = {
            "AWS Access Key ID": (key_id,),
            "AWS Secret Access Key": (secret,),
            "MFA ARN": (MFA,),
            "Session Duration": (self.duration,),
        }
        return Obliging({**known, "Enter MFA Token": tuple(next(self.codes) for _ in range(4))})

    @rule(force=st.booleans())
    def login(self, *, force: bool) -> None:
        """B-L04, B-L25: login succeeds after any history, unless the keyring is locked."""
        done = self.ran("login", NAME, *["--force"] * force, person=self.person())
        if self.locked:
            assert done.status == 1, done.screen
            return
        assert done.status == 0, done.screen
        self.saved = self.pair
        assert self.seen_by_whoami() == 0

    @rule()
    def login_alone(self) -> None:
        """B-L05: without a person, login removes no keys, whatever AWS says of them."""
        self.ran("login", NAME)

    @rule(fails=st.booleans())
    def execute(self, *, fails: bool) -> None:
        """B-E01, B-E05: exec passes the child's exit status on, or exits with 125."""
        child = Child(exit=3 * fails, takes=timedelta(minutes=5))
        done = self.ran("exec", NAME, "--", "x", person=self.person(), child=child)
        if any(effect.startswith("child") for effect in done.journal.effects):
            assert done.status == 3 * fails
            self.saved = self.saved if self.locked else self.pair
        else:
            assert done.status == 125

    @rule(duration=st.sampled_from(["15m", "1h", "12h", "36h"]))
    def configure(self, duration: str) -> None:
        """B-C01, B-C02: `user configure` saves what is entered, and the next login uses it."""
        self.duration = duration
        key_id, secret = self.good
        known = {"AWS Access Key ID": (key_id,), "AWS Secret Access Key": (secret,)}
        known |= {"MFA ARN": (MFA,), "Session Duration": (duration,)}
        done = self.ran("user", "configure", NAME, person=Obliging(known))
        assert done.status == (1 if self.locked else 0), done.screen
        if not self.locked:
            self.saved = self.good

    @rule(keys=st.booleans())
    def logout(self, *, keys: bool) -> None:
        """B-O01: logout removes the session, and with --keys the keys too."""
        done = self.ran("logout", NAME, *["--keys"] * keys)
        assert done.status == (1 if keys and self.locked else 0)
        assert NAME not in self.scene.sessions.texts
        if keys and not self.locked:
            self.saved = None

    # What the administrator, the clock, the keyring and STS do.

    @rule()
    def rotate(self) -> None:
        """Rotate the keys, as an administrator does."""
        self.rotations += 1
        self.good = (f"AKIAKEYKEYKEYKEY{self.rotations:04}", f"secret-{self.rotations}")
        self.scene.account.administrator.rotate(NAME, *self.good)

    @rule(hours=st.sampled_from([1, 11, 13, 37]))
    def time_passes(self, hours: int) -> None:
        """Move the clock."""
        self.scene.clock.sleep(timedelta(hours=hours))

    @rule(locked=st.booleans())
    def lock_or_unlock(self, *, locked: bool) -> None:
        """Lock or unlock the keyring."""
        self.scene.keyring.state = LOCKED if locked else WORKING

    @rule(times=st.integers(1, 3), answer=st.sampled_from(["Throttling", "reset", "html"]))
    def trouble(self, times: int, answer: str) -> None:
        """Make STS fail for fewer calls than login tries."""
        self.scene.account.faults.clear()
        self.scene.account.faults.add(Fault("*", answer, times=times))

    @precondition(lambda self: NAME in self.scene.sessions.texts)
    @rule()
    def spoil_the_session(self) -> None:
        """Truncate the session file."""
        self.scene.sessions.texts[NAME] = self.scene.sessions.texts[NAME][:40]

    # What holds after every action.

    @invariant()
    def the_entry_is_whole(self) -> None:
        """B-S02, B-L04: the entry has the saved keys, until they are refused."""
        if self.pair is not None:
            assert self.pair == self.saved
        elif self.saved:
            raise AssertionError(f"{self.saved[0]} is gone")

    @invariant()
    def whoami_is_right(self) -> None:
        """B-W03, B-W05: whoami agrees with the clock and with AWS, and changes nothing."""
        before = dict(self.scene.keyring.entries), dict(self.scene.sessions.texts)
        assert self.seen_by_whoami() == (0 if self.session_lives() else 1)
        assert before == (self.scene.keyring.entries, self.scene.sessions.texts)

    @invariant()
    def sessions_last_as_asked(self) -> None:
        """B-L21: the cached session lasts as long as configured, to the second."""
        if cached := self.session():
            granted = cached["expiration"] - cached["granted"]
            assert granted == cached["duration"]
            assert durations.spell(granted) in {"15m", "1h", "12h", "36h"}

    def ran(
        self, *arguments: str, person: Obliging | None = None, child: Child | None = None
    ) -> Ran:
        """Run a command; check that it has no unexpected error."""
        done = run(self.scene, *arguments, person=person, child=child)
        assert "did not expect" not in done.screen
        return done

    def seen_by_whoami(self) -> int:
        """Return whoami's exit status, without STS's faults while it runs."""
        pending = self.scene.account.faults.pending()
        self.scene.account.faults.clear()
        status = run(self.scene, "whoami", NAME).status
        self.scene.account.faults.add(*pending)
        return status

    @property
    def locked(self) -> bool:
        """Whether the keyring is locked."""
        return self.scene.keyring.state == LOCKED

    @property
    def pair(self) -> tuple[str, str] | None:
        """The keys in the keyring."""
        fields = entry(self.scene) or {}
        pair = fields.get("access_key_id"), fields.get("secret_access_key")
        return (pair[0], pair[1]) if pair[0] and pair[1] else None

    def session(self) -> dict[str, int] | None:
        """Return the cached session; None if there is none, or it cannot be parsed."""
        try:
            found: dict[str, int] = json.loads(self.scene.sessions.texts.get(NAME, "null"))
        except ValueError:
            return None
        return found

    def session_lives(self) -> bool:
        """Tell whether the cached session has not expired; a rotation does not end it."""
        cached, now = self.session(), self.scene.clock.now()
        return cached is not None and now < datetime.fromtimestamp(cached["expiration"], UTC)


TestHistory = History.TestCase
TestHistory.settings = settings(
    max_examples=LONG or 25,
    stateful_step_count=80 if LONG else 25,
    derandomize=not LONG,
)
