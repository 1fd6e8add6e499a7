"""Puts a city's flow on a port: what ``hotline ivr`` runs."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from twisted.python.log import PythonLoggingObserver
from twisted.web.resource import Resource
from twisted.web.server import Request, Site

from ivr.caller_lists import CallerClasses, Normalise, NumberList
from ivr.city_file import City
from ivr.fastagi import Clock, FastAgiConfig, FastAgiFactory, Headers, Source
from ivr.flows.inbound import Call, inbound
from ivr.flows.survey import survey
from ivr.flows.voicemail import voicemail
from ivr.prompt_book import LANGUAGE
from ivr.survey_notes import SurveyNotes
from ivr.verbs import Flow

log = logging.getLogger("ivr")


class Reactor(Clock, Protocol):
    """What is used of Twisted's reactor."""

    def listenTCP(self, port: int, factory: object, backlog: int = 50, interface: str = "") -> object:
        """Accepts connections on a port."""


@dataclass(frozen=True)
class ServeConfig:
    """Everything the IVR process needs to know."""

    city: City
    port: int
    metrics_port: int
    time_zone: str
    normalise: Normalise
    """A telephone number in any spelling → its key; the same one the rest of the system uses."""
    survey_folder: Path
    """Where notes of what callers answered are left for the worker."""
    status: Source | None = None
    """Answers ``code|tail|number`` with how far the request is; needed where the menu offers it."""
    sounds: str = "city"
    """The city's prompt folder as Asterisk knows it, below its own ``sounds``."""
    address: str = "127.0.0.1"
    limits: FastAgiConfig = field(default_factory=FastAgiConfig)
    clock: Callable[[dt.tzinfo], dt.datetime] = dt.datetime.now


MESSAGE_SECONDS = 1800.0
"""The longest session of a voice message: spoken, heard again and spoken anew several times.  Nobody waits for it,
and the switch ends each command that takes too long."""


STATUS_SECONDS = 300.0
"""What asking how far requests are may take beyond the usual session: codes are typed, three of them, with mistakes."""


def new_flow(config: ServeConfig) -> Callable[[Headers], Flow]:
    """The flow of each new session, by the script that the dialplan asks for: ``inbound``, ``voicemail``, ``survey``.

    The latter two get the path to record into as their second argument.
    """
    zone = ZoneInfo(config.time_zone)
    city = config.city

    def start(headers: Headers) -> Flow:
        contact, base = headers.get("agi_arg_1", ""), headers.get("agi_arg_2", "")
        match headers.get("agi_network_script"):
            case "voicemail":
                return voicemail(base, city.menu.voicemail)
            case "survey":
                return survey(contact, base, city.menu.survey)
        number = headers.get("agi_callerid", "")
        call = Call("" if number == "unknown" else number, config.clock(zone))
        return inbound(call, city.menu, city.office)

    return start


def build_factory(config: ServeConfig, reactor: Reactor) -> FastAgiFactory:
    """The server of a city, not yet listening."""
    city = config.city
    classes = CallerClasses(
        *(NumberList(path, config.normalise) if path else None for path in (city.blocked, city.priority))
    )
    zone = ZoneInfo(config.time_zone)
    notes = SurveyNotes(config.survey_folder, lambda: config.clock(zone))
    folder = f"{config.sounds}/{LANGUAGE}"
    comment = city.menu.survey.comment_seconds

    def longest(headers: Headers) -> float:
        usual = config.limits.session_seconds + (STATUS_SECONDS if config.status is not None else 0.0)
        allowed = {"voicemail": MESSAGE_SECONDS, "survey": config.limits.session_seconds + comment}
        return allowed.get(headers.get("agi_network_script", ""), usual)

    sources: dict[str, Source] = {"caller_class": classes, "survey": notes}
    if config.status is not None:
        sources["status"] = config.status
    return FastAgiFactory(
        new_flow(config),
        sources,
        lambda prompt: f"{folder}/{prompt}",
        reactor,
        config.limits,
        cache(city.book.seconds),
        longest,
    )


class _Page(Resource):
    """One page, made by the reactor's own thread: a process that hangs does not answer as healthy."""

    isLeaf = True

    def __init__(self, content_type: str, body: Callable[[], bytes]) -> None:
        super().__init__()
        self._content_type = content_type
        self._body = body

    def render_GET(self, request: Request) -> bytes:
        request.setHeader("Content-Type", self._content_type)
        return self._body()


def serve(config: ServeConfig, reactor: Reactor) -> None:
    """Starts listening: AGI on ``port``, ``/metrics`` and ``/healthz`` on ``metrics_port``.

    Raises:
        twisted.internet.error.CannotListenError: a port is taken.
    """
    PythonLoggingObserver("twisted").start()
    logging.getLogger("twisted").setLevel(logging.WARNING)  # its errors, not its chatter
    for problem in config.city.warnings:
        log.warning("%s", problem)
    reactor.listenTCP(config.port, build_factory(config, reactor), backlog=512, interface=config.address)
    pages = Resource()
    pages.putChild(b"metrics", _Page(CONTENT_TYPE_LATEST, generate_latest))  # type: ignore[arg-type]
    pages.putChild(b"healthz", _Page("text/plain", lambda: b"ok\n"))  # type: ignore[arg-type]
    site = Site(pages)
    site.noisy = False
    reactor.listenTCP(config.metrics_port, site, interface=config.address)
    log.info("IVR listens on %s:%d", config.address, config.port)
