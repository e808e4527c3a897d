"""What is noted while a command runs."""

from __future__ import annotations

from tests.support.recordings import recorded
from tests.support.story_tools import KEYS, LOGIN


def test_effects_in_order() -> None:
    """Every effect is noted with invented values, as the journal of scenarios has it."""
    made = recorded(KEYS + LOGIN)
    assert made.story.steps[0].does == (
        "config read -> none",
        "lock acquire dev-admin",
        "config read -> none",
        "keyring get dev-admin",
        "session read dev-admin -> none",
        "sts GetCallerIdentity AKIARECORDED00000001",
        "sts GetSessionToken AKIARECORDED00000001 43200",
        "session replace dev-admin",
        "mark dev-admin",
        "lock release dev-admin",
    )
    assert made.observed.does == tuple(
        line.replace("AKIARECORDED00000001", "AKIAXXXXXXXXXXXXXXXX")
        for line in made.story.steps[0].does
    )


def test_a_cancelled_question() -> None:
    """A question that is cancelled is one in the file too; nothing of a half answer is there."""
    made = recorded("[[step]]\nrun = 'authkit login x'\nshows = '''\nAWS Access Key ID: <- ^D\n'''")
    answers = [answer.typed for answer in made.story.steps[0].script.answers]
    assert (answers, made.story.steps[0].exit) == (["^D"], 130)


def test_a_secret_is_behind_the_arrow() -> None:
    """What is typed unseen stands behind the arrow, invented, and its mask on the screen."""
    typed = "AWS Access Key ID: AKIAXXXXXXXXXXXXXXXX\nAWS Secret Access Key: ******** <- mine\n"
    more = "MFA ARN (optional): <- ^D"
    made = recorded(f"[[step]]\nrun = 'authkit login x'\nshows = '''\n{typed}{more}\n'''")
    written = next(line for line in made.text.split("\n") if "Secret" in line)
    assert written == f"{'AWS Secret Access Key: ********':<52} <- secret-1"
