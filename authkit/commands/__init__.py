"""One file a command: each has a function `run`, which the command line calls."""
