"""Gives the stories in scenarios/ the token endpoint: in process, and over HTTP for real ones."""

import os
from dataclasses import replace

import pytest

from azure_service_principal import PUBLIC_CLOUD
from fakes.world import web
from token_endpoint import post, served


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item):
    """Have the endpoint answer while a story is replayed."""
    if not hasattr(item, "story"):
        yield
        return
    with web.serving(PUBLIC_CLOUD, post), served() as address:
        if item.name == "terminal":
            there = {"AZURE_AUTHORITY_HOST": address, "PYTHONPATH": os.environ["PYTHONPATH"]}
            environ = {**item.story.environ, **there}
            item.story = replace(item.story, environ=environ)
        yield
