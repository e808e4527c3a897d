"""Tests of authkit/recording."""
