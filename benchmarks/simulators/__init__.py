"""Runs the same checks against this simulator and others: ``python -m benchmarks.simulators``."""
