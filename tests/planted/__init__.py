"""Defects that are planted into authkit one at a time, to see which tests notice.

    python -m tests.planted [--list] [--layers LAYER,...] [NAME]...

A defect is a row of ``defects``: where it goes, what it replaces there, and what a user
would suffer.  ``patch`` applies it to a module's syntax tree, ``planting`` makes Python
processes import the changed module, and ``layers`` are the tests that may find it.  No
file of authkit is changed.
"""
