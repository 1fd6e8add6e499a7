"""Prints what the desk says and takes, as JSON Schema: ``{"live": …, "http": …}``.  For ``npm run types``."""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
from typing import Any

from fastapi import FastAPI

from agent_desktop import api
from agent_desktop.messages import json_schema


def http_schema() -> dict[str, Any]:
    """The models of the HTTP interface, by name."""
    app = FastAPI()
    for module in pkgutil.iter_modules(api.__path__):
        router = getattr(importlib.import_module(f"{api.__name__}.{module.name}"), "router", None)
        if router is not None:
            app.include_router(router)
    models: dict[str, Any] = app.openapi()["components"]["schemas"]
    return {"$defs": dict(sorted(models.items()))}


def schemas() -> dict[str, Any]:
    """Both interfaces."""
    return {"live": json_schema(), "http": http_schema()}


if __name__ == "__main__":
    json.dump(schemas(), sys.stdout, ensure_ascii=False)
