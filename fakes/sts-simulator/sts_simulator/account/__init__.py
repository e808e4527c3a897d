"""What STS and IAM answer, and why."""
