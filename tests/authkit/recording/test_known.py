"""The forms and words that may be kept."""

from __future__ import annotations

import json
import re
from string import Formatter

import pytest
from keyring.backends import fail, null

from authkit.adapters import file_troubles, state_troubles
from authkit.core import keyring_hints, render
from authkit.core.effects import EFFECTS
from authkit.core.failures import Unreachable
from authkit.core.messages import DENIED_BY, MESSAGES
from authkit.core.rules import RULES
from authkit.recording import keep, known, templates
from authkit.recording.watch import Asked
from fakes.world.keyring import MemoryKeyring
from sts_simulator.account import errors
from tests.authkit.recording import outside_texts
from tests.support.stage import START

# Values that no form may take: a name, a key, a token, an account, a host, a path.
OUTSIDE = ("secret", "My-Name", "AKIAXXXXXXXXXXXXXXXX", "123456789012", "a.example.com", "/home/me")
NUMBERS = {"granted", "asked", "left", "most", "pause", "waited"}  # up to nine digits: seconds


@pytest.mark.parametrize("name", known.FORMS)
@pytest.mark.parametrize("value", OUTSIDE)
def test_no_form_takes_what_tells_about_somebody(name: str, value: str) -> None:
    """The forms of values that are kept as they are take none of these."""
    assert not re.fullmatch(known.FORMS[name], value)


def test_codes_of_aws_are_kept() -> None:
    """Every code of the rules and of the simulator has the form of a code."""
    codes = {code for rule in RULES for code in rule.codes} | {*errors.DEFAULTS}
    assert [code for code in codes if not re.fullmatch(known.FORMS["code"], code)] == []


def test_messages_of_aws_are_known() -> None:
    """Every message that the simulator answers for a code alone is a known text."""
    values = {"arn": "arn:aws:iam::123456789012:user/x", "operation": "GetSessionToken"}
    values["action"] = "sts:GetSessionToken"
    for error in errors.DEFAULTS.values():
        kept = keep.Keep()
        kept.outside(error.fill(**values, account="123456789012").message or "")
        assert kept.left_out == set() or error.code in {
            *("OptInRequired", "MissingAuthenticationToken"),
            # of policies, tags and web identity, none of which authkit sends
            *("MalformedPolicyDocument", "PackedPolicyTooLarge", "InvalidParameterValue"),
            *("IDPCommunicationError", "IDPRejectedClaim", "InvalidIdentityToken"),
            "ValidationError",
        }


def test_every_value_is_dealt_with_on_purpose() -> None:
    """A value that a template names is dealt with by that name, or is listed here as a text.

    Else a name that is changed in a message takes its value out of every recording.
    """
    told = [*MESSAGES.values(), *(text for rule in RULES for text in (rule.meaning, rule.hint))]
    named = {field for text in told for _, field, *_ in Formatter().parse(text) if field}
    tables = {*known.FORMS, *known.WORDS, *keep._VALUES, *templates._nested()}  # noqa: SLF001
    assert named - tables == {
        *("error", "holder", "known", "message", "program", "reason", "value", "what", "where"),
        *("config", "credentials", "differs", "line", "lines"),  # of `import`
        "distribution",  # nothing is recorded where one is named
        "replays",  # whether it does: the same
        "lengths",  # how many texts have theirs alone: said after the recording's end
    }


def test_the_words_are_authkits() -> None:
    """What may be kept by its words is named in some template."""
    named = {
        field
        for told in (*MESSAGES.values(), *known.KNOWN)
        for _, field, *_ in Formatter().parse(told)
    }
    assert {*known.WORDS} - named <= {"Provider", "json", "kind", "kept"}


@pytest.mark.parametrize("text", outside_texts.ALL)
def test_a_known_text_is_kept(text: str) -> None:
    """Why a call, a file or an answer failed is in the recording, for a reader and for a replay."""
    kept = keep.Keep()
    assert "<text of" not in kept.outside(text)
    assert kept.left_out == set()


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, told in outside_texts.VALUES.items() for text in told]
)
def test_a_known_value_is_kept(name: str, text: str) -> None:
    """Values that tell nothing about anybody are kept as they are."""
    assert keep.Keep().value(name, text) == text


def test_what_has_no_example() -> None:
    """Each form, and each name of words, has a value above; only an empty one is not seen."""
    assert {*known.FORMS, *known.WORDS} - {*outside_texts.VALUES} == {"unseen"}
    assert keep.Keep().value("unseen", "") == ""


def test_troubles_of_files_are_faults() -> None:
    """A replay brings about what was wrong with a file, by the word that the adapters have."""
    told = {**file_troubles.TROUBLES, **dict.fromkeys(known.KINDS_OF_FILES)}
    words = {word: reason or f"it is {word}, not a file" for word, reason in told.items()}
    words["a FIFO"] = "nothing came from it in 60 seconds"
    assert {reason: known.FILES[reason] for reason in words.values()} == {
        reason: word for word, reason in words.items()
    }
    for word in state_troubles.TROUBLES:
        reason = state_troubles.trouble("/a", word).reason
        if word != state_troubles.OPEN:  # which an event brings about
            assert {**known.FILES, **known.STATE}[reason] == word
    for reason in (*known.FILES, *known.STATE):
        assert keep.Keep().outside(reason) == reason


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        ("no answer within 10 s", "timeout"),
        ("no connection within 10 s", "timeout"),
        ("the proxy of HTTPS_PROXY asks for a user name and password (407)", "proxy 407"),
        ("the proxy of HTTPS_PROXY refuses to connect to sts.amazonaws.com (403)", "proxy 403"),
        ("the proxy of HTTPS_PROXY cannot be reached (Connection refused)", "proxy gone"),
        (
            "its certificate is refused (it has expired), or this machine's clock is wrong: x",
            "certificate expired",
        ),
        ("its certificate is refused (self-signed certificate)", "certificate unknown"),
        ("TLS trouble (wrong version number)", "no TLS"),
        ("https://sts.amazonaws.com/: Connection refused", "connection refused"),
        ("https://sts.amazonaws.com/: No route to host", "no route"),
        ("https://sts.amazonaws.com/: Network is unreachable", "no route"),
        ("https://sts.amazonaws.com/: Name or service not known", "name unknown"),
        ("https://sts.amazonaws.com/: nodename nor servname provided", "name unknown"),
        ("https://sts.amazonaws.com/: Temporary failure in name resolution", "name unknown"),
        ("https://sts.amazonaws.com/: No address associated with hostname", "name unknown"),
        ("the answer is not STS's", "garbage"),
        ("HTTP 503 without an STS error", "html"),
        ("the connection closed unanswered", "reset"),
    ],
)
def test_no_answer_is_a_fault(reason: str, word: str) -> None:
    """A replay brings about why there was no answer; STS has seen some of those calls."""
    trouble = Unreachable("GetCallerIdentity", reason, answered=False, sent=True)
    asked = Asked("GetCallerIdentity", None, None, None, trouble, START, START, 1)
    assert asked.fault_word == word
    assert (word in known.ON_THE_WAY) == (word not in {"timeout", "garbage", "html", "reset"})


@pytest.mark.parametrize(
    ("method", "operation"),
    [
        ("get_caller_identity", "GetCallerIdentity"),
        ("get_date", "GetCallerIdentity"),
        ("get_session_token", "GetSessionToken"),
        ("assume_role", "AssumeRole"),
        ("list_mfa_devices", "iam:ListMFADevices"),
    ],
)
def test_a_call_has_awss_name(method: str, operation: str) -> None:
    """A call that failed is told as faults of scenarios are: by AWS's name for it."""
    assert method in EFFECTS["sts"]
    assert known.OPERATIONS[method] == operation


@pytest.mark.parametrize("kind", DENIED_BY)
def test_what_decides_is_kept(kind: str) -> None:
    """Of a text that is not known its length is kept, and by which policy it denies."""
    said = f"Nobody may do so IN A {kind.upper()} of mine"
    assert keep.Keep().outside(said) == f"<text of {len(said)} characters: IN A {kind.upper()}>"


def test_what_was_left_out_stays_so() -> None:
    """A recording of a replay has the same texts."""
    once = keep.Keep().outside("a text of somebody's")
    again = keep.Keep()
    assert (again.outside(once), again.left_out) == (once, set())


def test_no_terminal_in_a_replay() -> None:
    """The null device as standard input is told as there being no terminal."""
    assert keep.Keep().outside("standard input is the null device") == "there is no terminal"


def test_what_stands_for_others() -> None:
    """In place of a backend, a command, a process and a proxy stand those of the scenarios."""
    kept = keep.Keep()
    assert f"{MemoryKeyring.__module__}.{MemoryKeyring.__qualname__}" == known.BACKEND
    assert kept.value("backend", "keyring.backends.SecretService.Keyring") == known.BACKEND
    for nothing in (fail.Keyring, null.Keyring):
        name = f"{nothing.__module__}.Keyring"
        assert kept.value("backend", name) == name
    assert kept.value("again", "my-program --of mine") == "command"
    assert kept.value("process", "12") == "4711"
    assert kept.value("proxy", "https_proxy") == "HTTPS_PROXY"
    assert kept.value("code_program", "/home/me/code") == "print-code"


DONE = (
    *("nothing-removed", "nothing-changed", "nothing-of-it-changed", "nothing-saved", "stopped"),
    *("no-session-made", "no-session-kept", "no-session-of-role"),
    *("removed-refused", "removed-and-replaced", "settings-remain", "saved-unmarked", "keys-left"),
    *("probe-taken-back", "probe-perhaps-left"),
)


@pytest.mark.parametrize("name", DONE)
def test_what_was_done_is_kept(name: str) -> None:
    """The line of an error that says what was done is known as one of authkit's own."""
    hint = keyring_hints.hint("locked", "some.Backend", desktop=True)
    facts = {"identity": "m", "meant": "m", "kept": "MFA ARN", "logout": "authkit logout -i m"}
    done = render.text(name, session_made="session was made", **facts)
    kept = keep.Keep()
    kept.screen(render.text("keyring-locked", reason="it was not unlocked", done=done, hint=hint))
    assert kept.left_out == set()


LINES = [
    ["login", "dev-admin", "--duration", "8h", "--region", "eu-west-1", "--force", "--no-input"],
    ["exec", "-p", "NAME", "--region", "REGION", "--", "COMMAND", "…"],
    ["env", "--format=fish", "-i", "dev-admin"],
    ["user", "configure", "--stdin"],
    ["--config", "/home/dev/path-1", "list", "--json"],
]


@pytest.mark.parametrize("line", LINES, ids=" ".join)
def test_a_line_is_kept(line: list[str]) -> None:
    """A command line is kept: its commands, options and their values, and what stands for any."""
    kept = keep.Keep()
    kept.identity("dev-admin")
    assert kept.line(line) == line
    assert kept.left_out == set()


def test_json_is_kept() -> None:
    """What `whoami --json` and `list --json` print is dealt with by the names of its keys."""
    facts = {
        "identity": "dev-admin",
        "kind": "aws/user",
        "principal": "arn:aws:iam::123456789012:user/dev-admin",
        "account": "123456789012",
        "region": "eu-west-1",
        "expires": "2024-12-23T11:58:00Z",
        "last_updated": "2024-12-22T23:58:00Z",
        "provider": "aws-user",
        "reason": "expired",
        "keys": "stored",
        "session": "35h 59m",
    }
    kept = keep.Keep()
    kept.identity("dev-admin")
    assert json.loads(kept.data(json.dumps(facts))) == facts
    others = {name: "of nobody's" for name in facts if name not in {"identity", "principal"}}
    told = json.loads(keep.Keep().data(json.dumps(others)))
    assert {*told.values()} - {"123456789012"} == {"<text of 11 characters>"}
