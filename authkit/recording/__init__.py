"""Recordings: what a command did, as a scenario file (``authkit --record``)."""
