"""Which texts can be names of identities."""

from __future__ import annotations

import pytest

from authkit.core import names


@pytest.mark.parametrize("name", ["a", "dev-admin", "A.b_c-9", "0", "x" * 64])
def test_names(name: str) -> None:
    """CONTRACT, Stored form: what an identity can be called."""
    assert names.is_name(name)


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../up", "a/b", "-a", ".a", "_a", "a b", "a\n", "ä", "x" * 65, "a\0"]
)
def test_not_names(name: str) -> None:
    """CONTRACT, Stored form: no name leads out of the folder."""
    assert not names.is_name(name)
