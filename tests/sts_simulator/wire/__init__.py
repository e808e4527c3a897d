"""Tests of sts_simulator.wire."""
