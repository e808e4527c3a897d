"""Tests of scenarios.replay.revisions."""
