"""The table of what `authkit doctor` looks at, in this order.

A check is a function that yields findings; an examination holds what several look at.
No check raises for what it finds, and none is left out because another found a fault.
"""

from __future__ import annotations

from authkit.codes import mfa_process
from authkit.core.model import Value
from authkit.doctor import aws, kept, shared
from authkit.doctor.examination import Examination

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from authkit.arguments import Options
    from authkit.core.ports import World
    from authkit.doctor.findings import Finding


class Check(Value):
    """A row: what is looked at, as it is shown, and how."""

    name: str
    look: Callable[[Examination], Iterator[Finding]]


def versions(look: Examination) -> Iterator[Finding]:
    """Show the versions; a library that is missing is a fault."""
    found = look.world.versions()
    shown = [f"{name} {version}" for name, version in found.items() if version]
    programs, libraries = (", ".join(part) for part in (shown[:2], shown[2:]))
    yield look.say("versions", programs=programs, libraries=libraries)
    for name, version in found.items():
        if not version:
            yield look.say("library-missing", library=name)


CHECKS = (
    Check("versions", versions),
    Check("config", kept.config_file),
    Check("identity", kept.identity),
    Check("state folder", kept.state_folder),
    Check("lock", kept.lock_patience),
    Check("keyring", kept.keyring),
    Check("keys", kept.entry),
    Check("endpoint", aws.endpoint),
    Check("proxy", aws.proxy),
    Check("certificates", aws.ca_bundle),
    Check("STS", aws.network),
    Check("clock", aws.clock),
    Check("keys at AWS", aws.keys),
    Check("region", aws.region),
    Check("MFA device", kept.device),
    Check(mfa_process.NAME, shared.program),
    Check("session", aws.session),
    Check("variables", aws.variables),
)


def examine(world: World, options: Options) -> Iterator[tuple[str, Finding]]:
    """Yield the findings of all checks, each with the check's name; the same trouble once."""
    look, told = Examination(world, options), set[tuple[str, str]]()
    for row in CHECKS:
        for found in row.look(look):
            if (found.name, found.words) not in told or not found.cure:
                told.add((found.name, found.words))
                yield row.name, found
