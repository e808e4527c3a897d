"""Playing stories, comparing, reporting, updating, collecting for pytest."""
