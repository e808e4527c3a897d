"""What `python -m tests.release` checks of a release, and that a version stands in one place."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from tests import release

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("each", release.DISTRIBUTIONS, ids=lambda each: each.name)
def test_a_version_stands_in_one_place(each: release.Distribution) -> None:
    """The version is the package's `__version__`, and pyproject.toml has none of its own."""
    settings = tomllib.loads((each.folder / "pyproject.toml").read_text("utf-8"))
    assert "version" not in settings["project"]
    place = each.folder / settings["tool"]["hatch"]["version"]["path"]
    assert f'\n__version__ = "{each.version}"\n' in place.read_text("utf-8")


def test_a_release_is_in_the_changelog() -> None:
    """A version without changes is no release; one in development needs none yet."""
    release.changes_are_told("1.2.0", "# Changelog\n\n## 1.2.0 (2027-01-31)\n")
    release.changes_are_told("1.2.0.dev0", "# Changelog\n")
    with pytest.raises(release.Wrong, match=r"no '## 1\.2\.0'"):
        release.changes_are_told("1.2.0", "# Changelog\n\n## Unreleased\n")


def test_a_wheel_holds_its_package_alone(tmp_path: Path) -> None:
    """A folder beside the package is found."""
    wheel = tmp_path / "it-1-py3-none-any.whl"
    for name, strange in (("authkit/cli.py", ""), ("tests/release.py", "tests")):
        with ZipFile(wheel, "a") as archive:
            archive.writestr(name, "")
            archive.writestr(f"it-1.dist-info/{strange}", "")
        if strange:
            with pytest.raises(release.Wrong, match=strange):
                release.holds_its_package_alone(wheel, "authkit")
        else:
            release.holds_its_package_alone(wheel, "authkit")


def test_what_a_wheel_shares(tmp_path: Path) -> None:
    """Each file of the folder, and no other."""
    wheel, share = tmp_path / "it-1-py3-none-any.whl", tmp_path / "share"
    for name in ("man/man1/it.1", "zsh/_it"):
        (share / name).parent.mkdir(parents=True)
        (share / name).touch()
        with ZipFile(wheel, "a") as archive:
            archive.writestr(f"it-1.data/data/share/{name}", "")
    release.holds_its_package_alone(wheel, "it")
    release.holds_what_is_shared(wheel, share)
    (share / "zsh" / "_it").unlink()
    with pytest.raises(release.Wrong, match=r"shares share/man/man1/it\.1, share/zsh/_it"):
        release.holds_what_is_shared(wheel, share)


def test_a_failing_program_is_told_whole() -> None:
    """What a program of the release said before it failed is shown."""
    with pytest.raises(release.Wrong, match="nothing like this"):
        release.run("sh", "-c", "echo nothing like this; exit 3")
