"""Azure service principals as a kind of authkit's: the OAuth 2.0 client credentials flow.

Source: Microsoft identity platform, "OAuth 2.0 client credentials flow", and its list of
AADSTS error codes.
"""

import json
import re
from datetime import timedelta

from authkit import kinds
from authkit.kinds import Action, Field, Granted, Refused, Rule, Template, Unreachable, codes

PUBLIC_CLOUD = "https://login.microsoftonline.com"
SCOPE = "https://management.azure.com/.default"
RUN_LOGIN = "Run '{login}'"
TOO_OFTEN = Template(
    "✗ {tries} times, Azure refused what was entered ({code}).\n"
    "  {done}\n"
    "  Look at Certificates & secrets of the app registration, then run\n  '{login}'."
)
NO_ANSWER = Template(
    "✗ {meaning}.\n  {done}\n  Check network, proxy and VPN, then run\n  '{login}'."
)


def guid(text):
    """Check an id of Azure's: 32 hex digits in five groups."""
    if not re.fullmatch(
        r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text, re.ASCII | re.IGNORECASE
    ):
        raise ValueError("an id is written like 11111111-2222-3333-4444-555555555555")
    return text.lower()


def scope(text):
    """Check a scope: what the token is for."""
    if not re.fullmatch(r"https://[^\s?#]+/\.default", text):
        raise ValueError(f"a scope is written like {SCOPE}")
    return text


FIELDS = (
    Field("tenant_id", "Tenant ID", "the directory of the app registration", guid, required=True),
    Field("client_id", "Client ID", "the app registration's application id", guid, required=True),
    Field(
        "client_secret", "Client Secret", "the secret's value, not its id", kinds.not_blank,
        required=True, secret=True,
    ),
    Field("scope", "Scope", "what the token is for", scope, default=SCOPE),
)  # fmt: skip

RULES = (
    Rule(
        "secret-wrong",
        codes("AADSTS7000215", "AADSTS7000222"),
        Action.REPLACE_SECRET,
        meaning="The client secret is wrong or has expired ({code})",
        hint=RUN_LOGIN + "\n  in a terminal and enter the secret again.",
        says="keys-removed",
        spent=TOO_OFTEN,
    ),
    Rule(
        "app-unknown",
        codes("AADSTS700016", "AADSTS90002"),
        Action.REPLACE_KEYS,
        meaning="Azure does not know this app or its tenant ({code})",
        hint=RUN_LOGIN + "\n  in a terminal and enter the ids again.",
        says="keys-removed",
        spent=TOO_OFTEN,
    ),
    Rule(
        "busy",
        codes("429", "temporarily_unavailable"),
        Action.WAIT,
        meaning="Azure is being asked too often ({code})",
        hint="Wait a minute, then run '{login}'.",
        pauses=kinds.PAUSES,
    ),
    Rule(
        "no-answer",
        codes(kinds.NO_ANSWER, kinds.BROKEN_ANSWER),
        Action.WAIT,
        meaning="Azure cannot be asked: {reason}",
        pauses=kinds.PAUSES,
        ending=NO_ANSWER,
    ),
    Rule("cannot-ask", codes(kinds.CANNOT_ASK), Action.STOP, meaning="{reason}", ending=NO_ANSWER),
    Rule(
        "other",
        codes(),
        Action.STOP,
        meaning="Azure gives no token ({code})",
        hint="Look the code up at https://login.microsoftonline.com/error, then run\n  '{login}'.",
    ),
)


def log_in(world, values):
    """Return an access token for the service principal.  Raises Refused, Unreachable."""
    authority = world.environ.get("AZURE_AUTHORITY_HOST", "").rstrip("/") or PUBLIC_CLOUD
    form = {
        "grant_type": "client_credentials",
        "client_id": values.text("client_id"),
        "client_secret": values.text("client_secret"),
        "scope": values.text("scope") or SCOPE,
    }
    url = f"{authority}/{values.text('tenant_id')}/oauth2/v2.0/token"
    status, body = world.web.post(url, form)
    answer = understood(body)
    if status != 200:
        said = str(answer.get("error_description", "")).partition("\r\n")[0]
        code = re.match(r"AADSTS\d+", said)
        raise Refused(
            "token", code[0] if code else str(answer.get("error", status)), said, status=status
        )
    try:
        token, lasts = str(answer["access_token"]), timedelta(seconds=int(answer["expires_in"]))
    except (KeyError, TypeError, ValueError):
        raise Unreachable("token", "there is no token in it", answered=True, sent=True) from None
    return Granted(
        # Other credentials of the SDKs are removed: they would come before the token.
        {"AZURE_ACCESS_TOKEN": token, "AZURE_CLIENT_SECRET": "", "ARM_CLIENT_SECRET": ""},
        world.clock.now() + lasts,
        account=values.text("tenant_id"),
        principal=values.text("client_id"),
    )


def understood(body):
    """Return the object in an answer, an empty one where there is none."""
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


SERVICE_PRINCIPAL = kinds.kind(
    "azure/service-principal", vendor="Azure", fields=FIELDS, rules=RULES, log_in=log_in
)
