"""Tests of sts_simulator.server."""
