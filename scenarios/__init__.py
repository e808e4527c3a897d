"""Stories about authkit, told as transcripts: each ``FOLDER/*.toml`` is a story, and a test."""
