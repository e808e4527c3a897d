"""The ports: each has a real end and a fake one, with the same methods."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import pytest

from authkit.adapters.clock import CorrectedClock, RealClock
from authkit.adapters.job import Children
from authkit.adapters.keyring import LibraryKeyring
from authkit.adapters.locks import StateLock
from authkit.adapters.marker_files import MarkerFiles, NoteFiles
from authkit.adapters.programs import Programs
from authkit.adapters.state_folder import StateFolder
from authkit.adapters.sts import Boto3Sts
from authkit.adapters.terminal import Terminal
from authkit.adapters.user_files import UserFiles
from authkit.adapters.web import RealWeb
from authkit.adapters.world import ConfigFile, RealWorld
from authkit.core import ports
from fakes.world.children import ScriptedChildren
from fakes.world.clock import VirtualClock
from fakes.world.config import MemoryConfig
from fakes.world.lock import Locks
from fakes.world.programs import ScriptedPrograms
from fakes.world.prompter import FakeScreen
from fakes.world.scene import FakeWorld
from fakes.world.state_folder import MemoryMarkers, MemoryNotes, MemoryStateFolder
from fakes.world.sts import PortSts
from fakes.world.user_files import MemoryUserFiles
from fakes.world.web import FakeWeb

if TYPE_CHECKING:
    from collections.abc import Callable

FAKE_LOCK = type(Locks(VirtualClock.__new__(VirtualClock)).of("dev-admin"))
ENDS = [
    (ports.Sts, Boto3Sts, PortSts),
    (ports.Web, RealWeb, FakeWeb),
    (ports.Keyring, LibraryKeyring, LibraryKeyring),  # the fake is a backend of the library
    (ports.Prompter, Terminal, FakeScreen),
    (ports.Screen, Terminal, FakeScreen),
    (ports.Clock, RealClock, VirtualClock),
    (ports.Clock, CorrectedClock, CorrectedClock),
    (ports.Sessions, StateFolder, MemoryStateFolder),
    (ports.Markers, MarkerFiles, MemoryMarkers),
    (ports.Notes, NoteFiles, MemoryNotes),
    (ports.Lock, StateLock, FAKE_LOCK),
    (ports.Children, Children, ScriptedChildren),
    (ports.Programs, Programs, ScriptedPrograms),
    (ports.ConfigText, ConfigFile, MemoryConfig),
    (ports.UserFiles, UserFiles, MemoryUserFiles),
]


def methods(port: type) -> dict[str, Callable[..., object]]:
    """Return the methods of a port by name."""
    return {n: m for n, m in inspect.getmembers(port, inspect.isfunction) if n[0] != "_"}


@pytest.mark.parametrize(("port", "real", "fake"), ENDS, ids=lambda end: str(end.__name__))
def test_both_ends_have_its_methods(port: type, real: type, fake: type) -> None:
    """A port's methods are those of its real end and of its fake, with the same parameters."""
    assert methods(port)
    for name, method in methods(port).items():
        wanted = list(inspect.signature(method).parameters)
        for end in (real, fake):
            given = list(inspect.signature(getattr(end, name)).parameters)
            assert [p.strip("_") for p in given[: len(wanted)]] == wanted


def test_every_port_has_its_ends() -> None:
    """The table above leaves out no port but the World, which holds the others."""
    found = {
        p
        for _, p in inspect.getmembers(ports, inspect.isclass)
        if p.__module__ == "authkit.core.ports"
    }
    assert found - {port for port, _, _ in ENDS} == {ports.World}
    assert {n for n in vars(ports.World) if n[0] != "_"} <= {*dir(RealWorld), *FIELDS}


# What the two worlds set in their constructors.
FIELDS = {"environ", "clock", "screen"}


def test_the_fake_world_is_one() -> None:
    """The fakes' World has the methods of the port too."""
    assert methods(ports.World).keys() <= set(dir(FakeWorld))
