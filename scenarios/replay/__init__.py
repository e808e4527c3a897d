"""The machinery that reads, replays, checks and updates the stories in scenarios/.

``reading`` makes a `Story` of a file, a level of ``levels`` replays it step by
step, ``checks`` compares, ``report`` tells.  ``collect`` is pytest's side of
it, ``command`` the shell's.
"""
