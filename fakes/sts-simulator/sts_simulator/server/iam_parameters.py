"""The form of IAM's parameters, which AWS's IAM checks first, and moto's takes as it comes.

C: the service model, as botocore has it, says which parameters there are.  I: that a
number is read as STS reads it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from botocore.session import get_session

from sts_simulator.account import parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sts_simulator.account.errors import AwsError


class _Names(NamedTuple):
    """The parameters of an action that have to be there, and those that are numbers."""

    required: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


def refusal(asked: Mapping[str, str]) -> AwsError | None:
    """Return IAM's error for a number that is none, or a required parameter that is missing."""
    names = _names().get(asked.get("Action", ""), _Names())
    tops = {name.partition(".")[0] for name in asked}
    numbers = [asked[name] for name in names.numbers if name in asked]
    missing = [name for name in names.required if name not in tops]
    return parameters.number_refusal(numbers) or parameters.missing_refusal(missing)


@cache
def _names() -> dict[str, _Names]:
    """Return the names of each action's parameters."""
    model = get_session().get_service_model("iam")
    found = {}
    for action in model.operation_names:
        if shape := model.operation_model(action).input_shape:
            numbers = (n for n, each in shape.members.items() if each.type_name == "integer")
            found[action] = _Names(tuple(shape.required_members), tuple(numbers))
    return found
