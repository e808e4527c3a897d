"""Replaying stories: comparing, reporting, updating files, pytest's tests, the command line."""
