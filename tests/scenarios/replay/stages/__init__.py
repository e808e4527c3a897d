"""Tests of scenarios/replay/stages."""
