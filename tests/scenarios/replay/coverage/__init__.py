"""Tests of scenarios.replay.coverage."""
