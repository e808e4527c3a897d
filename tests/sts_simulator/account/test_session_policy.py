"""Session policies: which STS refuses to read."""

from __future__ import annotations

import pytest

from sts_simulator.account import session_policy

STATEMENT = '{"Effect": "Allow", "Action": "*", "Resource": "*"}'


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (f'{{"Statement": {STATEMENT}}}', ""),
        (f'{{"Version": "2012-10-17", "Id": "x", "Statement": [{STATEMENT}, {STATEMENT}]}}', ""),
        ('{"Statement": []}', ""),
        ('{"Statement": []}'.ljust(2048), ""),
        ("arn:aws:iam::aws:policy/X", "not in the valid JSON format"),
        ("[" * 2000, "not in the valid JSON format"),
        ("{}", "Syntax errors"),
        ('{"Version": "2020-01-01", "Statement": []}', "Syntax errors"),
        ('{"Statement": {"Effect": "Allow", "Action": "*"}}', "Syntax errors"),
        (STATEMENT.join(('{"Statement": ', "}")).replace("Action", "Principal"), "Syntax errors"),
    ],
)
def test_the_form_of_a_policy(policy: str, said: str) -> None:
    """The policy must be JSON, and then IAM's policy language without a Principal."""
    refused = session_policy.refusal(policy)
    assert (refused is None) is (said == "")
    assert said in str(refused)


def test_the_size_of_a_policy() -> None:
    """2,048 characters are 100 %, and one more is too large."""
    assert session_policy.packed_size("x" * 2048) == 100
    assert session_policy.packed_size("x") == 1
    refused = session_policy.refusal("x" * 2049)
    assert refused is not None
    assert refused.code == "PackedPolicyTooLarge"
