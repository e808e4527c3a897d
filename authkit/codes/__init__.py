"""Where MFA codes and devices come from, if no person types them."""
