"""The session cache: a session as text, and the session that a command uses."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from authkit.core import sessions
from authkit.core.failures import Failure
from authkit.core.model import LATEST, CachedSession, Secret, Session, Values
from fakes.world.cached_session import cached_session, session
from tests.support.stage import START, CountedConfig, Stage

LAW = settings(max_examples=80)

MFA = "arn:aws:iam::123456789012:mfa/user"

CACHED = cached_session(session(START), mfa_arn=MFA, config_stamp="/home/dev/config.toml")
WRITTEN = sessions.encode(CACHED)


# A session as text.

instants = st.integers(1, 4_000_000_000)


texts = st.text(max_size=20)


printable = texts.filter(str.isprintable)


tokens = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=20)


secrets = tokens.map(Secret)


cached_sessions = st.builds(
    CachedSession,
    session=st.builds(
        Session,
        access_key_id=tokens,
        secret_access_key=secrets,
        session_token=secrets,
        expiration=instants,
        granted=instants,
    ),
    kind=texts,
    region=st.sampled_from(["us-east-1", "us-gov-west-1", "eu-isoe-west-1"]),
    account=printable,
    principal=printable,
    keys=texts,
    mfa_arn=texts,
    duration=st.integers(900, 129_600),
    config_stamp=texts,
)


@pytest.mark.parametrize("name", ["", "dev-admin"])
def test_a_session_names_its_identity(name: str) -> None:
    """B-S10: one without a name is anybody's who has the file; another's is not used."""
    text = sessions.encode(CACHED, name)
    assert ("identity" in json.loads(text)) == bool(name)
    assert sessions.decode(text, "dev-admin") == sessions.decode(text) == CACHED
    if name:
        assert decoded(text, "Dev-Admin") == "it names another identity"


@pytest.mark.parametrize("named", [None, 7, "", ["dev-admin"], "audit"])
def test_what_is_named_that_is_no_name_is_not_this_one(named: object) -> None:
    """B-S10: a session that names anything but this identity is not used by it."""
    text = json.dumps({**json.loads(sessions.encode(CACHED)), "identity": named})
    assert decoded(text, "dev-admin") == "it names another identity"


def test_a_session_of_another_identity_is_none() -> None:
    """B-S10: it is not handed out, which is said."""
    stage = Stage()
    stage.sessions.texts["dev-admin"] = sessions.encode(CACHED, "audit")
    assert sessions.load(stage, "dev-admin") is None
    assert "it names another identity" in stage.screen.said[0]


@LAW
@given(cached_sessions)
def test_what_is_encoded_can_be_decoded(cached: CachedSession) -> None:
    """B-S03: decode(encode(session)) == session, whatever characters are in it."""
    assert sessions.decode(sessions.encode(cached)) == cached


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=5,
)


one_field = st.tuples(
    st.sampled_from([*json.loads(WRITTEN), "session", "self", "new"]), json_values
)


damaged = one_field.map(lambda change: json.dumps({**json.loads(WRITTEN), change[0]: change[1]}))


cut = st.integers(0, len(WRITTEN)).map(lambda length: WRITTEN[:length])


@settings(LAW, max_examples=200)
@given(st.text() | json_values.map(json.dumps) | damaged | cut)
def test_any_text_is_a_session_or_none(written: str) -> None:
    """B-S04: any text is a session or raises ValueError."""
    try:
        cached = sessions.decode(written)
    except ValueError:
        return
    assert sessions.decode(sessions.encode(cached)) == cached


changed = st.tuples(
    cached_sessions,
    st.integers(0, 400),
    st.integers(0, 3),
    st.text('"\\\n{}:, 0a\u00a0\ud800', max_size=3),
).map(lambda made: replaced(sessions.encode(made[0], "ü"), *made[1:]))


def replaced(text: str, place: int, length: int, by: str) -> str:
    """Return the text with so many characters at a place replaced by others."""
    return text[:place] + by + text[place + length :]


def decoded(written: str, name: str = "") -> CachedSession | str:
    """Return the session in a text, or why there is none."""
    try:
        return sessions.decode(written, name)
    except ValueError as error:
        return str(error)


@settings(LAW, max_examples=400)
@given(changed)
@example(WRITTEN.replace('"duration": ', '"duration": 0'))
@example(WRITTEN.replace('"duration": 1', '"duration": \u0661'))
@example(WRITTEN.replace('"duration": ', '"duration": -'))
@example(WRITTEN.replace('"duration": ', '"duration":'))
@example(WRITTEN.replace('"region": ', '"region" '))
@example(WRITTEN.replace('"region": ', '"region":'))
@example(WRITTEN.replace('"region": "us-east-1"', '"region": "", "region": "eu-west-1"'))
@example(WRITTEN.replace("us-east-1", "us\neast-1"))
def test_read_as_json_reads_it(written: str) -> None:
    """B-S04: what is read line by line is what the JSON decoder reads, from damaged files too."""
    try:
        in_one_line = json.dumps(json.loads(written))
    except ValueError:
        in_one_line = "{"
    assert decoded(written) == decoded(in_one_line)


def test_a_field_a_line() -> None:
    """A session file is JSON, each field on a line; `expires` is for people, and is not read."""
    written = sessions.encode(CACHED.replaced(principal="arn:aws:iam::123456789012:user/ü"))
    fields = json.loads(written)
    assert len(written.splitlines()) == len(fields) + 2
    assert "user/ü" in written, "a letter is written as it is"
    assert fields["expires"] == f"{datetime.fromtimestamp(fields['expiration'], UTC):%FT%TZ}"
    other = sessions.decode(written.replace(fields["expires"], "never"))
    assert other == sessions.decode(written)


def test_a_path_that_is_no_utf_8() -> None:
    """B-S04: half a surrogate, as the name of a file may have, is written and read back."""
    cached = CACHED.replaced(config_stamp="/home/\udcff/config.toml:1")
    written = sessions.encode(cached)
    assert "\\udcff" in written
    assert sessions.decode(written) == cached


VARIABLES = Values({"EXAMPLE_TOKEN": Secret("token-canary"), "EXAMPLE2": Secret("x y")})


def test_variables_of_another_service() -> None:
    """docs/write-a-kind.md: a session from elsewhere is variables, which need no keys of AWS."""
    elsewhere = CACHED.replaced(
        session=session(START, access_key_id="", secret_access_key=Secret("")), variables=VARIABLES
    )
    written = sessions.encode(elsewhere)
    assert json.loads(written)["variables"] == VARIABLES.texts()
    assert sessions.decode(written) == elsewhere
    assert sessions.decode(sessions.encode(CACHED)).variables == Values()


@pytest.mark.parametrize(
    ("name", "value"), [("a;b", "x"), ("", "x"), ("A", "a\x1bb"), ("Ä", "x"), ("A-B", "x")]
)
def test_variables_that_a_shell_would_not_take(name: str, value: str) -> None:
    """B-S04: a name is letters, digits and underscores, and a value has no control characters."""
    written = sessions.encode(CACHED.replaced(variables=Values({name: Secret(value)})))
    assert decoded(written) == "its region, account or principal is none"


@pytest.mark.parametrize(("amount", "fits"), [(0, True), (LATEST - 1, True), (LATEST, False)])
def test_the_bounds_of_instants(amount: int, *, fits: bool) -> None:
    """B-S04: any instant that a clock can show is one, the first and the last too."""
    stored = json.loads(WRITTEN) | {"expiration": amount}
    assert (decoded(json.dumps(stored)) != "its instants are out of bounds") == fits


def test_the_decoder_is_not_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `encode` writes goes to the JSON decoder only where there is a backslash in it."""
    plain, quoted = CACHED, CACHED.replaced(config_stamp='/home/"dev"/config.toml:1')
    texts = [sessions.encode(cached, "entwickler-ü") for cached in (plain, quoted)]
    monkeypatch.setattr(json, "loads", lambda _: {})
    assert sessions.decode(texts[0], "entwickler-ü") == plain
    with pytest.raises(ValueError, match="it is not what authkit writes"):
        sessions.decode(texts[1], "entwickler-ü")


HUGE = ("9" * 5000, " " + "9" * 5000)  # Python reads no number of so many digits


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "it is not JSON"),
        ("[" * 100_000, "it is not what authkit writes"),
        ("null", "it is not what authkit writes"),
        *((WRITTEN.replace('"version": 2', f'"version": {end}'), "it is not JSON") for end in HUGE),
        ("[]", "it is not what authkit writes"),
        ("{}", "it is not what authkit writes"),
        (WRITTEN.replace('"version": 2', '"version": 1'), "it is of another version"),
        (WRITTEN.replace('"region"', '"religion"'), "it is not what authkit writes"),
        (WRITTEN.replace('"us-east-1"', "7"), "it is not what authkit writes"),
        (WRITTEN.replace("session-token-canary", ""), "its credentials cannot be sent"),
        (WRITTEN.replace("session-token-canary", "a\\nb"), "its credentials cannot be sent"),
        (WRITTEN.replace("session-secret-canary", "é"), "its credentials cannot be sent"),
        (WRITTEN.replace("ASIAXXXXXXXXXXXXXXXX", "ASIA X"), "its credentials cannot be sent"),
        *(
            (WRITTEN.replace("us-east-1", region), "its region, account or principal is none")
            for region in ("us-east-1\\n", "us\\u001b[2J", "us;date", "us east", "é-1")
        ),
        (WRITTEN.replace("user/dev", "user/\\u009b2J"), "its region, account or principal is none"),
        (WRITTEN.replace("123456789012", "1\\u202e2"), "its region, account or principal is none"),
    ],
)
def test_corrupt(written: str, reason: str) -> None:
    """B-S04: the reason says why a text is no session."""
    assert decoded(written) == reason


@pytest.mark.parametrize(
    "instant",
    [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)],
    ids=["first", "last"],
)
def test_an_instant_that_no_clock_can_show(instant: datetime) -> None:
    """B-S04: instants at the ends of the calendar have no local time in some zones: corrupt."""
    stored = json.loads(WRITTEN) | {"expiration": int(instant.timestamp())}
    assert decoded(json.dumps(stored)) == "its instants are out of bounds"


def test_a_corrupt_session_is_said_to_be_none() -> None:
    """B-S04: a corrupt session is None, and one line says so."""
    stage = Stage()
    stage.sessions.texts["dev-admin"] = "{"
    assert sessions.load(stage, "dev-admin") is None
    assert stage.screen.said == [
        "⚠ The cached session of dev-admin cannot be read (it is not JSON): no session."
    ]


def test_a_missing_session_is_none_without_a_word() -> None:
    """B-S04: a missing session is None, without a message."""
    stage = Stage()
    assert sessions.load(stage, "dev-admin") is None
    assert stage.screen.said == []


# Which session a command uses.


def stage_with(cached: CachedSession, config: str | None = None, **environ: str) -> Stage:
    """Return a stage on which dev-admin has this session."""
    stage = Stage(config=CountedConfig(config), environ=environ)
    stage.sessions.texts["dev-admin"] = sessions.encode(cached)
    return stage


def test_an_unchanged_config_is_not_read() -> None:
    """docs/architecture.md, the cached path: with the stamp unchanged, the config is not read."""
    config = '[identities.dev-admin]\nregion = "eu-west-1"'
    cached = CACHED.replaced(config_stamp=CountedConfig(config).stamp())
    stage = stage_with(cached, config)
    assert sessions.current(stage, "dev-admin") == ("dev-admin", cached)
    assert stage.config.reads == 0


def test_the_identity_of_the_environment_is_named() -> None:
    """B-K04: AUTHKIT_IDENTITY names the identity."""
    cached = CACHED.replaced(config_stamp=CountedConfig(None).stamp())
    stage = stage_with(cached, AUTHKIT_IDENTITY="dev-admin")
    assert sessions.current(stage, "") == ("dev-admin", cached)


def test_a_changed_config_is_read() -> None:
    """B-K04: with another stamp the config is read; its region is used."""
    stage = stage_with(CACHED, '[identities.dev-admin]\nregion = "eu-west-1"')
    name, cached = sessions.current(stage, "dev-admin")
    assert (name, cached) == ("dev-admin", CACHED.replaced(region="eu-west-1"))
    assert stage.config.reads == 1


def test_the_default_is_looked_up() -> None:
    """B-K04: without a name the config's default is used."""
    stage = stage_with(CACHED, 'default = "dev-admin"\n[identities.dev-admin]')
    name, cached = sessions.current(stage, "")
    assert name == "dev-admin"
    assert cached == CACHED.replaced(region="")


def test_a_session_from_before() -> None:
    """B-S03: a file that does not note how the duration was given was not made with --duration."""
    stored = json.loads(sessions.encode(CACHED.replaced(by_option="2h", region="")))
    assert (stored["by_option"], stored["region"]) == ("2h", "")
    del stored["by_option"]
    assert sessions.decode(json.dumps(stored)) == CACHED.replaced(region="")


def test_a_corrupt_session_is_said_once() -> None:
    """B-S04: one message, although the config is read too."""
    stage = Stage()
    stage.sessions.texts["dev-admin"] = "{"
    assert sessions.current(stage, "dev-admin") == ("dev-admin", None)
    assert len(stage.screen.said) == 1


def test_what_a_file_calls_them() -> None:
    """docs/contract.md, Stored form: another version of authkit finds keys and role by these."""
    stored = json.loads(sessions.encode(CACHED.replaced(keys="of keys", role="of a role")))
    assert (stored["source"], stored["origin"]) == ("of keys", "of a role")


def test_a_name_that_is_none_is_not_looked_up() -> None:
    """B-K04: no file is read by a name that no identity can have, such as a path."""
    stage = stage_with(CACHED)
    stage.sessions.texts["../x"] = "{"
    assert sessions.current(stage, "../x") == ("../x", None)
    assert stage.screen.said == [], "it was looked for"


def test_a_session_lasts_to_its_last_second() -> None:
    """B-E05: with a second left it is handed out, and at its end it is over."""
    stage = stage_with(CACHED)
    stage.clock.sleep(timedelta(hours=36, seconds=-1))
    assert sessions.unexpired(stage, "dev-admin")[0] == "dev-admin"
    stage.clock.sleep(timedelta(seconds=1))
    with pytest.raises(Failure) as raised:
        sessions.unexpired(stage, "dev-admin")
    assert (raised.value.name, raised.value.values) == ("session-over", {"identity": "dev-admin"})
