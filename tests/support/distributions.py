"""Distributions that bring a kind, installed into a folder as pip leaves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

NAME = "x/y"  # of the kind
# A kind whose module goes on with `log_in`, or whatever a test wants in its place.
WORKING = """\
from datetime import timedelta
from authkit import kinds

def log_in(world, values):
    expires = world.clock.now() + timedelta(hours=1)
    variables = {"X_TOKEN": f"token of {values.text('password')}", "X_PASSWORD": ""}
    return kinds.Granted(variables, expires, principal=values.text("scope"))

FIELDS = (
    kinds.Field("user", "User", "who", kinds.not_blank, required=True),
    kinds.Field("password", "Password", "its secret", kinds.not_blank, required=True, secret=True),
    kinds.Field("scope", "Scope", "what for", kinds.not_blank),
)
RULES = (kinds.Rule("other", kinds.codes(), kinds.Action.STOP, "It refuses", "Go away."),)
KIND = kinds.kind("x/y", vendor="X", fields=FIELDS, rules=RULES, log_in=log_in)
"""
FIELDS = {"user": "me", "password": "secret-password"}
TABLE = f"[identities.robot]\nkind = '{NAME}'\n"


def install(
    folder: Path, distribution: str, source: str = WORKING, module: str = "x_kind", name: str = NAME
) -> None:
    """Put a module and its distribution's metadata into a folder that is on ``sys.path``."""
    (folder / f"{module}.py").write_text(source, encoding="utf-8")
    about = folder / f"{distribution.replace('-', '_')}-1.0.dist-info"
    about.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n"
    (about / "METADATA").write_text(metadata, encoding="utf-8")
    points = f"[authkit.kinds]\n{name} = {module}:KIND\n"
    (about / "entry_points.txt").write_text(points, encoding="utf-8")
