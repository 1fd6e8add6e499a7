"""The switch and the whole system that calls are placed through: started once for all tests of a run."""

from tests.kit.fixtures import ami, stack, switch

__all__ = ["ami", "stack", "switch"]
