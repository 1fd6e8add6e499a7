from tests.kit.fixtures import ami, switch

__all__ = ["ami", "switch"]
