"""What `authkit doctor` looks at, and what it says: tables of checks and of findings."""
