"""Real AWS SDKs of other languages against the simulator: one small program for each.

`checks` has what a login does and what is expected of each SDK, `building` builds the programs
in a cache folder, `programs` asks them, and the AWS CLI in their place.
``python -m pytest tests/sdks --sdks`` builds and runs all of it; without the option only the
tests of these modules run.
"""
