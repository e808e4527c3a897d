"""What the checks share: read once, with the trouble that it is in."""

from __future__ import annotations

import re
from datetime import timedelta

from authkit.arguments import parse
from authkit.core.failures import Failure, Refused, StateTrouble, Unreachable
from authkit.core.model import CachedSession
from sts_simulator.account.faults import Fault
from tests.authkit.doctor.looking import an_examination, sts_of
from tests.authkit.examples import FailingSts
from tests.support.stage import Pauses


def test_an_identity_of_a_broken_config_file() -> None:
    """The named identity is taken for an IAM user, so that its keys can be looked at."""
    look = an_examination(config="[broken")
    assert isinstance(look.config, Failure)
    assert look.identity is not None
    assert (look.identity.kind.name, look.region) == ("aws/user", "us-east-1")
    assert look.values.text("access_key_id") == "AKIAXXXXXXXXXXXXXXXX"


def test_no_identity() -> None:
    """Nothing is known of an identity that the config file does not have."""
    look = an_examination("dev-admn", config="[identities.dev-admin]")
    assert (look.identity, look.root, dict(look.values)) == (None, None, {})
    assert look.say("session-none").cure == "Run 'authkit login --identity NAME'."


def test_the_offset_of_the_clock() -> None:
    """It is AWS's time less this machine's, in the middle of the call."""
    assert an_examination().offset == timedelta(0)
    assert an_examination(sts=sts_of(skew="20m")).offset == timedelta(minutes=20)
    lost = Unreachable("GetCallerIdentity", "no route", answered=False, sent=False)
    assert an_examination(sts=FailingSts(lost)).offset is lost


def test_a_slow_answer() -> None:
    """The Date was written in between: half of the call's time is the most that it is off by."""
    clock = Pauses()
    look = an_examination(sts=sts_of(clock=clock, latency="8s"))
    look.world.clock = clock  # type: ignore[misc]  # a Stage's may be set
    assert look.offset == timedelta(seconds=-4)


def test_a_session_that_cannot_be_read() -> None:
    """A text that is none, and a folder in trouble, are told apart."""
    look = an_examination()
    assert look.session is None
    look = an_examination()
    look.world.sessions.replace("dev-admin", "{")
    assert isinstance(look.session, ValueError)
    look = an_examination()
    look.world.sessions.faults.add(Fault("session.read", "Permission denied"))  # type: ignore[attr-defined]  # in memory
    assert isinstance(look.session, StateTrouble)
    assert not isinstance(look.session, CachedSession)


def test_a_refusal_has_its_rules_name() -> None:
    """The finding is called as the row of the table, and has the row's words and hint.

    What it names asks for keys, also where there is a session, which login would keep.
    """
    refused = Refused("GetCallerIdentity", "InvalidClientTokenId")
    found = an_examination().refused(refused, "us-east-1", access_key_id="AKIAX", principal="x")
    assert (found.name, found.mark) == ("keys-revoked", "✗")
    assert "AKIAX was rotated or revoked" in found.words
    assert "'authkit user configure --identity dev-admin'" in found.cure


def test_a_refusal_of_the_keys_of_a_source() -> None:
    """They are the source's: it is logged in to anew, whatever role was asked about."""
    role = 'kind = "aws/assume-role"\nrole_arn = "arn:aws:iam::123456789012:role/deploy"'
    config = f'[identities.dev-admin]\n[identities.deploy]\nsource = "dev-admin"\n{role}\n'
    refused = Refused("GetCallerIdentity", "InvalidClientTokenId")
    look = an_examination("deploy", config=config)
    found = look.refused(refused, "us-east-1", access_key_id="AKIAX", principal="x")
    assert "'authkit user configure --identity dev-admin'" in found.cure


def test_who_refuses() -> None:
    """B-L04: of keys that another endpoint than AWS's refuses it is said that this one does."""
    refused = Refused("GetCallerIdentity", "InvalidClientTokenId")
    look = an_examination(environ={"AWS_ENDPOINT_URL": "https://sts.example"})
    found = look.refused(refused, "us-east-1", access_key_id="AKIAX", principal="x")
    assert ":\n  https://sts.example says so\n" in found.words


def test_a_command_of_no_identity_can_be_run() -> None:
    """Where nobody is there yet, the command that mends it has a word in the name's place."""
    lost = Unreachable("GetCallerIdentity", "no route", answered=False, sent=False)
    found = an_examination("--json", entry=None).refused(lost, "us-east-1")
    (command,) = re.findall("'authkit (.*?)'", found.cure)
    assert parse(command.split()).given == "NAME"
