"""What STS answers, and why: the account, its users and sessions, the checks, the faults."""
