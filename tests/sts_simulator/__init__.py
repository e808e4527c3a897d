"""Tests of sts_simulator."""
