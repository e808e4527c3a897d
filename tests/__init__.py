"""The tests.  `stage`, `simulator` and `pty_tools` are what they share."""
