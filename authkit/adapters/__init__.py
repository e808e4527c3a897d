"""The real world behind the ports.  Only the command line makes it; the core does not know it."""
