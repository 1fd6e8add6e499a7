"""The switch and the whole system that calls are placed through: started once for all tests of a run."""

import signal

from tests.kit.fixtures import ami, stack, switch

# A shell starts background jobs with SIGINT ignored, and what is ignored stays so in every program started from here;
# the tests that end a program with Ctrl-C need it heard wherever they run.
signal.signal(signal.SIGINT, signal.default_int_handler)

__all__ = ["ami", "stack", "switch"]
