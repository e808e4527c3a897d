"""Tests of sts_simulator.account."""
