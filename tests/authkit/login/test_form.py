"""Asking for the fields of a kind, also of one that authkit does not know.

`SERVICE_PRINCIPAL` is defined here only.  The same code asks for it, stores it
and loads it as an IAM user's fields: a new kind is data (B-K02).
"""

from __future__ import annotations

import json
import re

import pytest

from authkit.core import entries
from authkit.core.failures import Cancelled
from authkit.core.kinds import AWS_USER, Field, Kind
from authkit.core.model import MASK, Secret, Values, masked
from authkit.login import form
from tests.support.stage import CANCEL, DictKeyring, Paper

CANARY = "client-secret-canary"
TENANT, OTHER_TENANT = (
    "72f988bf-86f1-41af-91ab-2d7cd011db47",
    "0d1f2a3b-86f1-41af-91ab-2d7cd011db47",
)
CLIENT = "9a1b2c3d-86f1-41af-91ab-2d7cd011db47"
STORED = Values(
    tenant_id=TENANT, client_id=CLIENT, client_secret=Secret(CANARY), cloud="AzureUSGovernment"
)


def guid(text: str) -> str:
    """Check a GUID."""
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text):
        raise ValueError("it is written like 72f988bf-86f1-41af-91ab-2d7cd011db47")
    return text


def cloud(text: str) -> str:
    """Check the name of a cloud."""
    if not text.startswith("Azure"):
        raise ValueError("there are AzureCloud and AzureUSGovernment")
    return text


def credential(name: str, title: str, *, secret: bool = False) -> Field:
    """Return a required field."""
    validator = str if secret else guid
    return Field(name, title, title, validator, required=True, secret=secret)


SERVICE_PRINCIPAL = Kind(
    name="azure/service-principal",
    vendor="Azure",
    fields=(
        credential("tenant_id", "Tenant ID"),
        credential("client_id", "Client ID"),
        credential("client_secret", "Client Secret", secret=True),
        Field(
            name="cloud",
            title="Cloud",
            help="which of Azure's clouds",
            default="AzureCloud",
            validator=cloud,
        ),
    ),
)
FIELDS = {field.name: field for field in SERVICE_PRINCIPAL.fields}
MFA_ARN = next(field for field in AWS_USER.fields if field.name == "mfa_arn")


def filled(*answers: str, present: Values | None = None) -> tuple[Values, Paper]:
    """Fill in the form with these answers; return the fields, and what was shown and asked."""
    paper = Paper(answers)
    return form.fill(SERVICE_PRINCIPAL.fields, present or Values(), paper, paper), paper


def test_a_foreign_kind_is_asked_for_field_by_field() -> None:
    """B-K02: labels and order are the kind's; an optional field shows its default."""
    values, paper = filled(TENANT, CLIENT, CANARY, "AzureUSGovernment")
    assert values == STORED
    assert paper.asked == [
        "Tenant ID: ",
        "Client ID: ",
        "Client Secret: ",
        "Cloud (optional, default: AzureCloud): ",
    ]


def test_only_the_secret_is_typed_unseen() -> None:
    """B-K02: the secret field is typed unseen."""
    _, paper = filled(TENANT, CLIENT, CANARY, "")
    assert paper.unseen == ["Client Secret: "]


def test_a_foreign_kind_is_stored_and_loaded() -> None:
    """B-K02: the fields are stored with a version, and loaded again."""
    keyring = DictKeyring()
    values, _ = filled(TENANT, CLIENT, CANARY, "")
    entries.save(keyring, "build", values)
    assert entries.load(keyring, SERVICE_PRINCIPAL, "build") == values
    assert entries.is_configured(SERVICE_PRINCIPAL, values)
    assert json.loads(keyring.entries["authkit", "build"]) == {
        "version": 1,
        "tenant_id": TENANT,
        "client_id": CLIENT,
        "client_secret": CANARY,
    }


def test_a_foreign_secret_is_never_shown() -> None:
    """B-S01: a secret is shown neither when typed nor as a default, and `masked` knows it."""
    values, paper = filled(TENANT, CLIENT, CANARY, "")
    _, again = filled("", "", "", "", present=values)
    assert CANARY not in paper.everything + again.everything + repr(values)
    assert masked(CANARY) == MASK


def test_a_loaded_secret_is_known_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-A02: a secret that was loaded from the keyring is masked from then on."""
    keyring = DictKeyring()
    entries.save(keyring, "build", STORED)
    monkeypatch.setattr("authkit.core.model._seen", {})
    entries.load(keyring, SERVICE_PRINCIPAL, "build")
    assert masked(f"it is {CANARY}") == f"it is {MASK}"


def test_present_values_are_defaults_in_brackets() -> None:
    """B-K05: a blank answer takes the default; a secret's default is shown as the mask."""
    values, paper = filled("", "", "", "", present=STORED)
    assert values == STORED
    assert paper.asked == [
        f"Tenant ID [{TENANT}]: ",
        f"Client ID [{CLIENT}]: ",
        "Client Secret [********]: ",
        "Cloud (optional, default: AzureCloud) [AzureUSGovernment]: ",
    ]


def test_the_mask_of_a_kept_secret_tells_no_length() -> None:
    """docs/contract.md, Prompts: the mask is `********` whatever the length."""
    _, paper = filled("", "", "", "", present=Values({**STORED, "client_secret": "x"}))
    assert paper.asked[2] == "Client Secret [********]: "


@pytest.mark.parametrize(
    ("tenant", "client"),
    [(OTHER_TENANT, ""), ("", OTHER_TENANT), (OTHER_TENANT, OTHER_TENANT)],
    ids=["first changed", "second changed", "both changed"],
)
def test_a_secret_stays_only_with_its_ids(tenant: str, client: str) -> None:
    """B-C01: if an id before it has changed, the secret is not offered, and a blank is refused."""

    def not_blank(text: str) -> str:
        if not text:
            raise ValueError("it cannot be blank")
        return text

    secret = FIELDS["client_secret"].replaced(validator=not_blank)
    paper = Paper([tenant, client, "", "another-secret"])
    fields = [FIELDS["tenant_id"], FIELDS["client_id"], secret]
    values = form.fill(fields, STORED, paper, paper)
    assert paper.asked[2:] == ["Client Secret: ", "Client Secret: "]
    assert values["client_secret"] == Secret("another-secret")


def test_the_same_id_typed_again_keeps_the_secret() -> None:
    """B-C01: typing the same id again keeps the secret."""
    values, paper = filled(TENANT, CLIENT, "", "", present=STORED)
    assert paper.asked[2] == "Client Secret [********]: "
    assert values == STORED


def test_what_is_not_asked_for_stays() -> None:
    """B-L02: fields that are not asked for stay as they are; what was left blank is not set."""
    paper = Paper(["-"])
    values = form.fill([FIELDS["cloud"]], Values(STORED | {"tenant_id": ""}), paper, paper)
    given = {name: value for name, value in STORED.items() if name not in {"cloud", "tenant_id"}}
    assert values == given


def test_a_changed_setting_keeps_the_secret() -> None:
    """B-C01: a changed setting keeps the secret."""
    fields = [FIELDS["cloud"], FIELDS["client_secret"]]
    paper = Paper(["AzureCloud", ""])
    assert form.fill(fields, STORED, paper, paper)["client_secret"] == Secret(CANARY)


def test_a_refused_answer_is_asked_again() -> None:
    """B-K05: a refused answer is followed by the reason and the same question."""
    values, paper = filled("nonsense", TENANT, CLIENT, CANARY, "")
    assert paper.asked[:3] == ["Tenant ID: ", "Tenant ID: ", "Client ID: "]
    assert paper.said == ["✗ It is written like 72f988bf-86f1-41af-91ab-2d7cd011db47."]
    assert paper.close == [True]
    assert values["tenant_id"] == TENANT


def test_a_refused_answer_leaves_the_default() -> None:
    """B-K05: a refused answer does not become the default."""
    _, paper = filled("nonsense", "", "", "", "", present=STORED)
    assert paper.asked[0] == paper.asked[1] == f"Tenant ID [{TENANT}]: "


@pytest.mark.parametrize("blank", ["", "   ", "\t"])
def test_a_blank_without_a_default(blank: str) -> None:
    """B-K05: a blank leaves out an optional field; a required one is asked for again."""
    values, paper = filled(blank, TENANT, CLIENT, CANARY, blank)
    assert "cloud" not in values
    assert paper.asked.count("Tenant ID: ") == 2


def test_a_dash_clears_an_optional_field() -> None:
    """B-K05: a dash leaves out an optional field, also if it has a default."""
    values, _ = filled("", "", "", "-", present=STORED)
    assert values == Values({name: STORED[name] for name in STORED if name != "cloud"})


def test_a_dash_does_not_clear_a_credential() -> None:
    """B-K05: for a required field a dash is an ordinary answer."""
    values, paper = filled("-", "", "", "", "", present=STORED)
    assert paper.asked.count(f"Tenant ID [{TENANT}]: ") == 2
    assert values == STORED


def test_blanks_around_an_answer_are_not_part_of_it() -> None:
    """docs/contract.md, Prompts: blanks around an answer are removed."""
    values, _ = filled(f"  {TENANT} ", f"{CLIENT}\t", f" {CANARY} ", " AzureCloud ")
    assert values == Values({**STORED, "cloud": "AzureCloud"})


@pytest.mark.parametrize("stage", range(4))
def test_cancelled_at_any_field(stage: int) -> None:
    """B-L06: cancelling at any field raises Cancelled."""
    answers = [TENANT, CLIENT, CANARY, "AzureCloud"][:stage]
    with pytest.raises(Cancelled):
        filled(*answers, CANCEL)


def test_a_default_shows_no_control_characters() -> None:
    """B-A01: control characters in a default are not shown."""
    paper = Paper([""])
    form.ask(MFA_ARN, "evil\x1b[2J\u202e", paper, paper)
    assert paper.asked == ["MFA ARN (optional) [evil\\x1b[2J\\u202e]: "]


def test_the_reason_of_a_refused_answer() -> None:
    """B-L13: a security key is refused at the prompt, with the reason."""
    paper = Paper(["arn:aws:iam::123456789012:u2f/user/key", "GAHT12345678"])
    assert form.ask(MFA_ARN, "", paper, paper) == "GAHT12345678"
    assert "STS takes no security keys (u2f)" in paper.said[0]


def test_what_cannot_be_seen() -> None:
    """B-K06: stripped at the ends, refused inside, and never shown with the rest of a secret."""
    values, paper = filled(
        f"\ufeff{TENANT}\x1b[D", CLIENT, "canary\x00canary", f"{CANARY}\u200b", ""
    )
    assert values == Values({name: STORED[name] for name in STORED if name != "cloud"})
    assert paper.said == ["✗ It holds \\x00, which cannot be seen."]
