"""Tests of authkit.aws_files."""
