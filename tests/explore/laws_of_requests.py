"""The law of requests: what is sent is what the config file and the person asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.explore.commands import WIRE
from tests.explore.law import LESS, Law
from tests.explore.laws_of_ends import config_region

if TYPE_CHECKING:
    from tests.explore.events import Event
    from tests.explore.law import About, Case

CALL = [5, 10]  # seconds to connect, and to answer
CHECK = 5  # seconds of both


class OnTheWire(Law):
    """A law about what a real adapter sends."""

    name = ""

    @classmethod
    def concerns(cls, about: About) -> bool:
        """It is about commands that have such an adapter."""
        return about.real == WIRE


class RequestsAreAsAsked(OnTheWire):
    """B-K03, B-L19, B-E02: a request goes to the identity's region, and bears its settings."""

    name = "requests are as asked"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.granted = False

    def on_request(self, event: Event) -> None:
        """Check its region, and what a role's request says."""
        asked, config = event.about, self.case.command.config or ""
        own, usual = config_region(self.case), "us-east-1"
        region = asked["region"]
        self.expect(region in {own, usual}, f"it is asked in {region}")
        if asked["Action"] == "AssumeRole":
            wanted = re.search('external_id = "(.*)"', config)
            self.expect(asked.get("ExternalId") == (wanted and wanted[1]), "the external id")
            self.expect(asked.get("RoleSessionName"), "a role's session has a name")

    def on_limits(self, event: Event) -> None:
        """B-L18, B-W03: it may take as long as such a call may."""
        operation, by, *limits = event.about
        if (operation, by) == ("GetCallerIdentity", "a session"):
            self.expect(sum(limits) <= CHECK, f"a check may take {limits} s")
        else:
            self.expect(limits == CALL, f"{operation} may take {limits} s")

    def on_call(self, event: Event) -> None:
        """A session is asked for in the identity's own region."""
        granted = event.outcome in {"ok"} | LESS - {"over on arrival"}
        self.granted = bool(event.about.granted) and granted
        if event.about.granted:
            own, region = config_region(self.case), event.about.region
            self.expect(region == own, f"a session in {region}, not {own}")

    def end(self, status: int | None) -> None:
        """B-L22: a session that is granted is kept: nothing else fails on these paths."""
        if self.granted:
            self.expect(status in {0, None}, f"exit {status} with a session that was granted")


class AnswersAreRead(OnTheWire):
    """B-L18, B-L20, B-L22: a call returns what the answer's bytes say, or fails as they do.

    Only an answer in STS's own form says anything; any other is none that can be understood.
    """

    name = "answers are read as they are"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.said: tuple[object, ...] = ()  # by the answers to one call, which may be sent twice

    def on_asks(self, _event: Event) -> None:
        """Begin a call."""
        self.said = ()

    def on_answered(self, event: Event) -> None:
        """Note what an answer says."""
        self.said = (*self.said, event.about)

    def on_heard(self, event: Event) -> None:
        """Compare what the call ends with; without an answer the settings stand in its way."""
        if self.said:
            self.expect(event.about in self.said, f"heard {event.about}, said {self.said}")


LAWS = (RequestsAreAsAsked, AnswersAreRead)
