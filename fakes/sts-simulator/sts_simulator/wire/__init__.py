"""The account's answers as bytes: signatures, form bodies, XML and JSON."""
