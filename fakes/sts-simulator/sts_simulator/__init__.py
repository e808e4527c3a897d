"""A faithful, fault-injecting AWS STS, usable by anybody.  It shares no code with authkit."""

__version__ = "0.1.0.dev0"
