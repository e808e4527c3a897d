"""The simulator's control interface: ``/_sim/…``, JSON in and out (docs/contract.md)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sts_simulator.account import account_schema, list_mfa_devices, schema
from sts_simulator.account.authentication import Signed
from sts_simulator.account.directory import credentials
from sts_simulator.account.durations import SIGNED_DURATION_SCHEMA, parse_duration
from sts_simulator.account.faults import FAULT_SCHEMA, Fault
from sts_simulator.account.operations import MODELLED
from sts_simulator.account.saml.errors import NOT_INSTALLED
from sts_simulator.server import oidc, saml_identity_provider
from sts_simulator.wire.http import json_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from sts_simulator.account.calls import Call
    from sts_simulator.server.simulation import Simulation
    from sts_simulator.wire.http import HttpAnswer, HttpRequest

PREFIX = "/_sim/"
OPEN = "/moto-api/"  # moto's control paths, which AWS clients do not use and nobody signs
MOTO_RESET = ("POST", f"{OPEN}reset")

_YEARS = range(1970, 9000)  # an Expiration after them must still have four digits
_CAN_FAIL = (*MODELLED, "*", list_mfa_devices.FAULT)
_CLOCK_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "advance": SIGNED_DURATION_SCHEMA,
        "now": {"type": "string", "description": "RFC 3339"},
        "skew": SIGNED_DURATION_SCHEMA,
        "tick": {"type": "boolean"},
    },
    "additionalProperties": False,
}
_SLEEP_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"for": SIGNED_DURATION_SCHEMA},
    "required": ["for"],
    "additionalProperties": False,
}
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCHEMAS: dict[str, dict[str, Any]] = {  # what the requests take; checked in under schemas/
    "world": {"$schema": _DIALECT, **account_schema.ACCOUNT_SCHEMA},
    "fault": {"$schema": _DIALECT, **FAULT_SCHEMA},
}
_ROTATE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"user": {"type": "string"}, "account": {"type": "string"}},
    "required": ["user"],
    "additionalProperties": False,
}


def control(simulation: Simulation, request: HttpRequest) -> HttpAnswer:
    """Return the answer to a request whose path begins with `PREFIX`."""
    asked = request.method, request.path
    if asked not in ACTIONS:
        known = ", ".join(" ".join(known) for known in ACTIONS)
        return json_answer(404, {"error": f"{request.method} {request.path} is none of {known}"})
    try:
        body = _read(request.body)
        if issue := _ISSUING.get(asked):
            return json_answer(200, issue(simulation, body, request.origin))
        return json_answer(200, _ACTIONS[asked](simulation, body))
    except ModuleNotFoundError as missing:
        return json_answer(501, {"error": NOT_INSTALLED.fill(missing=missing.name).message})
    except RecursionError:
        return json_answer(400, {"error": "the JSON is too deep"})
    except (ValueError, LookupError, ArithmeticError) as trouble:
        return json_answer(400, {"error": str(trouble)})


def _read(body: bytes) -> Any:  # noqa: ANN401 - JSON
    """Return the JSON of a body.  Raises ValueError, also for a lone surrogate."""
    said = json.loads(body or b"null")
    json.dumps(said, ensure_ascii=False).encode()
    return said


def _reset(simulation: Simulation, _body: object) -> object:
    simulation.reset()
    return {}


def _clock(simulation: Simulation, _body: object) -> object:
    return {"now": f"{simulation.clock.now():%Y-%m-%dT%H:%M:%SZ}"}


def _set_clock(simulation: Simulation, body: Any) -> object:  # noqa: ANN401 - JSON
    schema.check(body, _CLOCK_SCHEMA, "clock")
    clock, instant = simulation.clock, None
    if "now" in body:
        instant = datetime.fromisoformat(body["now"])
        instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    if "advance" in body:
        instant = (instant or clock.now()) + parse_duration(body["advance"])
    instant = instant and _within(instant)
    if "skew" in body:
        simulation.account.accounts.time.skew = parse_duration(body["skew"])
    if "tick" in body:  # before the move: a ticking clock would go on until it is stopped
        clock.tick(ticks=body["tick"])
    if instant:
        clock.move_to(instant)
    return _clock(simulation, body)


def _sleep(simulation: Simulation, body: Any) -> object:  # noqa: ANN401 - JSON
    """Let time pass as a sleep does, alarms included; return the time with microseconds."""
    schema.check(body, _SLEEP_SCHEMA, "sleep")
    simulation.clock.sleep(parse_duration(body["for"]))
    return {"now": simulation.clock.now().isoformat(), "ticks": simulation.clock.ticks}


def _within(instant: datetime) -> datetime:
    if instant.year not in _YEARS:
        raise ValueError(f"the clock goes from {_YEARS.start} to {_YEARS.stop - 1}")
    return instant


def _world(simulation: Simulation, body: Any) -> object:  # noqa: ANN401 - JSON
    simulation.load(body)
    return {"account": simulation.account.account_id}


def _users(simulation: Simulation, _body: object) -> object:
    """Return the accounts and their users as the ready line has them, as they are now."""
    first, *others = (
        {"account": id_, "users": credentials(account.directory)}
        for id_, account in simulation.account.world.items()
    )
    accounts = {other["account"]: {"users": other["users"]} for other in others}
    return first | ({"accounts": accounts} if accounts else {})


def _add_faults(simulation: Simulation, body: Any) -> object:  # noqa: ANN401 - JSON
    faults = [Fault.parse(fault) for fault in (body if isinstance(body, list) else [body])]
    for fault in faults:
        if fault.on not in _CAN_FAIL:
            raise ValueError(f"fault.on: {fault.on} is none of {', '.join(_CAN_FAIL)}")
        account = simulation.account.named(fault.account)
        if fault.user is not None:
            account.administrator.check_user(fault.user)
    simulation.faults.add(*faults)
    return [
        dict(fault.source) | ({"warning": fault.warning} if fault.warning else {})
        for fault in simulation.faults.pending()
    ]


def _faults(simulation: Simulation, _body: object) -> object:
    return [dict(fault.source) for fault in simulation.faults.pending()]


def _clear_faults(simulation: Simulation, _body: object) -> object:
    simulation.faults.clear()
    return []


def _calls(simulation: Simulation, _body: object) -> object:
    return [_call(call) for call in simulation.account.calls]


def _refusal(simulation: Simulation, _body: object) -> object:
    """Return the last refusal of any service, with what the signature was calculated from."""
    refused = simulation.account.last_refusal
    if refused is None:
        return None
    signed = refused.signature.signed() if refused.signature else Signed("", "")
    return {
        "service": refused.service,
        "operation": refused.operation.rpartition(":")[2],
        "access_key_id": refused.signature.access_key_id if refused.signature else None,
        "account": refused.account,
        "status": refused.error.status,
        "code": refused.error.code,
        "message": refused.error.message,
        "reason": refused.error.reason or refused.error.message,
        "canonical_request": signed.canonical_request,
        "string_to_sign": signed.string_to_sign,
        "at": _rfc3339(refused.at),
    }


def _rotate(simulation: Simulation, body: Any) -> object:  # noqa: ANN401 - JSON
    schema.check(body, _ROTATE_SCHEMA, "rotate")
    account = simulation.account.named(body.get("account"))
    key = account.administrator.rotate(body["user"])
    return {
        "access_key_id": key.access_key_id,
        "secret_access_key": key.secret_access_key,
    }


def _saml_response(simulation: Simulation, body: Any) -> object:  # noqa: ANN401 - JSON
    """Return what an identity provider would let a browser post to AWS."""
    return {"saml_response": saml_identity_provider.response(body, simulation.account.now())}


def _saml_metadata(_simulation: Simulation, _body: object) -> object:
    """Return the metadata of the identity provider, for CreateSAMLProvider."""
    return {
        "entity_id": saml_identity_provider.ENTITY_ID,
        "metadata": saml_identity_provider.metadata(),
    }


_ACTIONS: dict[tuple[str, str], Callable[[Simulation, Any], object]] = {
    ("POST", "/_sim/reset"): _reset,
    ("GET", "/_sim/clock"): _clock,
    ("POST", "/_sim/clock"): _set_clock,
    ("POST", "/_sim/sleep"): _sleep,
    ("POST", "/_sim/world"): _world,
    ("GET", "/_sim/users"): _users,
    ("POST", "/_sim/faults"): _add_faults,
    ("GET", "/_sim/faults"): _faults,
    ("DELETE", "/_sim/faults"): _clear_faults,
    ("GET", "/_sim/calls"): _calls,
    ("GET", "/_sim/refusal"): _refusal,
    ("POST", "/_sim/rotate"): _rotate,
    ("POST", "/_sim/saml/response"): _saml_response,
    ("GET", "/_sim/saml/metadata"): _saml_metadata,
    ("GET", "/_sim/schemas/world"): lambda _simulation, _body: SCHEMAS["world"],
    ("GET", "/_sim/schemas/fault"): lambda _simulation, _body: SCHEMAS["fault"],
}
# Those that have to know by which URL the client calls the endpoint.
_ISSUING: dict[tuple[str, str], Callable[[Simulation, Any, str], object]] = {
    ("POST", "/_sim/oidc/token"): oidc.token,
}
ACTIONS = (*_ACTIONS, *_ISSUING)


def _call(call: Call) -> dict[str, object]:
    return {
        "operation": call.operation,
        "access_key_id": call.access_key_id,
        "account": call.account,
        "parameters": dict(call.parameters),
        "status": call.status,
        "code": call.code,
        "reason": call.reason,
        "at": _rfc3339(call.at),
    }


def _rfc3339(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")
