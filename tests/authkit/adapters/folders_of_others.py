"""Real file systems in trouble: other owners, open modes, odd files, no room, no locks.

Some of it needs root; `as_user` runs a program as an unprivileged user.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

USER = 65_534  # nobody
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away and mounts")


def link(path: Path) -> None:
    """Put a symbolic link to a good file there."""
    elsewhere = path.with_name("elsewhere")
    elsewhere.write_text("mine")
    path.symlink_to(elsewhere)


def listening(path: Path) -> None:
    """Put a socket there."""
    here = Path.cwd()
    os.chdir(path.parent)  # a socket's path is short
    try:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(path.name)
    finally:
        os.chdir(here)


# What may stand in a file's place, by the word for it.
ODD: dict[str, Callable[[Path], object]] = {
    "a FIFO": os.mkfifo,
    "a symbolic link": link,
    "a folder": lambda path: path.mkdir(),
    "a socket": listening,
    "a device": lambda path: os.mknod(path, 0o600 | 0o020000, os.makedev(1, 5)),  # /dev/zero
}
ODD_HERE = [
    pytest.param(word, marks=needs_root) if word == "a device" else pytest.param(word)
    for word in ODD
]


# What such a program imports before it becomes another user, who cannot read this Python.
_BEFORE = """
import os, sys
from authkit import cli
from authkit.adapters import files, locks, owned_files, state_folder, state_troubles, trust, world
from authkit.adapters import folders, marker_files, reading, recording_file, terminal
from authkit.adapters import file_troubles, one_writer, user_files
from authkit.commands import env, exec, list, login, logout, whoami
from authkit.core import config, endings, markers, sessions
from authkit.core.failures import StateTrouble
from authkit.adapters.state_folder import StateFolder
import shlex, tomllib, select, fcntl, pwd
os.setgroups([])
os.setegid({user})
os.seteuid({user})
"""


def as_user(program: str, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a Python program as another user; only root can."""
    return subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", _BEFORE.format(user=USER) + program, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], **environ},
        start_new_session=True,
    )


@contextmanager
def public_folder() -> Iterator[Path]:
    """Make a folder that every user can look into, unlike those of pytest."""
    with tempfile.TemporaryDirectory(prefix="authkit-public-") as name:
        path = Path(name)
        path.chmod(0o755)
        yield path


@contextmanager
def small_file_system(folder: Path) -> Iterator[None]:
    """Mount a file system of 64 kB on a folder; skip the test where that is forbidden."""
    command = ["mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False, start_new_session=True).returncode:  # noqa: S603 - our own
        pytest.skip("mounting is forbidden here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True, start_new_session=True)  # noqa: S603, S607 - our own
