"""What STS answers to a request: a fault's error or its own answer, in the order of its checks.

The functions are given the account of the caller, which is locked while they run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sts_simulator.account import authentication, errors, parameters, permissions
from sts_simulator.account.authentication import Evidence, Principal, Signature
from sts_simulator.account.calls import VERSION
from sts_simulator.account.clock import whole_seconds
from sts_simulator.account.context import Context
from sts_simulator.account.errors import AwsError
from sts_simulator.account.list_mfa_devices import list_mfa_devices
from sts_simulator.account.operations import OPERATIONS, UNSIGNED
from sts_simulator.account.regions import regions_of

if TYPE_CHECKING:
    from sts_simulator.account.account_state import AccountState
    from sts_simulator.account.answers import Answer
    from sts_simulator.account.authentication import Holder
    from sts_simulator.account.calls import Request
    from sts_simulator.account.faults import Fault


def answer(
    account: AccountState, request: Request, fault: Fault | None, holder: Holder
) -> Answer | None:
    """Return STS's answer or the fault's error; None for an answer that is not STS's."""
    if fault is None:
        return _decide(account, request, holder)
    named = holder.issued or holder.owner
    error = fault.error(
        arn=named.arn if named else "anonymous",
        operation=request.operation,
        action=request.action,
        account=account.account_id,
    )
    replaced = fault.breakage is not None and not fault.breakage.keeps_effect
    return error if error or replaced else _decide(account, request, holder)


def _decide(account: AccountState, request: Request, holder: Holder) -> Answer:
    if request.service == "iam":
        return _of_iam(account, request, holder)
    if request.operation in UNSIGNED and request.version == VERSION:
        return _unsigned(account, request)
    if request.operation not in OPERATIONS or request.version != VERSION:
        return errors.NO_OPERATION.fill(operation=request.operation, version=request.version)
    if not isinstance(request.signature, Signature):
        return request.signature or errors.UNSIGNED
    principal = judged(account, request.signature, "sts", holder)
    if isinstance(principal, AwsError):
        return principal
    resource = permissions.resource(account.administrator.arn, request)
    refused = _refusal(account, request) or account.denied(
        principal, request.action, resource, request.source_ip
    )
    operation = OPERATIONS[request.operation]
    return refused or operation(context_of(account, request), principal, request.parameters)


def _of_iam(account: AccountState, request: Request, holder: Holder) -> Answer:
    """Answer the one action of IAM that is not moto's, in the order of ``server.moto_services``."""
    if not isinstance(request.signature, Signature):
        return request.signature or errors.UNSIGNED
    principal = judged(account, request.signature, "iam", holder)
    if isinstance(principal, AwsError):
        return principal
    name = request.parameters.get("UserName")
    resource = f"{account.administrator.arn}user/{name}" if name else None
    refused = account.denied(principal, request.action, resource, request.source_ip)
    return refused or list_mfa_devices(context_of(account, request), principal, request.parameters)


def _unsigned(account: AccountState, request: Request) -> Answer:
    """Answer a request that needs no signature; one that it has is not looked at (I)."""
    operation = UNSIGNED[request.operation]
    return _refusal(account, request) or operation(context_of(account, request), request.parameters)


def _refusal(account: AccountState, request: Request) -> AwsError | None:
    """Return the error of a suspended account or of the parameters, whoever asks."""
    if account.suspended:
        return errors.SUSPENDED
    return parameters.refusal(request.operation, request.parameters)


def judged(
    account: AccountState, signature: Signature, service: str, holder: Holder
) -> Principal | AwsError:
    """Return who signed a request, and note the use of a long-lived key."""
    found = authentication.judge(_evidence(account, signature, service, holder))
    if isinstance(found, Principal) and holder.key:
        account.key_used(holder.key.access_key_id, service, signature.region)
    return found


def context_of(account: AccountState, request: Request) -> Context:
    """Return what an operation may read and change of the account."""
    return Context(
        now=account.now(),
        account_id=account.account_id,
        partition=account.partition,
        disabled_regions=account.disabled_regions,
        directory=account.directory,
        accounts=account.accounts,
        used_codes=account.used_codes,
        source_ip=request.source_ip,
        region=request.region,
    )


def _evidence(
    account: AccountState, signature: Signature, service: str, holder: Holder
) -> Evidence:
    now = account.now()
    return Evidence(
        signature=signature,
        service=service,
        clock=whole_seconds(account.accounts.time.nearest(signature.signed_at)),
        now=now,
        regions=regions_of(account.partition),
        not_enabled=account.not_enabled_regions,
        holder=holder,
        has_spread=holder.key is not None and account.spreading.has_spread(holder.key, now),
    )
