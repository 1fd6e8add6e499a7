"""The call room: what happens on the switch, as facts; agents' states; the call log.

Only the names below are for other rooms.
"""

from cti import facts
from cti.agent_list import agent_at, get_agent, list_agents, put_agent, remove_agent
from cti.agents import WRAP_UP_RULES, WrapUp
from cti.ami import AmiConfig, AmiLink
from cti.ami_parse import AmiParser, clean_event
from cti.bridge import Bridge, BridgeConfig
from cti.call_log import calls_of_number, contacts_of_number, get_call, open_calls, recent_calls, record, story
from cti.calls import Switch
from cti.capture_file import BadCapture, Mask, read_events
from cti.conversation import Kind, Party, Phase, Place, Verb, verbs
from cti.duty import (
    EVERY_DAY,
    BadDuty,
    Duty,
    DutyConflict,
    add_duty,
    change_duty,
    list_duty,
    on_duty,
    remove_duty,
    units_at,
)
from cti.errors import AmiDown, Refused
from cti.facts import Fact, from_json, to_json
from cti.floor_rules import FloorRules
from cti.numbers import Number, normalise
from cti.snapshot import Snapshot
from cti.spying import Ear
from cti.survey import AgentSurvey, Survey, record_survey, survey_by_agent, surveys_of
from cti.tables import AgentRow, AgentStateRow, Base, CallRow, DutyRow, FactRow
from cti.talks import Target, consultation_ids
from cti.views import AgentView, CallView, QueueView, SpyView

__all__ = [
    "EVERY_DAY",
    "WRAP_UP_RULES",
    "AgentRow",
    "AgentStateRow",
    "AgentSurvey",
    "AgentView",
    "AmiConfig",
    "AmiDown",
    "AmiLink",
    "AmiParser",
    "BadCapture",
    "BadDuty",
    "Base",
    "Bridge",
    "BridgeConfig",
    "CallRow",
    "CallView",
    "Duty",
    "DutyConflict",
    "DutyRow",
    "Ear",
    "Fact",
    "FactRow",
    "FloorRules",
    "Kind",
    "Mask",
    "Number",
    "Party",
    "Phase",
    "Place",
    "QueueView",
    "Refused",
    "Snapshot",
    "SpyView",
    "Survey",
    "Switch",
    "Target",
    "Verb",
    "WrapUp",
    "add_duty",
    "agent_at",
    "calls_of_number",
    "change_duty",
    "clean_event",
    "consultation_ids",
    "contacts_of_number",
    "facts",
    "from_json",
    "get_agent",
    "get_call",
    "list_agents",
    "list_duty",
    "normalise",
    "on_duty",
    "open_calls",
    "put_agent",
    "read_events",
    "recent_calls",
    "record",
    "record_survey",
    "remove_agent",
    "remove_duty",
    "story",
    "survey_by_agent",
    "surveys_of",
    "to_json",
    "units_at",
    "verbs",
]
