"""B-S01: every story and a real run are searched for secrets in wrong places.

The secrets of a run are those in the keyring, those typed without echo, and those that
STS granted.  Keys may be in the keyring's entry, sessions in the session cache, and
neither anywhere else.
"""

from __future__ import annotations

import json
import traceback
from typing import TYPE_CHECKING

import pytest

from authkit.core import entries, failures, kinds, sessions
from authkit.core.model import AccessKeys, MfaCode, Secret, Values, masked
from scenarios.replay.stages.levels import LEVELS
from scenarios.replay.story import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from scenarios.replay.stages.stage import Observed
    from scenarios.replay.story.model import Story
    from tests.support.simulator import Home

SHORTEST = 8  # a shorter "secret" of a story may be part of any text


def keys_of(story: Story) -> set[str]:
    """Return every secret access key that the story names."""
    stored = [_fields(entry).get("secret_access_key", "") for entry in story.keyring.values()]
    made = [key.get("secret", "") for key in story.account.get("keys", {}).values()]
    titles = {field.title for field in kinds.AWS_USER.fields if field.secret}
    typed = [a.typed for step in story.steps for a in step.script.answers if a.title in titles]
    return {secret for secret in (*stored, *made, *typed) if len(secret) >= SHORTEST}


def _fields(entry: str) -> dict[str, str]:
    try:
        return entries.decode(entry, kinds.AWS_USER).texts()
    except failures.KeyringTrouble:
        return {}


def granted(observed: Observed) -> Iterator[str]:
    """Yield the secrets of the sessions that are cached."""
    for text in observed.sessions.values():
        try:
            session = sessions.decode(text).session
        except ValueError:
            continue
        yield session.secret_access_key.reveal()
        yield session.session_token.reveal()


HANDS_ON = {("credential-process",), ("env",)}  # commands that print the session


@pytest.mark.parametrize("path", reading.stories(), ids=lambda path: path.stem)
def test_no_story_shows_a_secret(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """B-S01: no secret is on the screen, in an effect, a log, the other store or the child.

    A session that is asked for as data is on the screen, which is standard output's too.
    """
    story = reading.read(path)
    keys, tokens = keys_of(story), set[str]()
    with caplog.at_level(0), LEVELS["fakes"](story) as stage:
        for step in story.steps:
            observed = stage.run(step)
            tokens |= set(granted(observed))
            seen = "\n".join((observed.screen, *observed.does, caplog.text))
            child: Mapping[str, str] = observed.child_environ or {}
            hidden = keys if step.arguments[:1] in HANDS_ON else keys | tokens
            assert not [secret for secret in hidden if secret in seen]
            assert not [key for key in keys if key in "".join(observed.sessions.values())]
            assert not [token for token in tokens if token in "".join(observed.keyring.values())]
            assert not [key for key in keys if key in "".join(child.values())]


def test_no_file_holds_a_secret(online: Home) -> None:
    """B-S01: after a real login and exec, each store has only its own secrets, other files none."""
    online.log_in()
    done = online.authkit("exec", "dev-admin", "--", "false")
    cache = online.path / "state" / "sessions" / "dev-admin.json"
    session = json.loads(cache.read_text("utf-8"))
    secrets = {"new-secret-canary", session["secret_access_key"], session["session_token"]}
    assert not [secret for secret in secrets if secret in done.stdout + done.stderr]
    for file in (file for file in online.path.rglob("*") if file.is_file()):
        held = {secret for secret in secrets if secret in file.read_text("utf-8", "replace")}
        assert held == (secrets - {"new-secret-canary"} if file == cache else set()), file


def test_no_repr_shows_a_secret() -> None:
    """B-S01: repr and str of a value mask its secrets, inside other values too."""
    secret = "a-very-secret-text"
    values = Values(access_key_id="AKIA", secret_access_key=secret)
    keys = AccessKeys("AKIAXXXXXXXXXXXXXXXX", Secret(secret))
    shown = [repr(values), repr(keys), f"{keys}", f"{Secret(secret)}", str([Secret(secret)])]
    shown.append(repr(MfaCode("serial", Secret(secret))))
    assert not [text for text in shown if secret in text]


def test_no_traceback_shows_a_secret() -> None:
    """B-A02: a secret in any text, such as a library's error, is masked before it is shown."""
    Secret("a-secret-that-leaks")
    error = RuntimeError("the backend said: a-secret-that-leaks")
    shown = masked("".join(traceback.format_exception(error)))
    assert "a-secret-that-leaks" not in shown
    assert "the backend said: ********" in shown
