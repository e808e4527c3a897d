"""Tests of what `authkit import` finds, plans and writes."""
