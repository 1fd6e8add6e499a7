"""The built web app: hashed files cached for ever, the page itself never, every page address answered with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from agent_desktop.access import PUBLIC

PAGES = (
    *(
        "/",
        "/login",
        "/desk",
        "/calls",
        "/calls/{rest:path}",
        "/tickets",
        "/tickets/{rest:path}",
        "/recordings",
        "/recordings/{rest:path}",
        "/phone",
        "/progress",
    ),
    *("/inbox", "/dispatch", "/supervision", "/knowledge", "/callers", "/rules", "/ledger", "/office"),
)
"""Addresses the web app's router knows; each is answered with the same page."""

FOR_EVER = "public, max-age=31536000, immutable"
CHECK_FIRST = "no-cache"


class HashedFiles(StaticFiles):
    """Files whose names carry a hash of their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code in (200, 206, 304):
            response.headers["cache-control"] = FOR_EVER
        return response


def serve_web_app(app: FastAPI, folder: Path) -> None:
    """Adds the web app built into ``folder`` to ``app``.  Unknown addresses stay 404: a lost asset must not
    come back as a page."""
    pages = APIRouter(include_in_schema=False, dependencies=[PUBLIC])
    files = StaticFiles(directory=folder)
    for address in PAGES:
        pages.add_api_route(address, _serving(files, "index.html"), methods=["GET", "HEAD"])
    for file in sorted(folder.glob("*.*")):
        if file.name != "index.html" and file.is_file():
            pages.add_api_route(f"/{file.name}", _serving(files, file.name), methods=["GET", "HEAD"])
    app.include_router(pages)
    if (folder / "assets").is_dir():
        app.mount("/assets", HashedFiles(directory=folder / "assets"), name="assets")


def _serving(files: StaticFiles, name: str) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint for one file, which the browser asks about each time and mostly has already (304)."""

    async def serve(request: Request) -> Response:
        response = await files.get_response(name, request.scope)
        response.headers["cache-control"] = CHECK_FIRST
        return response

    return serve
