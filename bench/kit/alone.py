"""For benches that place calls: they run where nothing but the loopback interface exists."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.kit.switch import in_namespace

_NAMESPACE = Path(__file__).parents[2] / "tests" / "kit" / "netns.sh"


def go_alone() -> None:
    """Runs this bench again, from its start, in a network namespace of its own, unless it is in one already."""
    if in_namespace():
        return
    spec = sys.modules["__main__"].__spec__
    assert spec is not None, "started as a file; start it as  python -m bench.NAME"
    os.execv(_NAMESPACE, [str(_NAMESPACE), sys.executable, "-m", spec.name, *sys.argv[1:]])
