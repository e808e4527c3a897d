"""The pages of help."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from authkit import manual
from authkit.arguments import ANYWHERE, COMMANDS, OPTIONS
from authkit.core.kinds import AWS_USER
from authkit.core.messages import MESSAGES

AUTHKIT = Path(manual.__file__).parent


@pytest.mark.parametrize("width", [80, 40, 25, 120])
@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_the_pages_of_help(name: str, width: int) -> None:
    """docs/contract.md, Commands: a page has every option of its command, and fits the screen.

    A line is longer only where a word is that could not be copied if it were broken.
    """
    shown = manual.page(name, width)
    assert shown.startswith("usage: authkit")
    assert f"usage: authkit {name}".split() == shown.split()[: 2 + len(name.split())]
    for flag in (*(COMMANDS[name].options if name else ()), *ANYWHERE):
        assert f" {flag}" in shown
    too_long = [line for line in shown.splitlines() if len(line) > width]
    assert all(len(line.split()) == 1 for line in too_long if "https://" not in line)
    assert width < 80 or too_long == []
    indents = {len(line) - len(line.lstrip()) for line in shown.splitlines()}
    assert max(indents) <= (24 if width >= 80 else 7)
    assert name or all(f"  {command}" in shown for command in COMMANDS)


def test_defaults_and_variables() -> None:
    """B-A04: help names what holds without an option, and the variables of authkit."""
    read = "AUTHKIT_[A-Z_]+"
    source = "".join(path.read_text(encoding="utf-8") for path in AUTHKIT.rglob("*.py"))
    assert {name for name, _ in manual.VARIABLES} == {*re.findall(f'"({read})"', source)}
    for flag in ("--output", "--format", "--min-ttl", "--region", "--duration", "--config"):
        assert "default" in OPTIONS[flag].help


def test_the_usage_of_exec() -> None:
    """docs/contract.md, Commands: a shell needs an identity; a command alone needs '--'."""
    first, second = manual.page("exec").splitlines()[:2]
    assert first == "usage: authkit exec [OPTION...] IDENTITY [[--] COMMAND [ARG...]]"
    assert second == "       authkit exec [OPTION...] -- COMMAND [ARG...]"
    assert "the first word is always IDENTITY" in " ".join(manual.page("exec").split())


def test_the_fields_of_stdin() -> None:
    """B-C03: help tells them, as the message about an input that cannot be read says."""
    shown = " ".join(manual.page("user configure").split())
    assert all(f" {field.name} {field.help}" in shown for field in AWS_USER.fields)
    assert "'authkit user configure --help' tells" in MESSAGES["stdin-unreadable"]
    assert "fields of --stdin" not in manual.page("login")


def test_the_address_of_the_docs() -> None:
    """Help and the package's metadata give one address of the documentation."""
    project = tomllib.loads((AUTHKIT.parent / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["urls"]["Documentation"] == manual.DOCS
    assert all(manual.DOCS in manual.page(name) for name in ("", *COMMANDS))


@pytest.mark.parametrize("name", COMMANDS)
def test_one_blank_stands_between_words_of_a_usage(name: str) -> None:
    """A command without an identity has no gap in its place."""
    used = [line[len("usage: ") :] for line in manual.page(name).split("\n\n")[0].split("\n")]
    assert all("  " not in line.strip() for line in used)
