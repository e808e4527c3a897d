"""Which texts can be names of identities."""

from __future__ import annotations

import pytest

from authkit.core import names


@pytest.mark.parametrize("name", ["a", "dev-admin", "A.b_c-9", "0", "x" * 64])
def test_names(name: str) -> None:
    """docs/contract.md, Stored form: valid names."""
    assert names.is_name(name)


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../up", "a/b", "-a", ".a", "_a", "a b", "a\n", "ä", "x" * 65, "a\0"]
)
def test_not_names(name: str) -> None:
    """docs/contract.md, Stored form: no name leads out of the state folder."""
    assert not names.is_name(name)
