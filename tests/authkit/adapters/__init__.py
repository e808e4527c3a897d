"""Tests of authkit.adapters."""
