"""What holds of the repository as a whole: imports, documents, budgets, secrets."""
