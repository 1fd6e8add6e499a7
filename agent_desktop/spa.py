"""The built web app: hashed files cached for ever, the page itself never, every page address answered with it."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from agent_desktop.access import PUBLIC

OPEN = ("/login", "/phone", "/progress")
"""Pages for which nobody is logged in."""

INSIDE = (
    "/",
    *("/desk", "/inbox", "/dispatch", "/supervision", "/statistics", "/floor", "/survey"),
    *("/knowledge", "/callers", "/recusals", "/rules", "/ledger", "/office"),
    *(f"/{name}{rest}" for name in ("calls", "voicemail", "tickets", "recordings") for rest in ("", "/{rest:path}")),
)
"""Pages inside the frame of the desk."""

PAGES = (*OPEN, *INSIDE)
"""Addresses the web app's router knows (tests/unit/test_web_pages.py compares); each is answered with the same page."""

PACKED = {"br": ".br", "gzip": ".gz"}
"""What the build leaves beside a file (scripts/compress.mjs), best first."""

MANIFEST = "manifest.json"
"""The build's list of its files: for the server, not for browsers."""

FOR_EVER = "public, max-age=31536000, immutable"
CHECK_FIRST = "no-cache"


class HashedFiles(StaticFiles):
    """Files whose names carry a hash of their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        encoding = self._packed(path, scope)
        response = await super().get_response(path + PACKED.get(encoding, ""), scope)
        if response.status_code in (200, 206, 304):
            response.headers["cache-control"] = FOR_EVER
            response.headers["vary"] = "accept-encoding"
            if encoding:
                response.headers["content-encoding"] = encoding
                response.headers["content-type"] = mimetypes.guess_type(path)[0] or "application/octet-stream"
        return response

    def _packed(self, path: str, scope: Scope) -> str:
        """The best encoding that the browser takes and the build has made; empty: the file as it is."""
        offered = Headers(scope=scope).get("accept-encoding", "")
        takes = {one.split(";")[0].strip() for one in offered.split(",") if not one.replace(" ", "").endswith(";q=0")}
        return next((name for name in PACKED if name in takes and self.lookup_path(path + PACKED[name])[1]), "")


def serve_web_app(app: FastAPI, folder: Path) -> None:
    """Adds the web app built into ``folder`` to ``app``.  Unknown addresses stay 404: a lost asset must not
    come back as a page."""
    pages = APIRouter(include_in_schema=False, dependencies=[PUBLIC])
    files = StaticFiles(directory=folder)
    ahead = {"link": _ahead(folder)}
    for address in PAGES:
        serve = _serving(files, "index.html", ahead if address in INSIDE else {})
        pages.add_api_route(address, serve, methods=["GET", "HEAD"])
    for file in sorted(folder.glob("*.*")):
        if file.name not in ("index.html", MANIFEST) and file.is_file():
            pages.add_api_route(f"/{file.name}", _serving(files, file.name), methods=["GET", "HEAD"])
    app.include_router(pages)
    if (folder / "assets").is_dir():
        app.mount("/assets", HashedFiles(directory=folder / "assets"), name="assets")


def _ahead(folder: Path) -> str:
    """What the desk will ask for once the first script has run, as a ``Link`` header (RFC 8288): the browser fetches it
    meanwhile.  Empty without the build's manifest."""
    try:
        built: dict[str, dict[str, Any]] = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return ""
    waiting = [key for key, chunk in built.items() if chunk.get("name") == "desk" or key == "index.html"]
    chunks: list[str] = []
    for key in waiting:  # grows while it is read: what a chunk needs, and so on
        if key not in chunks:
            chunks.append(key)
            waiting += built[key].get("imports", ())
    scripts = [f"</{built[key]['file']}>; rel=modulepreload" for key in chunks]
    styles = [
        f"</{style}>; rel=preload; as=style; crossorigin" for key in chunks for style in built[key].get("css", ())
    ]
    return ", ".join((*scripts, *styles))


def _serving(
    files: StaticFiles, name: str, headers: Mapping[str, str] = MappingProxyType({})
) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint for one file, which the browser asks about each time and mostly has already (304)."""

    async def serve(request: Request) -> Response:
        response = await files.get_response(name, request.scope)
        response.headers["cache-control"] = CHECK_FIRST
        response.headers.update({name: value for name, value in headers.items() if value})
        return response

    return serve
