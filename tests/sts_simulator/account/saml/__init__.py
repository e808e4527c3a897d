"""Tests of the account's SAML."""
