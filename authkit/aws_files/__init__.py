"""AWS's own config and credentials files: read as botocore reads them, and edited in place."""
