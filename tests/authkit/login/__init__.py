"""Tests of authkit.login."""
