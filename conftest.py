"""Scenario files are tests, and --update rewrites them: see scenarios/replay/collect.py."""

pytest_plugins = ["pytester", "scenarios.replay.collect"]
