"""The desk: everything a person sees in a browser.  Other packages use only the names below."""

from agent_desktop.accounts import (
    BadAccount,
    User,
    accounts_named,
    add_user,
    find_user,
    generate_password,
    link_agent,
    list_users,
    remove_user,
    set_password,
    user_of_agent,
)
from agent_desktop.app import create_app
from agent_desktop.archive import Archive
from agent_desktop.attachment_files import AttachmentFiles
from agent_desktop.caption_engine import (
    CaptionEnded,
    CaptionEngine,
    CaptionHeard,
    CaptionNews,
    CaptionsOff,
    EngineChanged,
    NoCaptions,
)
from agent_desktop.citizen_query import TooManyTries, within_tries
from agent_desktop.doors import DemoLogin, DeskConfig, Doors, SipAccount
from agent_desktop.form_guide import BadFormGuide, FormGuide, load_form_guide
from agent_desktop.hand_overs import note as note_hand_over
from agent_desktop.house_rules import BadHouseRules, HouseRules, load_house_rules
from agent_desktop.intake import TARGETS as INTAKE_TARGETS
from agent_desktop.intake import Intake
from agent_desktop.messages import json_schema
from agent_desktop.tables import Base
from agent_desktop.tokens import BadToken, Token, list_tokens, make_token, revoke_token
from agent_desktop.working_rules import WorkingRules

__all__ = [
    "INTAKE_TARGETS",
    "Archive",
    "AttachmentFiles",
    "BadAccount",
    "BadFormGuide",
    "BadHouseRules",
    "BadToken",
    "Base",
    "CaptionEnded",
    "CaptionEngine",
    "CaptionHeard",
    "CaptionNews",
    "CaptionsOff",
    "DemoLogin",
    "DeskConfig",
    "Doors",
    "EngineChanged",
    "FormGuide",
    "HouseRules",
    "Intake",
    "NoCaptions",
    "SipAccount",
    "Token",
    "TooManyTries",
    "User",
    "WorkingRules",
    "accounts_named",
    "add_user",
    "create_app",
    "find_user",
    "generate_password",
    "json_schema",
    "link_agent",
    "list_tokens",
    "list_users",
    "load_form_guide",
    "load_house_rules",
    "make_token",
    "note_hand_over",
    "remove_user",
    "revoke_token",
    "set_password",
    "user_of_agent",
    "within_tries",
]
