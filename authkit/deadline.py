"""A World in which nothing begins that could end after a deadline.

For what may not take long and asks nobody (docs/contract.md, "credential-process").  A
keyring backend that does not answer is waited for all the same.
"""

from __future__ import annotations

from datetime import timedelta

from authkit.core import durations
from authkit.core.failures import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from authkit.core.model import Secret
    from authkit.core.ports import World

CALL = timedelta(seconds=15)  # what a call of STS may take (B-L18); one follows each wait
LEAST = timedelta(seconds=1)  # for a program: with less it is not run


class Deadline:
    """The ports of another World, until `within` is over; then they raise Failure.

    A call of STS is made, a pause taken or a program run only where there is time for it
    and for a call.  A program gets no more time than that.
    """

    def __init__(self, world: World, within: timedelta) -> None:
        self._world = world
        self._within = within
        self._ends = world.clock.elapsed() + within
        self.clock: Any = _Port(world.clock, sleep=self._sleep)
        self.programs = self

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the World's attribute, of any type
        return getattr(self._world, name)

    def sts(self, region: str) -> Any:  # noqa: ANN401 - a port
        """Return STS, each of whose methods makes a call."""
        sts = self._world.sts(region)
        methods = ("get_caller_identity", "get_session_token", "assume_role")
        return _Port(sts, **{name: self._in_time(getattr(sts, name)) for name in methods})

    def line(self, command: Sequence[str], environ: Mapping[str, str], within: timedelta) -> Secret:
        """Return the line that a program prints.  Raises CannotRun, Failure."""
        left = self._left(CALL + LEAST) + LEAST
        return self._world.programs.line(command, environ, min(within, left))

    def _in_time(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def made(*arguments: object, **options: object) -> Any:  # noqa: ANN401 - the port's
            self._left(CALL)
            return call(*arguments, **options)

        return made

    def _sleep(self, pause: timedelta) -> None:
        self._left(pause + CALL)
        self._world.clock.sleep(pause)

    def _left(self, needed: timedelta) -> timedelta:
        """Return the time that is left besides what is needed.  Raises Failure."""
        left = self._ends - self._world.clock.elapsed() - needed
        if left < timedelta(0):
            raise Failure("deadline", asked=durations.spell(self._within.total_seconds()))
        return left


class _Port:
    """A port with some of its methods replaced."""

    def __init__(self, port: object, **methods: Callable[..., Any]) -> None:
        self._port = port
        self.__dict__.update(methods)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the port's attribute, of any type
        return getattr(self._port, name)
