"""Tests of authkit.core."""
