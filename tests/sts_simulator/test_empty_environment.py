"""The distribution in an environment of its own, installed by the Containerfile's instructions.

It needs a package index, and is skipped with the reason where pip reaches none.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import size
from tests.support.aws_client import Client

SOURCE = Path(__file__).parents[2] / "fakes" / "sts-simulator"


def instructions(name: str) -> list[str]:
    """Return what follows this word in the Containerfile, by line."""
    lines = (SOURCE / "Containerfile").read_text(encoding="utf-8").splitlines()
    return [line.partition(" ")[2] for line in lines if line.startswith(f"{name} ")]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment in which the RUN instructions have run, without this one's."""
    folder = tmp_path_factory.mktemp("container")
    shutil.copytree(SOURCE, folder / "src", ignore=shutil.ignore_patterns("*.egg-info"))
    made = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", made], check=True, start_new_session=True)  # noqa: S603 - our own
    for line in instructions("RUN"):
        words = [str(folder / "src") if word == "/src" else word for word in shlex.split(line)]
        assert words[0] == "python"
        done = subprocess.run(  # noqa: S603 - our own
            [made / "bin" / "python", *words[1:]],
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
        )
        if "No matching distribution" in done.stderr or "connection" in done.stderr.lower():
            pytest.skip("pip reaches no package index")
        assert done.returncode == 0, done.stderr
    return made


def test_it_is_light(environment: Path) -> None:
    """It takes no more packages and megabytes than docs/simulator.md says, pip included."""
    measured = size.measured(environment)
    assert size.fits(measured), measured


def test_it_serves_as_the_container_does(environment: Path) -> None:
    """ENTRYPOINT serves STS and IAM; a service that needs more says with which extra."""
    (entry,) = instructions("ENTRYPOINT")
    command = ["0" if word in instructions("EXPOSE") else word for word in json.loads(entry)]
    with (
        subprocess.Popen(  # noqa: S603 - our own
            [environment / "bin" / command[0], *command[1:]],
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            cwd=environment,
            env={"PATH": os.environ["PATH"], "HOME": str(environment)},
        ) as process
    ):
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        client, user = Client(ready["endpoint"]), ready["users"]["dev-admin"]
        try:
            assert ready["control_token"]
            assert client.identity(user).endswith("user/dev-admin")
            assert client.aws("iam", user).get_user()["User"]["UserName"] == "dev-admin"
            client.aws("s3", user).create_bucket(Bucket="things")
            xray = client.aws("xray", user)
            with pytest.raises(xray.exceptions.ClientError, match=r"moto\[xray\]") as refused:
                xray.get_trace_summaries(StartTime=0, EndTime=1)
            assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
            made = client.aws("iam", user).create_saml_provider(
                Name="any", SAMLMetadataDocument="any" * 400
            )
            sts = client.aws("sts", user)
            with pytest.raises(sts.exceptions.ClientError, match=r"sts-simulator\[saml\]"):
                sts.assume_role_with_saml(
                    RoleArn="arn:aws:iam::123456789012:role/any",
                    PrincipalArn=made["SAMLProviderArn"],
                    SAMLAssertion="any0",
                )
        finally:
            process.terminate()
    assert process.returncode == 0
