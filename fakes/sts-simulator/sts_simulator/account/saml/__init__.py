"""SAML 2.0: responses of identity providers, what was signed of them, and providers' metadata."""
