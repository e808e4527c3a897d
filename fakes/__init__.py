"""A world to run authkit in: small working things, each behind one of authkit's ports.

``account`` is the one truth about STS; ``sts`` (the port), ``wire`` (its wire
form) and ``server`` (HTTP) show it to different callers.
"""
