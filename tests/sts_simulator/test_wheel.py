"""The wheel of the distribution sts-simulator: what it holds, and that it serves without authkit.

The interpreter that uses the wheel is started with ``-I -S``: it processes no
.pth file, so it sees neither the checkout nor its editable installations.  Its
path is the installed wheel and the folder of the other distributions.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
from importlib.metadata import (
    PackageNotFoundError,
    distribution,
    distributions,
    packages_distributions,
)
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

import sts_simulator
from tests.support.aws_client import Client

SOURCE = Path(__file__).parents[2] / "fakes" / "sts-simulator"
# urllib3 looks for backports.zstd, and finds the namespace package of another distribution.
OPTIONAL = {"backports-tarfile", "chardet"}
BEGIN = "import sys; sys.path[:0] = [{wheel!r}]; sys.path.append({libraries!r})\n"
WHERE = """
import importlib.util, sts_simulator
assert importlib.util.find_spec("authkit") is None, "authkit is there"
assert importlib.util.find_spec("fakes") is None, "the checkout is there"
print(sts_simulator.__file__)
"""
SERVE = """
from sts_simulator.__main__ import main
sys.exit(main(["serve", "--user", "alice"]))
"""
IMPORT_ALL = """
import importlib, json, pkgutil, sts_simulator
for module in pkgutil.walk_packages(sts_simulator.__path__, "sts_simulator."):
    if module.name not in ("sts_simulator.__main__", "sts_simulator.pytest_plugin"):
        importlib.import_module(module.name)
files = {name for name, module in sys.modules.items() if getattr(module, "__file__", None)}
print(json.dumps(sorted({name.partition(".")[0] for name in files})))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the present source."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=SOURCE, check=True, capture_output=True, start_new_session=True)  # noqa: S603 - our own
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which pip has installed the wheel."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--no-compile"]
    subprocess.run([*pip, "--target", str(folder), str(wheel)], check=True, start_new_session=True)  # noqa: S603 - our own
    return folder


def program(installed: Path, text: str) -> list[str]:
    """Return the command that runs a program with the wheel and without the checkout."""
    begin = BEGIN.format(wheel=str(installed), libraries=sysconfig.get_path("purelib"))
    return [sys.executable, "-I", "-S", "-c", begin + text]


def output(installed: Path, text: str) -> str:
    """Return what such a program prints."""
    done = subprocess.run(  # noqa: S603 - our own
        program(installed, text),
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_the_simulator_alone(wheel: Path) -> None:
    """The wheel has every module of the package, py.typed, and its metadata."""
    names = ZipFile(wheel).namelist()
    ours = {name for name in names if name.startswith("sts_simulator/")}
    assert {name.partition("/")[0] for name in set(names) - ours} == {
        f"sts_simulator-{sts_simulator.__version__}.dist-info"
    }
    package = SOURCE / "sts_simulator"
    assert ours == {str(path.relative_to(SOURCE)) for path in package.rglob("*.py")} | {
        "sts_simulator/py.typed"
    }


def test_it_serves_without_authkit(installed: Path) -> None:
    """The installed simulator answers an AWS client, for STS and for IAM."""
    assert Path(output(installed, WHERE).strip()).is_relative_to(installed)
    command = program(installed, SERVE)
    with subprocess.Popen(  # noqa: S603 - our own
        command, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        client, alice = Client(ready["endpoint"]), ready["users"]["alice"]
        arn = client.identity(alice)
        users = client.aws("iam", alice).list_users()["Users"]
        process.terminate()
    assert arn == "arn:aws:iam::123456789012:user/alice"
    assert [user["Arn"] for user in users] == [arn]
    assert process.returncode == 0
    assert (installed / "bin" / "sts-simulator").is_file()


def test_it_imports_nothing_but_its_dependencies(installed: Path) -> None:
    """Every library that its modules import comes with the dependencies that it declares."""
    providers = packages_distributions()
    imported = {
        canonical(name)
        for module in json.loads(output(installed, IMPORT_ALL))
        for name in providers.get(module, ())
    }
    declared = next(iter(distributions(path=[str(installed)]))).requires or []
    assert imported - closure(declared) - {"sts-simulator"} - OPTIONAL == set()


def closure(requirements: list[str]) -> set[str]:
    """Return the names of all distributions that are installed with these requirements."""
    found: set[str] = set()
    asked: set[str] = set()
    waiting = [(text, "") for text in requirements]
    while waiting:
        text, extra = waiting.pop()
        requirement = Requirement(text)
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        found.add(canonical(requirement.name))
        for wanted in ("", *requirement.extras):
            if f"{requirement.name}[{wanted}]" not in asked:
                asked.add(f"{requirement.name}[{wanted}]")
                try:
                    inner = distribution(requirement.name).requires or []
                except PackageNotFoundError:  # for another platform, or optional
                    continue
                waiting += [(more, wanted) for more in inner]
    return found


def canonical(name: str) -> str:
    """Return a distribution's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()
