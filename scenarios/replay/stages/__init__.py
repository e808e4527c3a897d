"""The levels at which a story is played, and what each needs."""
