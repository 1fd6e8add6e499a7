"""Where the data that ships with the code lies: in a checkout beside the packages, in a wheel inside them.

The wheel's build (``setup.py``) copies ``asterisk-conf`` and ``cities`` into ``hotline/shipped``; a checkout
has no such folder.  The web app is built into ``agent_desktop/static`` in both cases.
"""

from __future__ import annotations

from pathlib import Path

import hotline
from hotline.settings import Settings

_PACKAGE = Path(hotline.__file__).resolve().parent


def _top() -> Path:
    """The folder that holds ``asterisk-conf`` and ``cities``."""
    shipped = _PACKAGE / "shipped"
    return shipped if shipped.is_dir() else _PACKAGE.parent


def asterisk_conf() -> Path:
    """The dialplan, PJSIP, queue… templates that are rendered into the home folder at start."""
    return _top() / "asterisk-conf"


def cities() -> Path:
    """The folder of shipped city packs, one sub-folder a city."""
    return _top() / "cities"


def city_dir(settings: Settings) -> Path:
    """The pack of the configured city: the ``city_dir`` setting, else the shipped ``cities/<city>``."""
    return settings.city_dir or cities() / settings.city


def web_app() -> Path:
    """The built web app (``index.html`` and its assets); absent in a checkout until ``make web``."""
    return _PACKAGE.parent / "agent_desktop" / "static"


def migrations() -> Path:
    """The Alembic scripts."""
    return _PACKAGE / "migrations"
