"""The account on the wire: SigV4 signatures, form bodies, XML and JSON."""
