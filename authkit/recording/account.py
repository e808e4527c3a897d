"""The AWS account of a recorded scenario: what AWS has to know to answer as it did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from authkit.core.model import AccessKeys, Caller, Session
from authkit.recording import toml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authkit.recording.before import Before
    from authkit.recording.keep import Keep

_UNUSED_CODE = "000000"
_ROLE = {"max_session_duration": "12h"}


def lines(before: Before, keep: Keep) -> Iterator[str]:
    """Yield the lines of the table ``[account]``."""
    if before.latency:
        yield f'latency = "{toml.span(before.latency)}"'
    if before.skew:
        yield f'skew = "{toml.span(before.skew)}"'
    arns = [arn for arn in _arns(before) if keep.arn(arn).startswith("arn:")]
    if others := {arn.split(":")[1] for arn in arns} - {"aws"}:
        yield f"partition = {toml.value(min(others))}"
    if sessions := [keep.key_id(real) for real in _session_ids(before)]:
        yield f"session_ids = {toml.value(sessions)}"
    owner: dict[str, Any] = {"root": True} if any(a.endswith(":root") for a in arns) else {}
    for number, (key, secret) in enumerate(_keys(before).items(), 1):
        facts = {"id": keep.key_id(key), "secret": keep.secret(secret)}
        yield f"keys.key-{number} = {toml.inline(facts | owner)}"
    devices = [
        toml.inline({"arn": keep.serial(arn), "codes": codes, **owner})
        for arn, codes in _devices(before, keep).items()
    ]
    if devices:
        yield f"mfa = [{', '.join(devices)}]"
    roles = [keep.arn(arn).rpartition("/")[2] for arn in arns if ":role/" in arn]
    for role in dict.fromkeys(roles):
        yield f"roles.{role} = {toml.inline(_ROLE)}"


def _arns(before: Before) -> Iterator[str]:
    """Yield the ARNs of callers, sessions and roles."""
    for cached in before.sessions.values():
        yield cached.principal
    for call in before.calls:
        if isinstance(call.came, Caller):
            yield call.came.arn
    for identity in before.config.identities.values() if before.config else ():
        if "role_arn" in identity.settings:
            yield identity.settings["role_arn"]


def _session_ids(before: Before) -> Iterator[str]:
    """Yield the access key ids of sessions, in the order in which STS issues them."""
    for login in before.logins:
        if login.cached.role and not before.has_source_session:
            yield "ASIA, of the source"
        yield login.cached.session.access_key_id
    for cached in before.appeared.values():
        yield cached.session.access_key_id
    for call in before.calls:
        if isinstance(call.came, Session):
            yield call.came.access_key_id


def _keys(before: Before) -> dict[str, str]:
    """Return the keys that AWS has taken, and those of logins before; by id."""
    found = {}
    for call in before.calls:
        if call.came and isinstance(call.who, AccessKeys):
            found[call.who.access_key_id] = call.who.secret_access_key.reveal()
    if before.logins or before.appeared or not before.calls:
        for fields in before.entries.values():
            if "secret_access_key" in fields and "access_key_id" in fields:
                found.setdefault(fields["access_key_id"], fields["secret_access_key"])
    return found


def _devices(before: Before, keep: Keep) -> dict[str, list[str]]:
    """Return the MFA devices, and the invented codes of theirs that AWS takes."""
    # First those that IAM has listed: they are offered in this order.
    listed = (call.came for call in before.calls if isinstance(call.came, tuple))
    found: dict[str, list[str]] = {serial: [] for serials in listed for serial in serials}
    earlier = [login.cached for login in before.logins] + [*before.appeared.values()]
    for cached in earlier:
        if (device := before.device(cached)) and not found.get(device):
            found[device] = [before.earlier_code]
    for call in before.calls:
        if call.mfa and not call.refused:
            codes = found.setdefault(call.mfa.serial_number, [])
            code = keep.code(call.mfa.token_code.reveal())
            codes += [code] if code not in codes else []
    return {serial: codes or [_UNUSED_CODE] for serial, codes in found.items()}
