"""From whatever is at hand to a session: the loop, and what it works with."""
