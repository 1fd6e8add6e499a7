"""The interactive voice response: what a caller hears before a person answers.

Flows (``ivr.flows``) are generators that yield verbs and know no wire; ``ivr.fastagi`` serves them to Asterisk;
``ivr.city_file`` reads a city's ``ivr.toml``.  The room speaks to the dialplan through channel variables,
set in one command at the end of a flow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ivr.city_file import City, Problem, load_city, load_menu
from ivr.menu import Menu, menu_labels, queues, tells_status
from ivr.prompt_book import PromptBook, PromptText, open_book
from ivr.speech_rules import code as spoken_code

if TYPE_CHECKING:
    from ivr.fastagi import FastAgiConfig, Source
    from ivr.service import ServeConfig, serve

__all__ = [
    "City",
    "FastAgiConfig",
    "Menu",
    "Problem",
    "PromptBook",
    "PromptText",
    "ServeConfig",
    "Source",
    "load_city",
    "load_menu",
    "menu_labels",
    "open_book",
    "queues",
    "serve",
    "spoken_code",
    "tells_status",
]


def __getattr__(name: str) -> Any:
    """The serving half, loaded when it is asked for: the desk reads menus and has no use for Twisted."""
    if name in ("FastAgiConfig", "ServeConfig", "Source", "serve"):
        from ivr import service

        return getattr(service, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
