"""What is kept at an instant of a run: the entries, sessions and markers of all identities.

It knows neither the world that fails nor the claims that are checked; both use it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from authkit.core import entries
from authkit.core.failures import KeyringTrouble
from authkit.core.kinds import AWS_USER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fakes.world.scene import Scene

NO_FIELDS = '{"version": 1}'


class Snapshot(NamedTuple):
    """What is kept at an instant: texts by identity, and which identities have a marker."""

    entries: Mapping[str, str]
    sessions: Mapping[str, str]
    markers: frozenset[str]
    oddities: Mapping[str, str]  # what stands in the place of files
    files: Mapping[str, bytes]  # of the person's own, by path

    def fields(self, name: str) -> dict[str, Any]:
        """Return the fields of an entry, none when it is not there or not understood."""
        try:
            fields = dict(json.loads(self.entries.get(name, "{}")))
        except ValueError:
            return {}
        fields.pop("version", None)
        return fields

    def is_corrupt(self, name: str) -> bool:
        """Tell whether there is an entry that authkit does not understand."""
        try:
            entries.decode(self.entries.get(name, NO_FIELDS), AWS_USER)
        except KeyringTrouble:
            return True
        return False

    def pair(self, name: str) -> tuple[str, str] | None:
        """Return the keys of an entry, None when it has none."""
        fields = self.fields(name)
        pair = fields.get("access_key_id"), fields.get("secret_access_key")
        return (str(pair[0]), str(pair[1])) if all(pair) else None


def snapshot(scene: Scene) -> Snapshot:
    """Return what the scene keeps now."""
    kept = {name: text for (_, name), text in scene.keyring.entries.items()}
    marked = frozenset(scene.sessions.markers.texts)
    texts, oddities = dict(scene.sessions.texts), dict(scene.sessions.spoilt)
    return Snapshot(kept, texts, marked, oddities, dict(scene.files.contents))
