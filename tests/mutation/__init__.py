"""Mutation: small changes to authkit, one at a time, that some test has to notice.

    python -m tests.mutation tables [--list] [--deep] [MODULE]...
    python -m tests.mutation functions [MODULE]...

`tables` changes what stands at the level of a module or of a class: each element of a
tuple, set, dict, list or frozenset, each column of a row, and each constant, is dropped or
changed.  `functions` has mutmut change what is in functions, which is all that it
changes.  A MODULE is a name such as ``authkit.core.rules``, or a package's; the default is
all of authkit.  Survivors that no test can kill are in ``survivors.toml``, each with its reason.
"""
