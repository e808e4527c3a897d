"""Suites that several implementations of one thing have to pass alike."""
