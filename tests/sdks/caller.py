"""An SDK's program with the simulator, and what was seen of each call as a line of text."""

from __future__ import annotations

import json
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from pyotp import TOTP

from tests.support.at_a_terminal import at_a_terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sts_simulator.client import Simulator
    from tests.sdks.building import AwsCli, Sdk
    from tests.sdks.programs import Answer, Program, Request
    from tests.support.simulator import Home

KEYS = ("AKIAXXXXXXXXXXXXXXXX", "new-secret", "")
MFA = "arn:aws:iam::123456789012:mfa/dev-admin"
_DEVICE = TOTP("JBSWY3DPEHPK3PXPJBSWY3DP")
ISSUER = "token.actions.githubusercontent.com"
SUBJECT = "repo:octo-org/octo-repo:ref:refs/heads/main"
WORLD = {
    "keys": {"new": {"id": KEYS[0], "secret": KEYS[1]}},
    "mfa": {"arn": MFA, "secret": _DEVICE.secret},
    "oidc_providers": {f"https://{ISSUER}": ["sts.amazonaws.com"]},
    "roles": {
        "deploy": {"trusts": ["dev-admin"]},
        "guarded": {"trusts": ["dev-admin"], "mfa": True},
        "build": {
            "trust": {
                "Version": "2012-10-17",
                "Statement": {
                    "Effect": "Allow",
                    "Principal": {"Federated": f"arn:aws:iam::123456789012:oidc-provider/{ISSUER}"},
                    "Action": "sts:AssumeRoleWithWebIdentity",
                    "Condition": {"StringEquals": {f"{ISSUER}:sub": SUBJECT}},
                },
            }
        },
    },
}
# No check changes this file, since some SDKs read it once.
CONFIG = f"""\
[profile keys]
aws_access_key_id = {KEYS[0]}
aws_secret_access_key = {KEYS[1]}

[profile deploy]
role_arn = arn:aws:iam::123456789012:role/deploy
role_session_name = ci
source_profile = keys

[profile guarded]
role_arn = arn:aws:iam::123456789012:role/guarded
role_session_name = ci
source_profile = keys
mfa_serial = {MFA}

[profile authkit]
credential_process = authkit credential-process dev-admin
"""


class Caller(NamedTuple):
    """A running program of an SDK, and the home and the simulator in which it runs."""

    sdk: Sdk | AwsCli
    program: Program
    home: Home
    aws: Simulator

    def call(self, operation: str = "GetCallerIdentity", times: int = 1, **given: Any) -> Seen:  # noqa: ANN401 - JSON
        """Have the SDK call an operation, with dev-admin's keys unless a profile is given."""
        who = {} if "profile" in given else {"credentials": KEYS}
        return self._asked({"operation": operation, "times": times, **who, **given})

    def by_environment(self, times: int = 1) -> Seen:
        """Have the SDK call GetCallerIdentity with the credentials that its environment tells."""
        return self._asked({"operation": "GetCallerIdentity", "times": times})

    def _asked(self, request: Request) -> Seen:
        calls, refusal = len(self.aws.calls()), self.aws.control("GET", "refusal")
        answer = self.program.ask(request)
        seen = [f"{call['operation']} {call['code'] or ''}" for call in self.aws.calls()[calls:]]
        last = self.aws.control("GET", "refusal")
        if last != refusal and last["service"] != "sts":
            seen.append(f"{last['service']} refused")
        return Seen(seen, answer)

    def session(self, code: str) -> Seen:
        """Have the SDK make a session of 36 hours."""
        return self.call("GetSessionToken", serial=MFA, code=code, duration=129_600)

    def code(self) -> str:
        """Return the code that dev-admin's device shows now."""
        return _DEVICE.at(self.aws.now())

    def wrong_code(self) -> str:
        """Return a code that the device does not show near this time."""
        return f"{(int(self.code()) + 500_000) % 1_000_000:06}"

    def log_in(self) -> None:
        """Log in with authkit at a terminal."""
        done = at_a_terminal(self.home, "login", "dev-admin", answers=[self.code()])
        assert done.status == 0, done.screen

    @contextmanager
    def with_token(self, subject: str = SUBJECT, **wanted: object) -> Iterator[Caller]:
        """Yield a caller whose environment has a token of ISSUER's, as a build on GitHub has.

        `wanted` is what is otherwise than usual in the token.
        """
        token = self.aws.oidc_token(subject, issuer=f"https://{ISSUER}", **wanted)
        file = self.home.path / "token"
        file.write_text(token, "utf-8")
        with self.with_environ(
            AWS_ROLE_ARN="arn:aws:iam::123456789012:role/build",
            AWS_ROLE_SESSION_NAME="ci",
            AWS_WEB_IDENTITY_TOKEN_FILE=str(file),
        ) as build:
            yield build

    @contextmanager
    def with_environ(self, **changes: str | None) -> Iterator[Caller]:
        """Yield a caller whose program has other variables; None removes one."""
        changed = {**environ(self.home), **changes}
        kept = {name: text for name, text in changed.items() if text is not None}
        with self.sdk.started(kept) as program:
            yield self._replace(program=program)


class Seen(NamedTuple):
    """What STS saw of a call of the SDK, and what the SDK answered."""

    calls: list[str]
    answer: Answer

    def __str__(self) -> str:
        """For example ``GetCallerIdentity Throttling x2, GetCallerIdentity -> user/dev-admin``."""
        runs = ((call.strip(), len([*same])) for call, same in groupby(self.calls))
        calls = [f"{call} x{times}" if times > 1 else call for call, times in runs]
        return f"{', '.join(calls) or 'nothing'} -> {self._said()}"

    def _said(self) -> str:
        if "arn" in self.answer:
            return str(self.answer["arn"]).rpartition(":")[2]
        if "credentials" in self.answer:
            return "a session"
        if "error" in self.answer:
            return "an error of its own"
        return str(self.answer.get("code", "done"))


@contextmanager
def starting(sdk: Sdk | AwsCli, home: Home, aws: Simulator) -> Iterator[Caller]:
    """Yield a caller in an empty home.  Raises Unavailable and Failed."""
    (home.path / ".aws").mkdir()
    (home.path / ".aws" / "config").write_text(CONFIG, "utf-8")
    with sdk.started(environ(home)) as program:
        keys = {"access_key_id": KEYS[0], "secret_access_key": KEYS[1], "mfa_arn": MFA}
        configure = ("user", "configure", "dev-admin", "--stdin", "--no-verify")
        home.authkit(*configure, stdin=json.dumps(keys))
        yield Caller(sdk, program, home, aws)


def environ(home: Home) -> dict[str, str]:
    """Return the variables of an SDK's program.

    What would leave the machine goes to the simulator as the proxy, which refuses it.
    """
    return home.environ | {
        "AWS_ENDPOINT_URL": home.endpoint,
        "AWS_ENDPOINT_URL_STS": home.endpoint,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "HTTPS_PROXY": home.endpoint,
        "NO_PROXY": "127.0.0.1",
    }
