"""OpenID Connect: tokens, their verification, and an issuer of the simulator's own."""
