"""What `authkit import` finds in the person's files, what becomes of it, and how it is written."""
