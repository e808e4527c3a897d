"""What a change of the code changes for people: two revisions play every story.

``player`` plays stories, ``trees`` runs it in each revision, ``differences`` compares what
the two observed, and ``review`` writes the differences as Markdown.
"""
