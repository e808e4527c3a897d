"""Config files with an error: the text, where it is wrong, and the reason that is shown."""

from __future__ import annotations

WRONG = [
    ("x = [", "it is not TOML", "at end of document"),
    ("a = 1\na = 2", "it is not TOML", "Cannot overwrite a value"),
    ("defualt = 'x'", "the top level", "there is no key defualt; the nearest is default."),
    ("x = 1", "the top level", "there is no key x, but default, identities."),
    ("default = 1", "default", "text in quotes"),
    ("default = 'x'", "default", "there is no [identities.x]"),
    ("identities = 1", "identities", "it must be a table"),
    ("[[identities]]", "identities", "it must be a table"),
    ("identities.a = 1", "identities.a", "it must be a table"),
    ("[identities.'a?']", 'identities."a?"', "cannot be the name of an identity"),
    (
        "[identities.a]\nkind = 'aws/usr'",
        "identities.a.kind",
        "there is no kind aws/usr; the nearest is aws/user; no installed distribution brings it.",
    ),
    (
        "[identities.a]\nkind = 'azure'",
        "identities.a.kind",
        "there is no kind azure, but aws/assume-role, aws/user; no installed",
    ),
    (
        "[identities.'a.b']\nmfa_arn = 'x'",
        'identities."a.b".mfa_arn',
        "an MFA ARN is written like",
    ),
    (
        "default = 'dve'\n[identities.dev]",
        "default",
        "there is no [identities.dve]; the nearest is dev.",
    ),
    ("default = 'x'\n[identities.dev]", "default", "there is no [identities.x]."),
    ("[identities.a]\nkind = 1", "identities.a.kind", "text in quotes"),
    (
        "[identities.a]\nreigon = 'x'",
        "identities.a",
        "there is no key reigon; the nearest is region.",
    ),
    (
        "[identities.a]\ncolour = 'x'",
        "identities.a",
        "there is no key colour, but kind, mfa_arn",
    ),
    ("identites = 1", "the top level", "there is no key identites; the nearest is identities."),
    ("[identities.a]\nregion = 'x'", "identities.a.region", "written like us-east-1"),
    ("[identities.a]\nregion = 1", "identities.a.region", "text in quotes"),
    ("[identities.a]\nmfa_arn = 'x'", "identities.a.mfa_arn", "written like arn:"),
    ("[identities.a]\nmfa_arn = ''", "identities.a.mfa_arn", "written like arn:"),
    (
        "[identities.a]\nsession_duration = 36",
        "identities.a.session_duration",
        "text in quotes",
    ),
    ("[identities.a]\nsession_duration = '37h'", "identities.a.session_duration", "15m to 36h"),
    ("[identities.a]\nsession_duration = '14m'", "identities.a.session_duration", "15m to 36h"),
    ("[identities.a]\nsession_duration = 'x'", "identities.a.session_duration", "written like"),
]


def a_role(name: str, source: str, more: str = "", *, partition: str = "aws") -> str:
    """Return the table of a role."""
    arn = f"arn:{partition}:iam::123456789012:role/{name}"
    return (
        f"[identities.{name}]\nkind = 'aws/assume-role'\n"
        f"source = '{source}'\nrole_arn = '{arn}'\n{more}\n"
    )


CHAIN = "[identities.dev]\n" + a_role("build", "dev") + a_role("deploy", "build")


WRONG_ROLES = {
    "no source": ("[identities.r]\nkind = 'aws/assume-role'", "identities.r", "source is missing"),
    "its own source": (a_role("r", "r"), "identities.r.source", "it leads round in a circle"),
    "a circle of two": (a_role("r", "s") + a_role("s", "r"), "identities.r.source", "a circle"),
    "an unknown source": (a_role("r", "x"), "identities.r.source", "there is no [identities.x]"),
    "a chain of more than an hour": (
        CHAIN + "session_duration = '2h'",
        "identities.deploy.session_duration",
        "a role that is reached from a role gets one hour at most",
    ),
    "another partition": (
        "[identities.dev]\n" + a_role("r", "dev", partition="aws-cn"),
        "identities.r.role_arn",
        "its partition is aws-cn, that of us-east-1 is aws",
    ),
    "a source in another partition": (
        "[identities.dev]\nregion = 'cn-north-1'\n" + a_role("r", "dev"),
        "identities.r.source",
        "its partition is aws-cn, that of us-east-1 is aws",
    ),
    "a secret": (
        "[identities.dev]\n" + a_role("r", "dev", "secret_access_key = 'x'"),
        "identities.r.secret_access_key",
        "keys belong in the keyring",
    ),
}
