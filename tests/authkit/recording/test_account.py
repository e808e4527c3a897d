"""The account of a recorded scenario: what AWS has to know to answer as it did."""

from __future__ import annotations

import re

from scenarios.replay.story import reading
from tests.support.recordings import recorded, recorded_story, replayed
from tests.support.story_tools import KEYS, LOGIN

ROOT = KEYS.replace('secret = "the-secret" }', 'secret = "the-secret", root = true }', 1)
CONFIG = '''config = """
[identities.deploy]
kind = "aws/assume-role"
source = "dev-admin"
role_arn = "arn:aws:iam::123456789012:role/mine"
[identities.dev-admin]
"""
'''
ROLE = KEYS.replace("[account]", "[account]\nroles.mine = {}")


def test_the_keys_that_aws_took() -> None:
    """A key that AWS has taken is known there, with the secret that it was taken with."""
    made = recorded(KEYS + LOGIN)
    known = {"id": "AKIARECORDED00000001", "secret": "secret-1"}
    assert made.story.account["keys"] == {"key-1": known}
    assert made.story.account["session_ids"] == ["ASIARECORDED00000001"]


def test_the_devices_that_iam_listed() -> None:
    """They are there in the order in which they were offered, those that were not chosen too."""
    story = reading.read(reading.STORIES / "mfa" / "devices-offered.toml")
    made = recorded_story(story, 0)
    kinds = [
        device["arn"].rpartition(":")[2].partition("/")[0] for device in made.story.account["mfa"]
    ]
    assert kinds == ["mfa", "u2f", "GAHT00000001"]
    assert "Device Number (optional, default: none): 2" in made.text
    codes = [code for device in made.story.account["mfa"] for code in device["codes"]]
    assert len(codes) >= len(kinds)  # one that was not chosen has one too, which nobody types
    assert all(re.fullmatch(r"\d{6}", code) for code in codes)


def test_refused_keys_are_not_known() -> None:
    """A key that AWS has only refused is not known there."""
    refused = '[[step.fault]]\non = "*"\nanswer = "AccessDenied"\n'
    made = recorded(KEYS + LOGIN + refused)
    assert made.story.account == {}
    assert replayed(made.story) == ""


def test_a_root_user() -> None:
    """The root user's keys are the root user's, which decides how long a session AWS grants."""
    made = recorded(ROOT + LOGIN)
    assert made.story.account["keys"]["key-1"]["root"] is True
    assert replayed(made.story) == ""


def test_a_role() -> None:
    """A role of the config file is one of the account; both sessions get the recorded ids."""
    made = recorded(CONFIG + ROLE + '[[step]]\nrun = "authkit login deploy"\n')
    assert made.story.account["roles"] == {"role-1": {"max_session_duration": "12h"}}
    assert len(made.story.account["session_ids"]) == 2
    assert replayed(made.story) == ""
