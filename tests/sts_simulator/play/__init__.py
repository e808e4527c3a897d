"""Tests of sts_simulator.play."""
