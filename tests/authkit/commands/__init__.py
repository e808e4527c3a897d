"""Tests of authkit.commands."""
