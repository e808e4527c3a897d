"""The kinds that installed distributions bring: found by name, and what is wrong with one told."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from authkit.adapters import installed_kinds
from tests.support.distributions import NAME, WORKING, install

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder on sys.path; the modules in it are forgotten afterwards."""
    monkeypatch.syspath_prepend(tmp_path)
    before = {*sys.modules}
    yield tmp_path
    for name in {*sys.modules} - before:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]
    installed_kinds._brought.clear()  # noqa: SLF001 - of this test


def test_a_kind_that_is_brought(folder: Path) -> None:
    """B-K02: it is found by its name, as it is."""
    install(folder, "x-kit")
    kind = installed_kinds.kind(NAME)
    assert kind is not None
    assert (kind.name, kind.vendor, kind.trouble) == (NAME, "X", "")
    assert [field.name for field in kind.credentials] == ["user", "password"]


def test_a_kind_that_nothing_brings(folder: Path) -> None:
    """There is none; another's metadata is no matter."""
    install(folder, "x-kit", name="x/z")
    assert installed_kinds.kind(NAME) is None


TROUBLES = {
    "import": ("import not_there_at_all", "x-kit cannot be loaded (ModuleNotFoundError: No module"),
    "syntax": ("KIND =", "x-kit cannot be loaded (SyntaxError: invalid syntax"),
    "raises": ("raise ValueError", "x-kit cannot be loaded (ValueError)"),
    "exits": ("raise SystemExit(3)", "x-kit cannot be loaded (SystemExit: 3)"),
    "nothing": ("", "x-kit cannot be loaded (AttributeError: "),
    "type": ("KIND = 'x/y'", "x-kit brings x_kind:KIND, which is no kind but of the type str"),
    "shadow": (
        WORKING.replace('kind("x/y"', 'kind("aws/user"'),
        "x-kit brings x_kind:KIND, which calls itself aws/user",
    ),
    "mute": (
        "from authkit.core.kinds import Kind\nKIND = Kind('x/y', 'X', ())",
        "x-kit brings x_kind:KIND, which cannot log in",
    ),
    "no fields": (
        WORKING.replace("fields=FIELDS", "fields=()"),
        "x-kit brings x_kind:KIND, which has no fields to ask for",
    ),
    "foreign fields": (
        WORKING.replace("fields=FIELDS", "fields=('user',)"),
        "x-kit cannot be loaded (AttributeError: ",
    ),
    "no rules": (
        WORKING.replace("rules=RULES", "rules=()"),
        "x-kit brings x_kind:KIND, whose last rule does not match everything",
    ),
    "rules with a gap": (
        WORKING.replace("kinds.codes()", "kinds.codes('a', kinds.NO_ANSWER)"),
        "x-kit brings x_kind:KIND, whose last rule does not match everything",
    ),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_a_kind_that_cannot_be_used(name: str, folder: Path) -> None:
    """Whatever is wrong is told with the distribution's name; the kind has no fields then."""
    source, told = TROUBLES[name]
    install(folder, "x-kit", source)
    kind = installed_kinds.kind(NAME)
    assert kind is not None
    assert kind.trouble.startswith(told)
    assert (kind.name, kind.fields, kind.flow) == (NAME, (), None)


def test_two_distributions_with_one_name(folder: Path) -> None:
    """Neither is taken, and both are named; neither is imported."""
    install(folder, "x-kit", "raise SystemExit", "x_one")
    install(folder, "a-kit", "raise SystemExit", "x_other")
    kind = installed_kinds.kind(NAME)
    assert kind is not None
    assert kind.trouble == "a-kit and x-kit both bring it"


def test_metadata_that_cannot_be_read(folder: Path) -> None:
    """Broken metadata of any distribution is trouble of the kind that is looked for."""
    install(folder, "x-kit")
    points = folder / "x_kit-1.0.dist-info" / "entry_points.txt"
    points.write_bytes(b"[authkit.kinds]\nx/y = \xff\n")
    kind = installed_kinds.kind(NAME)
    assert kind is not None
    assert kind.trouble.startswith("the installed distributions cannot be read (UnicodeDecodeError")


def test_whose_code_failed(folder: Path) -> None:
    """An error in the code of a kind that was loaded is known to be its; another is not."""
    install(folder, "x-kit")
    kind = installed_kinds.kind(NAME)
    assert kind is not None
    with pytest.raises(AttributeError) as theirs:
        sys.modules["x_kind"].log_in(None, None)
    assert installed_kinds.brought_by(theirs.tb) == (NAME, "x-kit")
    with pytest.raises(ValueError, match="ours") as ours:
        raise ValueError("ours")
    assert installed_kinds.brought_by(ours.tb) is None
