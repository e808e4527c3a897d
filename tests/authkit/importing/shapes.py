"""Shapes of AWS's config and credentials files, as people have them.

Each was seen in public, where its row says: in documentation, or in an issue or pull request of
that project.  The texts are our own, and the keys are the simulator's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.support.simulator import KEYS

if TYPE_CHECKING:
    from pathlib import Path

ID, SECRET = KEYS["access_key_id"], KEYS["secret_access_key"]
PAIR = f"aws_access_key_id = {ID}\naws_secret_access_key = {SECRET}\n"
ARN = "arn:aws:iam::123456789012"
ROLE = f"role_arn = {ARN}:role/deploy\n"
GUIDE = "AWS CLI User Guide"


class Shape(NamedTuple):
    """A shape: what the files have; `mode` is the credentials file's, `link` makes it a link."""

    name: str
    seen: str  # where
    config: str = ""
    credentials: str = ""
    encoding: str = "utf-8"
    mode: int = 0o600
    link: bool = False
    read: bool = True  # whether botocore takes both files

    def write(self, home: Path) -> None:
        """Write the files into a home folder."""
        folder = home / ".aws"
        folder.mkdir()
        for name, text in (("config", self.config), ("credentials", self.credentials)):
            if text:
                (folder / name).write_bytes(text.encode(self.encoding))
        path = folder / "credentials"
        if self.credentials:
            path.chmod(self.mode)
        if self.link:
            kept = home / "dotfiles" / "aws-credentials"
            kept.parent.mkdir()
            path.rename(kept)
            path.symlink_to("../dotfiles/aws-credentials")


SHAPES = (
    Shape(
        "`[default]`, as `aws configure` writes it",
        GUIDE,
        "[default]\nregion = us-west-2\noutput = json\n",
        f"[default]\n{PAIR}",
    ),
    Shape(
        "several users, comments between",
        GUIDE,
        "# work\n[profile work]\nregion = eu-west-1\n\n; home\n[default]\nregion = us-east-2\n",
        f"[work]\n# since May\naws_access_key_id={ID}\n; its secret\n"
        f"aws_secret_access_key={SECRET}\nregion = us-west-1\n\n[default]\n{PAIR}",
    ),
    Shape(
        "a role with MFA, an external id and a duration",
        GUIDE,
        f"[profile deploy]\n{ROLE}source_profile = dev\nmfa_serial = {ARN}:mfa/user\n"
        "external_id = audit-7\nduration_seconds = 7200\nregion = eu-west-1\n"
        "role_session_name = me\n",
        f"[dev]\n{PAIR}",
    ),
    Shape(
        "a role that is reached from a role",
        GUIDE,
        f"[profile ci]\n{ROLE}source_profile = hub\n[profile hub]\nrole_arn = {ARN}:role/hub\n"
        "source_profile = dev\n",
        f"[dev]\n{PAIR}",
    ),
    Shape(
        "nested settings (`s3 =`)",
        GUIDE,
        "[profile dev]\nregion = eu-west-1\ns3 =\n  max_concurrent_requests = 20\n"
        "  addressing_style = path\noutput = text\n",
        f"[dev]\n{PAIR}",
    ),
    Shape(
        "SSO sessions beside keys",
        GUIDE,
        "[sso-session work]\nsso_region = us-east-1\nsso_start_url = https://work.example/start\n"
        "[profile sso]\nsso_session = work\nsso_account_id = 123456789012\n"
        "sso_role_name = admin\n[profile on-sso]\n" + ROLE + "source_profile = sso\n",
        f"[dev]\n{PAIR}",
    ),
    Shape(
        "`credential_source`, and a web identity",
        GUIDE,
        f"[profile on-ec2]\n{ROLE}credential_source = Ec2InstanceMetadata\n[profile pod]\n{ROLE}"
        "web_identity_token_file = /var/run/token\n[profile dev]\n",
        f"[dev]\n{PAIR}",
    ),
    Shape(
        "`credential_process`, ours and another's",
        GUIDE,
        "[profile vault]\ncredential_process = aws-vault export --format=json vault\n"
        "[profile ours]\ncredential_process = /usr/bin/authkit credential-process dev\n",
        f"[dev]\n{PAIR}",
    ),
    Shape(
        "session credentials beside long-term ones",
        "aws-mfa#22",
        "",
        f"[work-long-term]\n{PAIR}aws_mfa_device = {ARN}:mfa/user\n\n[work]\n"
        f"aws_access_key_id = ASIA{ID[4:]}\naws_secret_access_key = {SECRET}\n"
        "aws_session_token = FwoGZXIvYXdzEXAMPLE\nexpiration = 2026-01-01 00:00:00\n",
    ),
    Shape(
        "halves of keys, and blank ones",
        "botocore#331",
        "",
        f"[id]\naws_access_key_id = {ID}\n[secret]\naws_secret_access_key = {SECRET}\n"
        f"[blank]\naws_access_key_id =\naws_secret_access_key =\n[dev]\n{PAIR}",
    ),
    Shape(
        "a profile twice",
        "aws-cli#9261, aws-sam-cli#1035",
        "[profile test]\nregion = eu-central-1\n\n[profile test]\nregion = eu-central-1\n",
        f"[test]\n{PAIR}[dev]\n{PAIR}",
        read=False,
    ),
    Shape(
        "a key twice",
        "awslogs#367",
        "",
        f"[test]\n{PAIR}aws_access_key_id = AKIAOTHEROTHEROTHERO\n[dev]\n{PAIR}",
        read=False,
    ),
    Shape(
        "a name without `=`",
        "configparser's documentation",
        "",
        f"[dev]\n{PAIR}\n[test]\n{ID}\n",
        read=False,
    ),
    Shape(
        "a byte-order mark",
        "aws-cli#3419",
        "",
        f"[default]\n{PAIR}",
        encoding="utf-8-sig",
        read=False,
    ),
    Shape(
        "a header at the end of another line",
        "aws-cli#2996, aws-cli#6874",
        "",
        f"[dev]\n{PAIR}[old]\n{PAIR}region=eu-west-1[new]\n{PAIR}",
        read=False,
    ),
    Shape(
        "CRLF line ends",
        "lambda-local#29",
        "[profile dev]\r\nregion = eu-west-1\r\n",
        f"[dev]\n{PAIR}".replace("\n", "\r\n"),
    ),
    Shape(
        "names with `/`, `@`, blanks and letters of other scripts",
        "aws-cli#8481",
        '[profile "two words"]\nregion = eu-west-1\n[profile Audit/AWSPowerUser]\n'
        "region = us-east-1\n",
        f"[Audit/AWSPowerUser]\n{PAIR}[me@acme]\n{PAIR}[entwickler-ü]\n{PAIR}[two words]\n{PAIR}"
        f"[*]\n{PAIR}",
    ),
    Shape(
        "`[profile x]` in the credentials file",
        "IBM COS's documentation",
        "",
        f"[default]\n{PAIR}\n[profile pool2]\n{PAIR}",
    ),
    Shape(
        "a role whose source is missing, empty, or leads round",
        "botocore#2311",
        "[profile foo]\n\n[profile bar]\nsource_profile = foo\n"
        + ROLE
        + f"[profile lost]\n{ROLE}source_profile = gone\n[profile a]\n{ROLE}source_profile = b\n"
        f"[profile b]\n{ROLE}source_profile = a\n[profile mistyped]\nsource_profile = dev\n"
        "role_arn = arn:aws:iam:123456789012:role/deploy\n",
        f"[dev]\n{PAIR}",
    ),
    Shape(
        "keys and role in one profile; role_arn in the credentials file",
        "aws-cli#1175",
        "",
        f"[dev]\n{PAIR}\n[own]\n{PAIR}{ROLE}source_profile = own\n\n[deploy]\n{ROLE}"
        "source_profile = dev\n",
    ),
    Shape(
        "a symlinked dotfile, mode 0644",
        "saml2aws#45",
        "[profile dev]\nregion=eu-west-1",
        f"[dev]\n{PAIR}# the end",
        mode=0o644,
        link=True,
    ),
)
