"""The switch and the whole system that calls are placed through: started once for all tests of a run."""

import signal

import pytest

from tests.kit.fixtures import ami, stack, switch
from tests.kit.postgres import stop_shared_postgres

# A shell starts background jobs with SIGINT ignored, and what is ignored stays so in every program started from here;
# the tests that end a program with Ctrl-C need it heard wherever they run.
signal.signal(signal.SIGINT, signal.default_int_handler)

TRIED_TWICE = ("wire", "live", "browser")
"""What a busy machine can disturb; a pure core that fails once has failed (docs/decisions/0060)."""


LONGEST = ("test_wheel", "test_ticket_random", "test_desk_schema", "test_ticket_concurrency")
"""Files begun first, so that no worker is left alone with one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.stem not in LONGEST)
    for item in items:
        if any(item.get_closest_marker(name) for name in TRIED_TWICE):
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_sessionfinish() -> None:
    stop_shared_postgres()


__all__ = ["ami", "stack", "switch"]
