"""The desk as an ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from agent_desktop import live, sip_proxy
from agent_desktop.api import (
    agent,
    assessments,
    attachments,
    balance,
    calibrations,
    callers,
    calls,
    citizen,
    confidential,
    conversation,
    demo,
    drafts,
    duty,
    exports,
    floor,
    form,
    hand_overs,
    hotspots,
    identity,
    indicators,
    intake,
    keeping,
    knowledge,
    line_quality,
    machines,
    matters,
    office,
    outbox,
    outcomes,
    plays,
    quality,
    recording_exports,
    recordings,
    recusals,
    remarks,
    replay,
    reports,
    session,
    story,
    survey,
    system,
    tickets,
    tokens,
    voicemail,
)
from agent_desktop.demo_phones import DemoPhones
from agent_desktop.desk import Desk
from agent_desktop.doors import Doors
from agent_desktop.errors import install_error_handlers, responses
from agent_desktop.guards import Guards
from agent_desktop.keeper import Keeper
from agent_desktop.spa import serve_web_app

API = "/api/v1"


def create_app(doors: Doors) -> FastAPI:
    """The whole desk: API, live picture, softphone's way to the switch, web app.

    ``app.state.desk`` takes the switch's facts (:meth:`agent_desktop.desk.Desk.on_fact`).
    """
    desk = Desk(doors)
    keeper = Keeper(desk)

    @asynccontextmanager
    async def running(_app: FastAPI) -> AsyncIterator[None]:
        doors.attachments.begin()
        await desk.start()
        desk.spawn(keeper.run())
        try:
            yield
        finally:
            await desk.stop()

    app = FastAPI(
        title="Hotline 12345 desk",
        version="1",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=running,
        # Every answer may be the shape of errors; 422 replaces the framework's own form of it.
        responses=responses("invalid_request", "bad_body", "too_large", "internal", "database_busy"),
    )
    app.state.doors = doors
    app.state.desk = desk
    app.state.keeper = keeper
    app.state.demo_phones = DemoPhones(doors.config.demo_phones, desk.hub, doors.now)
    install_error_handlers(app)
    parts = (
        *(session, citizen, tickets, attachments, identity, matters, exports, indicators, balance, hotspots, reports),
        *(assessments, office, outbox, recusals, tokens, machines),
        *(voicemail, survey, recordings, plays, replay, story, remarks, recording_exports, quality, calibrations),
        *(keeping, confidential, callers, calls, line_quality, drafts, form, hand_overs, intake, knowledge),
        *(agent, conversation, floor, duty, outcomes, demo),
    )
    for module in parts:
        app.include_router(module.router, prefix=API)
    app.include_router(system.router)
    app.include_router(live.router)
    app.include_router(sip_proxy.router)
    if doors.config.static_dir is not None and (doors.config.static_dir / "index.html").is_file():
        serve_web_app(app, doors.config.static_dir)
    app.add_middleware(Guards)
    return app
