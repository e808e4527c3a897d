"""Real processes, terminals, shells, keyrings and AWS clients."""
