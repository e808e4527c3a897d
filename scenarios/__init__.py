"""What happens, told as transcripts: each *.toml here is a story, and a test of it."""
