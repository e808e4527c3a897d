"""Tests of scenarios/replay."""
