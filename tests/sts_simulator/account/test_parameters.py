"""The constraints of parameters, and that they are those of the public service model.

The tables are compared with the installed botocore's model as long as that is
the model that the tables were copied from.
"""

from __future__ import annotations

from typing import Any

import pytest

from sts_simulator.account import parameters
from sts_simulator.account.directory import DictDirectory
from sts_simulator.account.errors import AwsError
from sts_simulator.account.parameters import CONSTRAINTS, LISTS, Number, Text
from tests.support import public_model
from tests.support.account_world import SERIAL, a_world


def validation(message: str) -> AwsError:
    """Return a ValidationError."""
    return AwsError("ValidationError", message)


def public_shape(model: dict[str, Any], operation: str, name: str) -> dict[str, Any]:
    """Return the model's shape of a parameter, which may be ``List.member.1`` or ``A.b``."""
    shape = model["shapes"][model["operations"][operation]["input"]["shape"]]
    for part in name.replace(".member.1", ".").split("."):
        inner = shape["members"][part] if part else shape["member"]
        shape = model["shapes"][inner["shape"]]
    found: dict[str, Any] = shape
    return found


def assert_same(constraint: Text, public: dict[str, Any]) -> None:
    """Assert that bounds and pattern of a text are the model's."""
    assert (constraint.shortest, constraint.longest) == (
        *(public.get("min", 0), public.get("max", 2**31)),
    )
    assert constraint.pattern == public.get("pattern", "(?s:.*)")
    assert constraint.secret is public.get("sensitive", False)


@pytest.mark.parametrize("operation", CONSTRAINTS)
def test_constraints_are_the_service_models(operation: str) -> None:
    """Bounds, patterns and required parameters are those of the public model."""
    model = public_model.known(public_model.installed())
    shape = model["shapes"][model["operations"][operation]["input"]["shape"]]
    for name, constraint in CONSTRAINTS[operation].items():
        public = public_shape(model, operation, name)
        assert constraint.required is (name.partition(".")[0] in shape.get("required", ()))
        if isinstance(constraint, Number):
            assert (constraint.least, constraint.most) == (public["min"], public["max"])
        else:
            assert_same(constraint, public)


@pytest.mark.parametrize("operation", LISTS)
def test_lists_are_the_service_models(operation: str) -> None:
    """The longest list and its members are the model's; that of policy ARNs has no bound there."""
    model = public_model.known(public_model.installed())
    for name, constraint in LISTS[operation].items():
        assert constraint.most == public_shape(model, operation, name).get("max", 10)
        member = public_shape(model, operation, f"{name}.member.1")
        for field, text in constraint.fields.items():
            path = f"{name}.member.1.{field}" if field else f"{name}.member.1"
            assert_same(text, public_shape(model, operation, path))
            assert text.required is (not field or field in member.get("required", ()))


# A small public model, and changes to it.
MODEL: dict[str, Any] = {
    "operations": {"Ask": {"input": {"shape": "AskRequest"}}, "Look": {"name": "Look"}},
    "shapes": {
        "AskRequest": {"members": {"Name": {"shape": "nameType"}}, "required": ["Name"]},
        "nameType": {"type": "string", "min": 2, "max": 64, "pattern": "[a-z]*"},
        "AskResponse": {"members": {"Answer": {"shape": "answerType"}}},
        "answerType": {"type": "string"},
    },
}
SAME = {
    "other words": {"shapes": {"nameType": {"documentation": "A name."}}},
    "another answer": {"shapes": {"AskResponse": {"members": {"More": {}}}}},
    "a longer answer": {"shapes": {"answerType": {"max": 1}}},
    "the same again": {"shapes": {"AskRequest": {"required": ["Name"]}}},
}
ANOTHER = {
    "one more operation": {"operations": {"Tell": {}}},
    "a longer name": {"shapes": {"nameType": {"max": 256}}},
    "a shorter name": {"shapes": {"nameType": {"min": 1}}},
    "another pattern": {"shapes": {"nameType": {"pattern": ".*"}}},
    "an optional name": {"shapes": {"AskRequest": {"required": []}}},
    "one more member": {
        "shapes": {"AskRequest": {"members": {"Age": {"shape": "nameType"}}}},
    },
}


def _with(model: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """Return the model with a change merged into it, level by level."""
    deeper = {
        name: _with(model[name], told) if isinstance(told, dict) and name in model else told
        for name, told in change.items()
    }
    return {**model, **deeper}


def _is_compared(monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]) -> bool:
    """Return whether tables copied from `MODEL` are compared with the changed model.

    Catches the skip, which would otherwise skip the calling test.
    """
    monkeypatch.setattr(public_model, "KNOWN_MODEL", public_model.digest(MODEL))
    changed = _with(MODEL, change)
    try:
        return public_model.known(changed) is changed
    except pytest.skip.Exception as skipped:
        assert "compare, mend them, and set KNOWN_MODEL" in str(skipped)  # noqa: PT017
        return False


@pytest.mark.parametrize("change", SAME.values(), ids=SAME.keys())
def test_other_parts_of_the_model_may_change(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    """The comparisons go on when AWS changes parts of the model that no table copies."""
    assert _is_compared(monkeypatch, change)


@pytest.mark.parametrize("change", ANOTHER.values(), ids=ANOTHER.keys())
def test_a_changed_model_is_not_compared(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    """The comparisons are skipped, with a hint, when AWS changes what a table copies."""
    assert not _is_compared(monkeypatch, change)


def test_what_botocore_refuses_to_send() -> None:
    """Botocore checks only minimums, and reports every value below one."""
    below = {"DurationSeconds": "899", "SerialNumber": "short", "TokenCode": "123456"}
    assert parameters.below_minimum("GetSessionToken", below) == (
        "Invalid value for parameter DurationSeconds, value: 899, valid min value: 900 "
        "Invalid length for parameter SerialNumber, value: 5, valid min length: 9"
    )
    assert parameters.below_minimum("GetSessionToken", {"DurationSeconds": "999999"}) == ""


@pytest.mark.parametrize("seconds", ["900", "129600", "+900", "0900"])
def test_limits_are_valid(seconds: str) -> None:
    """The least and the most are accepted, and a sign and leading zeros."""
    assert parameters.refusal("GetSessionToken", {"DurationSeconds": seconds}) is None


def test_parameters_that_sts_does_not_know_are_ignored() -> None:
    """Only the parameters of the operation are checked."""
    assert parameters.refusal("GetCallerIdentity", {"DurationSeconds": "soon"}) is None


@pytest.mark.parametrize("name", ["RoleArn", "RoleSessionName", "ExternalId", "SerialNumber"])
def test_a_text_of_millions_is_refused_for_its_length(name: str) -> None:
    """Its beginning alone is matched with the pattern and told, so that nobody waits for it."""
    asked = {"RoleArn": "arn:aws:iam::123456789012:role/x", "RoleSessionName": "me"}
    bound = parameters.LONGEST_MATCHED
    long = "x" * 1_000_000
    for characters, wrong in ((f"{'x' * bound}\0{long}", 1), (f"{'x' * (bound - 1)}\0{long}", 2)):
        error = parameters.refusal("AssumeRole", {**asked, name: characters})
        assert error is not None
        problems = "error" if wrong == 1 else "errors"
        assert str(error.message).startswith(f"{wrong} validation {problems} detected")
        assert "Member must have length less than or equal to" in str(error.message)
        assert len(str(error.message)) < (bound + 200) * wrong


VALIDATION = "failed to satisfy constraint: Member must"

# Parameters of GetSessionToken, and STS's error.
REFUSALS: dict[str, tuple[dict[str, str], AwsError]] = {
    "too short": (
        {"DurationSeconds": "600"},
        validation(
            f"1 validation error detected: Value '600' at 'durationSeconds' {VALIDATION} "
            "have value greater than or equal to 900"
        ),
    ),
    "too long": (
        {"DurationSeconds": "129601"},
        validation(
            f"1 validation error detected: Value '129601' at 'durationSeconds' {VALIDATION} "
            "have value less than or equal to 129600"
        ),
    ),
    "two problems": (
        {"SerialNumber": SERIAL, "TokenCode": "12a"},
        validation(
            f"2 validation errors detected: Value '12a' at 'tokenCode' {VALIDATION} "
            r"satisfy regular expression pattern: [\d]*; "
            f"Value '12a' at 'tokenCode' {VALIDATION} have length greater than or equal to 6"
        ),
    ),
    "a serial number that is too short": (
        {"SerialNumber": "GAHT1234", "TokenCode": "123456"},
        validation(
            f"1 validation error detected: Value 'GAHT1234' at 'serialNumber' {VALIDATION} have "
            "length greater than or equal to 9"
        ),
    ),
    "no number": ({"DurationSeconds": "abc"}, AwsError("MalformedInput", None)),
    "no integer": ({"DurationSeconds": "900.0"}, AwsError("MalformedInput", None)),
    "beyond 32 bits": ({"DurationSeconds": "2147483648"}, AwsError("MalformedInput", None)),
    "an empty number": (
        {"DurationSeconds": ""},
        AwsError("MalformedInput", "missing value for decimal type"),
    ),
}


@pytest.mark.parametrize("cause", REFUSALS)
def test_refusal(cause: str) -> None:
    """Each wrong parameter gives AWS's code and message, in the account as well."""
    asked, expected = REFUSALS[cause]
    assert parameters.refusal("GetSessionToken", asked) == expected
    assert a_world(DictDirectory).ask("GetSessionToken", **asked) == expected


def test_a_list_ends_where_a_number_is_missing() -> None:
    """Members are read from 1 on, and no more of them than show that there are too many."""
    asked = {f"Tags.member.{n}.Key": str(n) for n in (1, 2, 4)} | {"Tags.member.2.Value": "x"}
    assert parameters.members(asked, "Tags") == [{"Key": "1"}, {"Key": "2", "Value": "x"}]
    many = {f"TransitiveTagKeys.member.{n}": str(n) for n in range(1, 1000)}
    assert len(parameters.members(many, "TransitiveTagKeys")) == 51
    assert parameters.members({"Tags.member.0.Key": "x"}, "Tags") == []


def test_a_tag_without_its_value() -> None:
    """Key and value of a tag are both required; where it is missing, the message says."""
    refused = parameters.refusal("GetFederationToken", {"Name": "me", "Tags.member.1.Key": "a"})
    assert refused == validation(
        "1 validation error detected: Value null at 'tags.1.member.value' "
        "failed to satisfy constraint: Member must not be null"
    )


@pytest.mark.parametrize(
    ("operation", "name", "given"),
    [
        ("AssumeRoleWithWebIdentity", "WebIdentityToken", "x"),
        ("AssumeRoleWithWebIdentity", "WebIdentityToken", "secret" * 4000),
        ("AssumeRoleWithSAML", "SAMLAssertion", "x"),
    ],
)
def test_secrets_are_not_shown(operation: str, name: str, given: str) -> None:
    """The value of a sensitive parameter is not in the message about it."""
    refused = parameters.refusal(operation, {name: given})
    assert refused is not None
    member = name[:1].lower() + name[1:]
    assert f"; Value at '{member}' failed to satisfy constraint: " in (refused.message or "")
    assert f"'{given}'" not in (refused.message or "")
