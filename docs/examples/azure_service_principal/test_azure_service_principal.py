"""What the stories in scenarios/ leave out: each field's validator, and odd answers."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from authkit.kinds import Refused, Unreachable, Values
from azure_service_principal import FIELDS, RULES, guid, log_in, scope
from token_endpoint import CLIENT, SECRET, TENANT, post

NOW = datetime(2024, 12, 22, tzinfo=UTC)
VALUES = Values(tenant_id=TENANT, client_id=CLIENT, client_secret=SECRET)


def world(answer=post, **environ):
    """Return what `log_in` uses of a world."""
    clock, web = SimpleNamespace(now=lambda: NOW), SimpleNamespace(post=answer)
    return SimpleNamespace(environ=environ, clock=clock, web=web)


def test_a_token():
    """It is in the variables, and the client secret is not."""
    granted = log_in(world(), VALUES)
    assert granted.expires == NOW + timedelta(seconds=3599)
    assert granted.variables["AZURE_ACCESS_TOKEN"] == "a-token"
    assert SECRET not in granted.variables.values()


@pytest.mark.parametrize("host", ["https://login.microsoftonline.us", "https://login.partner.cn/"])
def test_another_cloud(host):
    """AZURE_AUTHORITY_HOST names it, as for Azure's own SDKs."""
    asked = []

    def note(url, form):
        asked.append(url)
        return post(url, form)

    log_in(world(note, AZURE_AUTHORITY_HOST=host), VALUES)
    assert asked == [f"{host.rstrip('/')}/{TENANT}/oauth2/v2.0/token"]


@pytest.mark.parametrize("body", ["", "<html>", "[]", "{}", '{"access_token": "x"}', "null"])
def test_an_answer_without_a_token(body):
    """It is said to be broken, whatever it is."""
    with pytest.raises(Unreachable) as trouble:
        log_in(world(lambda *_: (200, body)), VALUES)
    assert trouble.value.code == "broken answer"


@pytest.mark.parametrize(
    ("body", "code"),
    [("<html>", "503"), ('{"error": "temporarily_unavailable"}', "temporarily_unavailable")],
)
def test_a_refusal_without_a_code_of_azures(body, code):
    """Its `error` counts, or else the status."""
    with pytest.raises(Refused) as trouble:
        log_in(world(lambda *_: (503, body)), VALUES)
    assert trouble.value.code == code


@pytest.mark.parametrize(
    ("check", "text"), [(guid, "contoso"), (scope, "https://x/"), (scope, "x")]
)
def test_answers_that_are_refused(check, text):
    """The reason says how it is written."""
    with pytest.raises(ValueError, match="is written like"):
        check(text)


def test_defaults_and_names():
    """A default is valid, and no two rows have one name."""
    assert [field.validator(field.default) for field in FIELDS if field.default]
    assert len({rule.name for rule in RULES}) == len(RULES)
