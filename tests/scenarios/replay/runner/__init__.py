"""Tests of scenarios/replay/runner."""
