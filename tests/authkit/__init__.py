"""Tests of authkit."""
