from tests.kit.fixtures import ami, stack, switch

__all__ = ["ami", "stack", "switch"]
