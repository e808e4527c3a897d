"""Where `profile add` puts a profile, how it is called, and where authkit stands: data."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.explore.machine import NAME, PROGRAM
from tests.explore.starts import AWS_CONFIG, AWS_CREDENTIALS

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEYS = "aws_access_key_id = AKIAPROFILEPROFILE00\naws_secret_access_key = secret-of-profile\n"
_OTHER = "[profile other]\nregion = us-west-2\n"


class Placing(NamedTuple):
    """A name of the profile, AWS's files, and the program; the file that has the profile then.

    One that `fails` leaves every file as it is.  `shadowed` tells whether the credentials file
    has credentials for the profile.
    """

    called: str = ""
    files: Mapping[str, str] = {}
    environ: Mapping[str, str] = {}
    program: tuple[str, ...] = PROGRAM
    path: str = AWS_CONFIG
    fails: bool = False
    shadowed: bool = False

    @property
    def line(self) -> tuple[str, ...]:
        """The line."""
        return ("profile", "add", NAME, *(("--name", self.called) if self.called else ()))


def _credentials(name: str, keys: str, *, shadowed: bool, called: str = "") -> Placing:
    return Placing(called, {AWS_CREDENTIALS: f"[{name}]\n{keys}"}, shadowed=shadowed)


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
    "of Python's": Placing("work", program=("/opt/py 3/python3", "-m", "authkit")),
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
