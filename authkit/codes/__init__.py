"""MFA codes that no person has to type: the command of `mfa_process` prints them."""
