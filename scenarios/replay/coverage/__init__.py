"""What stories show, what no story shows yet, and how a story is begun.

``noted`` plays the stories and notes what each shows, ``cells`` is the table of what there
is to be shown, and ``page`` writes both as docs/coverage.md.  ``new_story`` is the command
that begins a story: ``starts`` says how each call comes about, ``writing`` plays it and
writes the file, ``pasted`` reads a screen that somebody saw.
"""
