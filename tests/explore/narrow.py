"""The settings of the network, and the few choices of a path that is about one thing.

That is a real adapter, or how a command comes to its identity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.explore import disk
from tests.explore.answers import TYPED
from tests.explore.chooser import choice
from tests.explore.naming import GIVEN, LEFT, NAMED

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
# What a person is asked by an import.
IMPORTED = {"Import which", "Name of the identity", "Replace it"}
_CHOSEN: Mapping[str, set[str]] = {
    "wire": {
        *("GetCallerIdentity", "GetCallerIdentity of the session", "GetSessionToken"),
        *("AssumeRole", "broken answer", "form of an answer"),
    },
    "disk": disk.CHOSEN,
    NAMED: {"markers listed", "other markers", *IMPORTED},
    LEFT: {"markers listed", "lock", "session drop", "keyring get", "keyring delete", "unmark"},
    GIVEN: set(),
    "record": {"GetCallerIdentity", "GetSessionToken", *TYPED},
}


def narrowed(chooser: Chooser, about: str) -> Callable[[Choice], str]:
    """Return a function that chooses about one thing, and takes the plain option elsewhere.

    It takes it too for what is no answer of STS's in bytes, but of authkit's ports alone.
    """

    def chosen(choice: Choice) -> str:
        option = chooser.choose(choice) if choice.what in _CHOSEN[about] else choice.options[0]
        return choice.options[0] if option == "without a code" else option

    return chosen
