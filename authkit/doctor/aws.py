"""Checks of the way to AWS, and of what AWS says: address, clock, keys, region and session."""

from __future__ import annotations

import re
from datetime import timedelta

from authkit.core import check, durations, endpoints, environment, render
from authkit.core.entries import is_configured
from authkit.core.failures import CallFailed
from authkit.core.identity import access_keys
from authkit.core.model import CachedSession
from authkit.core.regions import is_opt_in, preflight
from authkit.doctor.examination import asked
from authkit.doctor.findings import TROUBLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authkit.doctor.examination import Examination
    from authkit.doctor.findings import Finding

_NOTICED = timedelta(seconds=30)  # an MFA code is good for as long
_REFUSED = timedelta(minutes=15)  # AWS takes requests signed so much earlier or later
_CA_BUNDLES = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE")  # the first that is set counts
_PROXIES = ("https_proxy", "HTTPS_PROXY")
_SETTINGS = (*endpoints.VARIABLES, *_CA_BUNDLES, *_PROXIES, "http_proxy", "HTTP_PROXY")
_ENDPOINT = re.compile(r"AWS_ENDPOINT_URL(?:_[A-Z0-9_]+)?")
_PROFILES = {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}


def endpoint(look: Examination) -> Iterator[Finding]:
    """Look at the address where STS is asked."""
    environ = look.world.environ
    url = endpoints.configured(environ)
    variable = next((name for name in endpoints.VARIABLES if environ.get(name)), "")
    facts = {"variable": variable, "endpoint": endpoints.shown(url)}
    if endpoints.foreign(environ):
        yield look.say("endpoint-foreign", **facts)
    elif url.lower().startswith("http:"):
        yield look.say("endpoint-unencrypted", **facts)
    else:
        yield look.say("endpoint")
    if names := _services_elsewhere(environ, variable):
        yield look.say("endpoints-elsewhere", names=" ".join(names))


def _services_elsewhere(environ: Mapping[str, str], ours: str) -> list[str]:
    """Return the variables by which AWS programs ask other addresses than AWS's.

    That is each service's own, and the one for all services where STS has its own.  What counts
    for STS, `ours`, is told apart.
    """
    others = [name for name in environ if _ENDPOINT.fullmatch(name) and name != ours]
    return sorted(name for name in others if endpoints.foreign(environ, [name]))


def proxy(look: Examination) -> Iterator[Finding]:
    """Look at the proxy that is set for encrypted requests, if one is."""
    environ = look.world.environ
    variable = next((name for name in _PROXIES if environ.get(name)), "")
    if variable:
        yield look.say("proxy", variable=variable, address=endpoints.shown(environ[variable]))
    else:
        yield look.say("no-proxy")


def ca_bundle(look: Examination) -> Iterator[Finding]:
    """Look at the certificates that are trusted."""
    environ = look.world.environ
    variable = next((name for name in _CA_BUNDLES if name in environ), "")
    if variable:
        yield look.say("ca-bundle", variable=variable, path=environ[variable])
    else:
        yield look.say("no-ca-bundle")


def network(look: Examination) -> Iterator[Finding]:
    """Ask STS without credentials: does it answer, and within the limits of a call."""
    found = look.offset
    if isinstance(found, timedelta):
        yield look.say("reached", region=look.region)
        return
    reason = found.reason
    blamed = [n for n in (*_SETTINGS, "SSLKEYLOGFILE") if re.search(rf"\b{n}\b", reason)]
    if set_ones := [name for name in blamed if name in look.world.environ]:
        yield look.say("setting-refused", reason=reason, variable=set_ones[0])
    else:
        yield look.refused(found, look.region)


def clock(look: Examination) -> Iterator[Finding]:
    """Compare this machine's clock with the Date of STS's answer."""
    offset = look.offset
    if isinstance(offset, CallFailed):
        yield look.say("not-asked")
    elif abs(offset) < _NOTICED:
        yield look.say("clock")
    else:
        name = "clock-off" if abs(offset) < _REFUSED else "clock-wrong"
        yield look.say(name, offset=render.clock_is_off(offset.total_seconds()))


def keys(look: Examination) -> Iterator[Finding]:
    """Try the keys with STS, in a region where every account's are known."""
    root = look.root
    if not root or root.kind.flow:  # the keys of one from elsewhere are not AWS's
        return
    if not is_configured(root.kind, look.values):
        return
    if isinstance(look.offset, CallFailed):
        yield look.say("not-asked")
        return
    known, region = access_keys(look.values), preflight(root.region)
    answer = asked(lambda: look.world.sts(region).get_caller_identity(known))
    if isinstance(answer, CallFailed):
        facts = {"access_key_id": known.access_key_id, "principal": known.access_key_id}
        yield look.refused(answer, region, **facts)
        return
    look.caller = answer
    yield look.say("keys-taken", access_key_id=known.access_key_id, principal=answer.arn)


def region(look: Examination) -> Iterator[Finding]:
    """Look at the region; one that an account has to enable is tried with the keys."""
    who = look.identity
    if not who or who.kind.flow:  # one from elsewhere has none
        return
    if look.caller and is_opt_in(who.region):
        known = access_keys(look.values)
        sts = look.world.sts(who.region)
        answer = asked(lambda: sts.get_caller_identity(known))
        if isinstance(answer, CallFailed):
            facts = {"access_key_id": known.access_key_id, "principal": look.caller.arn}
            yield look.refused(answer, who.region, **facts)
            return
    setting = f"set in {who.config_path}" if "region" in who.settings else "the default"
    yield look.say("region", region=who.region, setting=setting)


def session(look: Examination) -> Iterator[Finding]:
    """Look at the cached session: by the clock, by the settings, and by STS."""
    who, cached = look.identity, look.session
    if who is None or isinstance(cached, TROUBLES):  # the check of the state folder tells
        return
    if isinstance(cached, ValueError):
        yield look.say("session-corrupt", reason=cached)
    elif cached is None:
        yield look.say("session-none")
    elif not _is_of_settings(look, cached):
        yield look.say("session-of-other-settings")
    else:
        yield _judged(look, cached)


def _is_of_settings(look: Examination, cached: CachedSession) -> bool:
    """Tell whether a session was made with these keys and settings, as far as they are known."""
    who = look.identity
    assert who is not None  # noqa: S101 - the caller has looked
    if not look.values or who is not look.root:
        return who.may_own(cached)
    return who.made(cached, look.values)


def _judged(look: Examination, cached: CachedSession) -> Finding:
    remains = cached.left(look.world.clock.time())
    left = durations.left(remains)
    if remains <= 0:
        return look.say("session-expired")
    if isinstance(look.offset, CallFailed):
        return look.say("session-unproven", left=left, reason="STS cannot be asked")
    verdict = check.by_sts(look.world, cached, look.region)
    if verdict.valid is False:
        return look.say("session-refused", code=verdict.code)
    if verdict.valid is None:
        return look.say("session-unproven", left=left, reason=verdict.detail)
    return look.say("session" if remains >= durations.SOON else "session-ends-soon", left=left)


def variables(look: Examination) -> Iterator[Finding]:
    """Look for variables that AWS programs take before the profiles of their files."""
    environ = look.world.environ
    found = [n for n in environment.others(environ) if environ.get(n) and n.startswith("AWS_")]
    shadowing = [name for name in found if name not in _PROFILES]
    cached = look.session if isinstance(look.session, CachedSession) else None
    own = cached and cached.session.access_key_id == environ.get("AWS_ACCESS_KEY_ID")
    if not shadowing:
        yield look.say("no-variables")
    elif own and look.identity:
        yield look.say("variables-of-session", identity=look.identity.name)
    else:
        variables = " ".join(shadowing)
        names = render.folded(variables, width=render.WIDTH - 2)
        yield look.say("variables-shadow", names=names, variables=variables)
