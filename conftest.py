"""Scenario files are tests, and --update rewrites them: see scenarios/replay/runner/collect.py."""

pytest_plugins = ["pytester", "scenarios.replay.runner.collect"]
