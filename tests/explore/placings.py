"""Where `profile add` puts a profile, how it is called, and where authkit stands: data."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.explore.configs import REGION
from tests.explore.machine import NAME, PROGRAM
from tests.explore.places import INTERPRETER
from tests.explore.starts import AWS_CONFIG, AWS_CREDENTIALS

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEYS = "aws_access_key_id = AKIAPROFILEPROFILE00\naws_secret_access_key = secret-of-profile\n"
_OTHER = "[profile other]\nregion = us-west-2\n"


class Placing(NamedTuple):
    """A name of the profile, AWS's files, and the program; the file that has the profile then.

    `options` are the line's, and `config` is authkit's own config file.  One that `fails` leaves
    every file as it is.  `shadowed` tells whether the credentials file has credentials for the
    profile.
    """

    called: str = ""
    files: Mapping[str, str] = {}
    environ: Mapping[str, str] = {}
    program: tuple[str, ...] = PROGRAM
    path: str = AWS_CONFIG
    fails: bool = False
    shadowed: bool = False
    options: tuple[str, ...] = ()
    config: str | None = None

    @property
    def line(self) -> tuple[str, ...]:
        """The line."""
        called = ("--name", self.called) if self.called else ()
        return ("profile", "add", NAME, *called, *self.options)


def _credentials(name: str, keys: str, *, shadowed: bool, called: str = "") -> Placing:
    return Placing(called, {AWS_CREDENTIALS: f"[{name}]\n{keys}"}, shadowed=shadowed)


def _set(*options: str, **environ: str) -> Placing:
    """Return one where variables or options say where authkit's own files are."""
    return Placing("work", environ=environ, options=options, config=REGION)


def _in_file(named: str, path: str, **environ: str) -> Placing:
    return Placing("work", environ={"AWS_CONFIG_FILE": named, **environ}, path=path)


PLACINGS: Mapping[str, Placing] = {
    # names
    "called otherwise": Placing("work"),
    "called default": Placing("default"),
    "called with a blank": Placing("a b"),
    "called with every sign": Placing("a/b@c+d.e%f:g-h_1".replace("%", "")),
    "called in another script": Placing("\u00e4"),
    "called with a comma": Placing("a,b"),
    "called with an equals sign": Placing("a=b"),
    "beside another": Placing("work", {AWS_CONFIG: _OTHER}),
    "without an end of line": Placing("work", {AWS_CONFIG: _OTHER.rstrip("\n")}),
    "with CRLF": Placing("work", {AWS_CONFIG: _OTHER.replace("\n", "\r\n")}),
    "default with settings": Placing("default", {AWS_CONFIG: "[default]\nregion = us-west-2\n"}),
    "default with keys": Placing("default", {AWS_CONFIG: f"[default]\n{_KEYS}"}, fails=True),
    # programs
    "with a blank": Placing("work", program=("/home/dev/my bin/authkit",)),
    "with a number sign": Placing("work", program=("/opt/a#b/authkit",)),
    "with a comment": Placing("work", program=("/opt/a #b/authkit",), fails=True),
    "with a semicolon": Placing("work", program=("/opt/a ;b/authkit",), fails=True),
    "with a quote": Placing("work", program=("/opt/it's/authkit",)),
    "with quotes": Placing("work", program=('/opt/a "b" c/authkit',)),
    "with a dollar": Placing("work", program=("/opt/$x y/authkit",)),
    "with a backslash": Placing("work", program=("/opt/a\\b/authkit",)),
    "with a line end": Placing("work", program=("/opt/a\nb/authkit",), fails=True),
    "of Python's": Placing("work", program=("/opt/py 3/python3", *INTERPRETER)),
    # authkit's own files
    "with a config file": _set(AUTHKIT_CONFIG="/etc/authkit.toml"),
    "with a config file of home": _set(AUTHKIT_CONFIG="~/my files/authkit.toml"),
    "with the usual config file": _set(AUTHKIT_CONFIG="~/.config/authkit/config.toml"),
    "with a config folder": _set(XDG_CONFIG_HOME="/home/dev/xdg"),
    "with an empty config folder": _set(XDG_CONFIG_HOME="/home/dev/empty")._replace(config=None),
    "with a config folder that is none": _set(XDG_CONFIG_HOME="xdg"),
    "with a config file by an option": _set("--config", "/etc/authkit.toml"),
    "with a config file from there": _set("--config", "mine.toml"),
    "with two config files": _set("--config", "/etc/mine.toml", AUTHKIT_CONFIG="/etc/other.toml"),
    "with an empty variable": _set(AUTHKIT_CONFIG="", AUTHKIT_STATE_DIR=""),
    "with a state folder": _set(AUTHKIT_STATE_DIR="/var/authkit"),
    "with a state folder of home": _set(AUTHKIT_STATE_DIR="~/my state"),
    "with the usual state folder": _set(AUTHKIT_STATE_DIR="~/.local/state/authkit"),
    "with a folder of states": _set(XDG_STATE_HOME="/home/dev/xdg"),
    "with both": _set(AUTHKIT_CONFIG="/etc/authkit.toml", AUTHKIT_STATE_DIR="/var/authkit"),
    "with both, by Python": _set(
        AUTHKIT_CONFIG="/etc/a b.toml", AUTHKIT_STATE_DIR="/var/authkit"
    )._replace(program=("/opt/py 3/python3", *INTERPRETER)),
    # files
    "in a file": _in_file("/x/config", "/x/config"),
    "in a file of home": _in_file("~/c", "/home/dev/c"),
    "in a file by a variable": _in_file("$PLACE/c", "/y/c", PLACE="/y"),
    "in a file by a variable in braces": _in_file("/z/${PLACE}c", "/z/yc", PLACE="y"),
    "in a file by no variable": _in_file("/z/$NONE/c", "/z/$NONE/c"),
    "in the usual file": _in_file("", AWS_CONFIG),
    # what is in the way
    "shadowed": _credentials(NAME, _KEYS, shadowed=True),
    "shadowed, of its own name": _credentials("work", _KEYS, shadowed=True, called="work"),
    "not shadowed, of the identity's": _credentials(NAME, _KEYS, shadowed=False, called="work"),
    "shadowed by a role": _credentials("work", "role_arn = x\n", shadowed=True, called="work"),
    "shadowed by a process": _credentials(
        "work", "credential_process = x\n", shadowed=True, called="work"
    ),
    "not shadowed by a setting": _credentials(
        "work", "region = us-west-2\n", shadowed=False, called="work"
    ),
    "shadowed elsewhere": Placing(
        *("work", {"/x/creds": f"[work]\n{_KEYS}", AWS_CREDENTIALS: "[other]\n"}),
        environ={"AWS_SHARED_CREDENTIALS_FILE": "$PLACE/creds", "PLACE": "/x"},
        shadowed=True,
    ),
    "not shadowed elsewhere": Placing(
        *("work", {"/x/creds": "", AWS_CREDENTIALS: f"[work]\n{_KEYS}"}),
        environ={"AWS_SHARED_CREDENTIALS_FILE": "/x/creds"},
    ),
    "a byte-order mark": Placing("work", {AWS_CONFIG: f"\ufeff{_OTHER}"}, fails=True),
    "another twice": Placing("work", {AWS_CONFIG: f"{_OTHER}\n{_OTHER}"}, fails=True),
}
