"""AWS IAM-user login that recovers by itself.

The package is a command (``authkit``) over a small core.  docs/architecture.md
is the map; ``model`` and ``ports`` are where reading starts.
"""

__version__ = "0.1.0.dev0"
