"""What the desk is given from outside: database, switch, settings.  Built in ``hotline/wiring.py`` and by tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker

import recordings
import ticketing
from agent_desktop.archive import Archive
from agent_desktop.attachment_files import AttachmentFiles
from agent_desktop.caption_engine import CaptionEngine, NoCaptions
from agent_desktop.form_guide import FormGuide
from agent_desktop.house_rules import HouseRules
from agent_desktop.intake import Intake
from agent_desktop.switch import SwitchBridge
from agent_desktop.working_rules import WorkingRules

MenuLabels = Callable[[str], list[dict[str, str]]]
"""A menu path → the words for its keys, ``zh`` and ``en`` each."""


@dataclass(frozen=True)
class SipAccount:
    """What a softphone needs to register.  Only ever given to the agent it belongs to."""

    extension: str
    password: str
    display_name: str
    domain: str


@dataclass(frozen=True)
class DemoLogin:
    """A log-in shown on the demo's first page."""

    username: str
    password: str
    display_name: str


@dataclass(frozen=True)
class DeskConfig:
    """Plain settings of the desk."""

    city_code: str
    city_name: str
    secret: str
    """Signs the cookies; generated at installation."""
    house_rules: HouseRules
    asterisk_ws: str
    """``ws://127.0.0.1:<port>/ws`` of Asterisk's own HTTP server."""
    static_dir: Path | None
    """The built web app; None serves the API alone."""
    rules: WorkingRules = field(default_factory=WorkingRules)
    """What the desk starts with; see :attr:`agent_desktop.desk.Desk.rules` for what is in force."""
    demo: bool = False
    demo_logins: tuple[DemoLogin, ...] = ()
    demo_phones: tuple[SipAccount, ...] = ()


@dataclass(frozen=True)
class Doors:
    """Everything the desk uses that is not its own."""

    config: DeskConfig
    write: sessionmaker[Session]
    read: sessionmaker[Session]
    bridge: SwitchBridge
    now: Callable[[], datetime]
    office: Callable[[Session], ticketing.Office]
    """The office as it works now: regulation, calendar, units, roles, words."""
    intake: Intake
    """What is suggested while a ticket is being written."""
    paper_templates: Path
    """The office's own Word templates; kinds without one use those that ship."""
    recording_store: recordings.Store
    attachments: AttachmentFiles
    """Where the files of tickets lie."""
    archive: Archive
    """Search among recordings, the scorecard, exports, proof."""
    sip_account: Callable[[str], SipAccount | None]
    """The softphone account of an agent id; None when the agent has a plain SIP phone."""
    form: FormGuide = field(default_factory=FormGuide)
    """What guides an agent through a call: the city's ``form.toml``."""
    brief: Callable[[str, str, str], tuple[str, ...]] = field(default=lambda _kind, _tail, _number: ())
    """Sound files that tell a unit about a call: the kind of request, the caller's last digits, the ticket's number."""
    menu_labels: MenuLabels = field(default=lambda _path: [])
    """The names of the menu items a citizen chose, from the recorded path (``2>1``)."""
    captions: CaptionEngine = field(default_factory=NoCaptions)
    """Hears calls live."""
