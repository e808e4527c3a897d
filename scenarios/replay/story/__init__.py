"""What the file of a story says: the values of a story, and how they are read and written."""
