"""MFA codes and devices that no person has to type: the command of `mfa_process`, and IAM."""
