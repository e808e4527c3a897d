"""Fakes behind authkit's ports: small working things, not mocks."""
