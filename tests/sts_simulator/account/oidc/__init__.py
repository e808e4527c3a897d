"""Tests of OpenID Connect tokens and of their issuer."""
