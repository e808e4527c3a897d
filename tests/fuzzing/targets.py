"""The table of all that is fuzzed: a target by its name."""

from tests.fuzzing import any_input, authkit_input, simulator_bytes, started_input, sts_bytes

TARGETS = (
    authkit_input.TARGETS
    | started_input.TARGETS
    | sts_bytes.TARGETS
    | simulator_bytes.TARGETS
    | any_input.TARGETS
)
