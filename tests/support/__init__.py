"""What the tests share: small worlds, real processes and terminals, clients, texts."""
