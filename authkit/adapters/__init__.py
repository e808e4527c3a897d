"""The real world behind the ports: STS, keyring, terminal, state folder, child processes."""
