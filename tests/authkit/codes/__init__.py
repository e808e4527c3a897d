"""Tests of authkit/codes."""
