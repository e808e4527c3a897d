"""A faithful, fault-injecting AWS STS, for tests of any AWS client."""

__version__ = "0.1.0.dev0"
