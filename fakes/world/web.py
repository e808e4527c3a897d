"""The port Web in process: a test lends a service, and forms for its address are answered by it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from authkit.core.failures import Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    # From an address and a form to the status and body of the answer.
    Service = Callable[[str, Mapping[str, str]], tuple[int, str]]

_services: dict[str, Service] = {}  # by what their addresses begin with


@contextmanager
def serving(address: str, service: Service) -> Iterator[None]:
    """Have the service answer forms for addresses that begin with this one."""
    _services[address] = service
    try:
        yield
    finally:
        del _services[address]


class FakeWeb:
    """ports.Web: a scene's `services`, and those that are lent.  Any other host has no name."""

    def __init__(self, services: Mapping[str, Service] | None = None) -> None:
        self._own = services or {}

    def post(self, url: str, form: Mapping[str, str]) -> tuple[int, str]:
        """Return the service's answer.  Raises Unreachable."""
        for address, service in {**_services, **self._own}.items():
            if url.startswith(address):
                return service(url, form)
        reason = f"{urlsplit(url).hostname}: Name or service not known"
        raise Unreachable("POST", reason, answered=False, sent=False)
