"""Tests of authkit/doctor."""
