"""The fixture `sts_simulator` comes with this plugin."""

pytest_plugins = ["fakes.pytest_plugin"]
