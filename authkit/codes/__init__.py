"""MFA codes that nobody has to type (`mfa_process`), and devices that nobody has to know."""
