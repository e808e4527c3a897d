"""What authkit knows and decides.  Pure: no input or output but through ports it is handed."""
