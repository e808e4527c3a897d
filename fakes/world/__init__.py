"""Fakes behind authkit's ports.  Each is a small working implementation, not a mock."""
