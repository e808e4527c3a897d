"""Tests of authkit.kinds."""
