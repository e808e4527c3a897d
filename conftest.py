"""Registers the pytest plug-in that makes tests of story files: scenarios.replay.runner.collect."""

pytest_plugins = ["pytester", "scenarios.replay.runner.collect"]
