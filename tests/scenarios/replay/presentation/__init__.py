"""Tests of scenarios/replay/presentation."""
