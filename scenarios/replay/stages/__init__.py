"""The levels at which a story is replayed: a stage runs steps and returns what it observed."""
