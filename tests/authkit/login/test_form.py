"""Asking for the fields of a kind, among them a kind that authkit has never heard of.

`SERVICE_PRINCIPAL` is defined here and nowhere else.  It is asked for, stored
and loaded by the same form and vault as an IAM user: a new kind is data (B-K02).
"""

from __future__ import annotations

import json
import re

import pytest

from authkit.core import entries
from authkit.core.kinds import AWS_USER, Field, Kind
from authkit.core.model import MASK, Secret, Values, masked
from authkit.core.ports import Cancelled
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
    """Return what the form makes of these answers, and the paper it was filled in on."""
    paper = Paper(answers)
    return form.fill(SERVICE_PRINCIPAL.fields, present or Values(), paper, paper), paper


def test_a_foreign_kind_is_asked_for_field_by_field() -> None:
    """B-K02: labels and order are the kind's, the optional one shows its default."""
    values, paper = filled(TENANT, CLIENT, CANARY, "AzureUSGovernment")
    assert values == STORED
    assert paper.asked == [
        "Tenant ID: ",
        "Client ID: ",
        "Client Secret: ",
        "Cloud (optional, default: AzureCloud): ",
    ]


def test_only_the_secret_is_typed_unseen() -> None:
    """B-K02: which field is a secret is data."""
    _, paper = filled(TENANT, CLIENT, CANARY, "")
    assert paper.unseen == ["Client Secret: "]


def test_a_foreign_kind_is_stored_and_loaded() -> None:
    """B-K02: the vault keeps its fields as they are, with the version, and gives them back."""
    keyring = DictKeyring()
    values, _ = filled(TENANT, CLIENT, CANARY, "")
    entries.save(keyring, SERVICE_PRINCIPAL, "build", values)
    assert entries.load(keyring, SERVICE_PRINCIPAL, "build") == values
    assert entries.is_configured(SERVICE_PRINCIPAL, values)
    assert json.loads(keyring.entries["authkit", "build"]) == {
        "version": 1,
        "tenant_id": TENANT,
        "client_id": CLIENT,
        "client_secret": CANARY,
    }


def test_a_foreign_secret_is_never_shown() -> None:
    """B-S01: neither on the way in nor as a default, and `masked` knows it from either side."""
    values, paper = filled(TENANT, CLIENT, CANARY, "")
    _, again = filled("", "", "", "", present=values)
    assert CANARY not in paper.everything + again.everything + repr(values)
    assert masked(CANARY) == MASK


def test_a_loaded_secret_is_known_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-A02: a secret that comes out of the keyring is masked from then on."""
    keyring = DictKeyring()
    entries.save(keyring, SERVICE_PRINCIPAL, "build", STORED)
    monkeypatch.setattr("authkit.core.model._seen", {})
    entries.load(keyring, SERVICE_PRINCIPAL, "build")
    assert masked(f"it is {CANARY}") == f"it is {MASK}"


def test_present_values_are_defaults_in_brackets() -> None:
    """B-K05: a blank takes the default; a secret is only said to be kept."""
    values, paper = filled("", "", "", "", present=STORED)
    assert values == STORED
    assert paper.asked == [
        f"Tenant ID [{TENANT}]: ",
        f"Client ID [{CLIENT}]: ",
        "Client Secret [********]: ",
        "Cloud (optional, default: AzureCloud) [AzureUSGovernment]: ",
    ]


def test_the_mask_of_a_kept_secret_tells_no_length() -> None:
    """CONTRACT, Prompts: `********` whatever its length."""
    _, paper = filled("", "", "", "", present=Values({**STORED, "client_secret": "x"}))
    assert paper.asked[2] == "Client Secret [********]: "


@pytest.mark.parametrize(
    ("tenant", "client"),
    [(OTHER_TENANT, ""), ("", OTHER_TENANT), (OTHER_TENANT, OTHER_TENANT)],
    ids=["first changed", "second changed", "both changed"],
)
def test_a_secret_stays_only_with_its_ids(tenant: str, client: str) -> None:
    """B-C01: with another id before it the secret is not offered, and a blank is refused."""

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
    """B-C01: it is the id that counts, not whether it was typed."""
    values, paper = filled(TENANT, CLIENT, "", "", present=STORED)
    assert paper.asked[2] == "Client Secret [********]: "
    assert values == STORED


def test_a_changed_setting_keeps_the_secret() -> None:
    """B-C01: a secret belongs to the credentials before it, not to settings."""
    fields = [FIELDS["cloud"], FIELDS["client_secret"]]
    paper = Paper(["AzureCloud", ""])
    assert form.fill(fields, STORED, paper, paper)["client_secret"] == Secret(CANARY)


def test_a_refused_answer_is_asked_again() -> None:
    """B-K05: with the reason, close by, and with the same line; the other fields stay."""
    values, paper = filled("nonsense", TENANT, CLIENT, CANARY, "")
    assert paper.asked[:3] == ["Tenant ID: ", "Tenant ID: ", "Client ID: "]
    assert paper.said == ["✗ It is written like 72f988bf-86f1-41af-91ab-2d7cd011db47."]
    assert paper.close == [True]
    assert values["tenant_id"] == TENANT


def test_a_refused_answer_leaves_the_default() -> None:
    """B-K05: what was refused does not become the default."""
    _, paper = filled("nonsense", "", "", "", "", present=STORED)
    assert paper.asked[0] == paper.asked[1] == f"Tenant ID [{TENANT}]: "


@pytest.mark.parametrize("blank", ["", "   ", "\t"])
def test_a_blank_without_a_default(blank: str) -> None:
    """B-K05: it leaves an optional field out, and does not do for a required one."""
    values, paper = filled(blank, TENANT, CLIENT, CANARY, blank)
    assert "cloud" not in values
    assert paper.asked.count("Tenant ID: ") == 2


def test_a_dash_clears_an_optional_field() -> None:
    """B-K05: then the default of the kind holds, and nothing is stored for it."""
    values, _ = filled("", "", "", "-", present=STORED)
    assert values == Values({name: STORED[name] for name in STORED if name != "cloud"})


def test_a_dash_does_not_clear_a_credential() -> None:
    """B-K05: it is an answer like another there."""
    values, paper = filled("-", "", "", "", "", present=STORED)
    assert paper.asked.count(f"Tenant ID [{TENANT}]: ") == 2
    assert values == STORED


def test_blanks_around_an_answer_are_not_part_of_it() -> None:
    """CONTRACT, Prompts: what was pasted with a blank is taken without."""
    values, _ = filled(f"  {TENANT} ", f"{CLIENT}\t", f" {CANARY} ", " AzureCloud ")
    assert values == Values({**STORED, "cloud": "AzureCloud"})


@pytest.mark.parametrize("stage", range(4))
def test_cancelled_at_any_field(stage: int) -> None:
    """B-L06: the form hands back nothing at all."""
    answers = [TENANT, CLIENT, CANARY, "AzureCloud"][:stage]
    with pytest.raises(Cancelled):
        filled(*answers, CANCEL)


def test_a_default_shows_no_control_characters() -> None:
    """B-A01: what a keyring held is made visible before it is printed."""
    paper = Paper([""])
    form.ask(MFA_ARN, "evil\x1b[2J\u202e", paper, paper)
    assert paper.asked == ["MFA ARN (optional) [evil\\x1b[2J\\u202e]: "]


def test_a_refusal_tells_why_in_the_validators_words() -> None:
    """B-L13: a security key is refused at the prompt, with the reason."""
    paper = Paper(["arn:aws:iam::123456789012:u2f/user/key", "GAHT12345678"])
    assert form.ask(MFA_ARN, "", paper, paper) == "GAHT12345678"
    assert "STS takes no security keys (u2f)" in paper.said[0]
