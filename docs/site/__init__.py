"""The site of the documentation: ``python -m docs.site [DIR]`` builds it, without a network."""
