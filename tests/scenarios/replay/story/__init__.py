"""Tests of scenarios/replay/story."""
