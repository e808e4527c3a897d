"""The simulator's control interface: ``/_sim/…``, JSON in and out (docs/contract.md)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sts_simulator.account import account_table, schema
from sts_simulator.account.authentication import Signed
from sts_simulator.account.durations import SIGNED_DURATION_SCHEMA, parse_duration
from sts_simulator.account.faults import FAULT_SCHEMA, Fault
from sts_simulator.account.operations import MODELLED
from sts_simulator.wire.http import HttpAnswer, HttpRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from sts_simulator.account.calls import Call
    from sts_simulator.server.simulation import Simulation

PREFIX = "/_sim/"
OPEN = "/moto-api/"  # moto's control paths, which AWS clients do not use and nobody signs
MOTO_RESET = ("POST", f"{OPEN}reset")

_YEARS = range(1970, 9000)  # an Expiration after them must still have four digits
_CAN_FAIL = (*MODELLED, "*")
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
    "world": {"$schema": _DIALECT, **account_table.ACCOUNT_SCHEMA},
    "fault": {"$schema": _DIALECT, **FAULT_SCHEMA},
}
_ROTATE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"user": {"type": "string"}},
    "required": ["user"],
    "additionalProperties": False,
}


def control(simulation: Simulation, request: HttpRequest) -> HttpAnswer:
    """Return the answer to a request whose path begins with `PREFIX`."""
    action = _ACTIONS.get((request.method, request.path))
    if action is None:
        known = ", ".join(" ".join(known) for known in _ACTIONS)
        return _json(404, {"error": f"{request.method} {request.path} is none of {known}"})
    try:
        return _json(200, action(simulation, _read(request.body)))
    except RecursionError:
        return _json(400, {"error": "the JSON is too deep"})
    except (ValueError, LookupError, ArithmeticError) as trouble:
        return _json(400, {"error": str(trouble)})


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
        simulation.account.skew = parse_duration(body["skew"])
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
    schema.check(body, account_table.ACCOUNT_SCHEMA, "account")
    simulation.load(body)
    return {"account": simulation.account.account_id}


def _add_faults(simulation: Simulation, body: Any) -> object:  # noqa: ANN401 - JSON
    faults = [Fault.parse(fault) for fault in (body if isinstance(body, list) else [body])]
    for fault in faults:
        if fault.on not in _CAN_FAIL:
            raise ValueError(f"fault.on: {fault.on} is none of {', '.join(_CAN_FAIL)}")
    simulation.faults.add(*faults)
    return _faults(simulation, body)


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
    key = simulation.account.administrator.rotate(body["user"])
    return {
        "access_key_id": key.access_key_id,
        "secret_access_key": key.secret_access_key,
    }


_ACTIONS: dict[tuple[str, str], Callable[[Simulation, Any], object]] = {
    ("POST", "/_sim/reset"): _reset,
    ("GET", "/_sim/clock"): _clock,
    ("POST", "/_sim/clock"): _set_clock,
    ("POST", "/_sim/sleep"): _sleep,
    ("POST", "/_sim/world"): _world,
    ("POST", "/_sim/faults"): _add_faults,
    ("GET", "/_sim/faults"): _faults,
    ("DELETE", "/_sim/faults"): _clear_faults,
    ("GET", "/_sim/calls"): _calls,
    ("GET", "/_sim/refusal"): _refusal,
    ("POST", "/_sim/rotate"): _rotate,
    ("GET", "/_sim/schemas/world"): lambda _simulation, _body: SCHEMAS["world"],
    ("GET", "/_sim/schemas/fault"): lambda _simulation, _body: SCHEMAS["fault"],
}


def _call(call: Call) -> dict[str, object]:
    return {
        "operation": call.operation,
        "access_key_id": call.access_key_id,
        "parameters": dict(call.parameters),
        "status": call.status,
        "code": call.code,
        "reason": call.reason,
        "at": _rfc3339(call.at),
    }


def _rfc3339(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _json(status: int, value: object) -> HttpAnswer:
    return HttpAnswer(
        status, {"Content-Type": "application/json"}, json.dumps(value).encode() + b"\n"
    )
