"""Tests of fakes.world."""
