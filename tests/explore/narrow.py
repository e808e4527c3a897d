"""The settings of the network, and the few choices of a path on which a real adapter works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.explore import disk
from tests.explore.answers import TYPED
from tests.explore.chooser import choice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.explore.chooser import Choice, Chooser

PROXY = "http://somebody:secret-of-proxy@proxy.example:8080"
SETTINGS: Mapping[str, Mapping[str, str]] = {  # of the environment, by name
    "": {},
    "a proxy": {"HTTPS_PROXY": PROXY},
    "a proxy without a port": {"HTTPS_PROXY": PROXY.replace("8080", "99999")},
    "a proxy with a slash": {"HTTPS_PROXY": PROXY.replace("somebody", "some/body")},
    "an endpoint": {"AWS_ENDPOINT_URL_STS": "http://somebody:secret-of-endpoint@sts.example"},
}
NETWORK = choice("settings of the network", *SETTINGS)
_CHOSEN: Mapping[str, set[str]] = {
    "wire": {
        *("GetCallerIdentity", "GetCallerIdentity of the session", "GetSessionToken"),
        *("AssumeRole", "broken answer", "form of an answer"),
    },
    "disk": disk.CHOSEN,
    "record": {"GetCallerIdentity", "GetSessionToken", *TYPED},
}


def narrowed(chooser: Chooser, real: str) -> Callable[[Choice], str]:
    """Return a function that chooses about what is real, and takes the plain option elsewhere.

    It takes it too for what is no answer of STS's in bytes, but of authkit's ports alone.
    """

    def chosen(choice: Choice) -> str:
        option = chooser.choose(choice) if choice.what in _CHOSEN[real] else choice.options[0]
        return choice.options[0] if option == "without a code" else option

    return chosen
