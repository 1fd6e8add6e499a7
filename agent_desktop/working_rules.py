"""What an office decides about its desk and changes while calls come (setting ``desk``): times, limits, wrap-up.

Each has a start setting of the same name, with the same bounds (``hotline/settings.py``).  What was changed at run time
is laid over it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

import cti
import ticketing
from agent_desktop.floor_day import Formula, Rule

log = logging.getLogger(__name__)

NAME = "desk"
"""The setting that holds what was changed."""


class WorkingRules(BaseModel):
    """The rules in force.  Only what it names was changed, where it is given as a setting's value."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    wrap_up_mode: cti.WrapUp = cti.WrapUp.TIME_BOXED
    wrap_up_seconds: float = Field(default=30.0, ge=0, le=900)
    missed_calls_limit: int = Field(default=2, ge=0, le=100)
    queue_longest_wait_seconds: int = Field(default=1200, ge=10, le=86_400)
    longest_hold_seconds: int = Field(default=300, ge=10, le=3600)
    lost_call_seconds: int = Field(default=30, ge=5, le=300)
    screen_grace_seconds: float = Field(default=5.0, ge=1, le=60)
    voicemail_limit_minutes: int = Field(default=60, ge=1, le=10_080)
    caller_identity_days: int = Field(default=90, ge=1, le=36_500)
    service_seconds: int = Field(default=15, ge=1, le=600)
    short_abandon_seconds: int = Field(default=5, ge=0, le=120)
    service_formula: Formula = Formula.OF_ALL
    floor_waiting_yellow: int = Field(default=3, ge=1, le=10_000)
    floor_waiting_red: int = Field(default=8, ge=1, le=10_000)
    floor_wait_yellow_seconds: int = Field(default=15, ge=1, le=86_400)
    floor_wait_red_seconds: int = Field(default=60, ge=1, le=86_400)
    floor_level_yellow: int = Field(default=90, ge=1, le=99)
    floor_level_red: int = Field(default=80, ge=1, le=99)

    @property
    def wrap_up(self) -> cti.WrapUp:
        """No time is no wrap-up, whatever the mode."""
        return self.wrap_up_mode if self.wrap_up_seconds > 0 else cti.WrapUp.NONE

    @property
    def counting(self) -> Rule:
        """How the floor's figures are counted."""
        return Rule(self.service_seconds, self.short_abandon_seconds, self.service_formula)

    @property
    def floor(self) -> cti.FloorRules:
        """What of it the switch and its bridge go by."""
        return cti.FloorRules(
            missed_calls_limit=self.missed_calls_limit,
            wrap_up=self.wrap_up,
            longest_wait=self.queue_longest_wait_seconds,
            longest_hold=self.longest_hold_seconds,
            longest_absence=self.lost_call_seconds,
        )


def fault(value: Mapping[str, Any]) -> str | None:
    """Why these cannot be rules; None when they can."""
    try:
        WorkingRules.model_validate(value)
    except ValidationError as error:
        return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    return None


def in_force(start: WorkingRules, office: ticketing.Office) -> WorkingRules:
    """The start settings with what the office has changed laid over."""
    try:
        return WorkingRules.model_validate(start.model_dump() | dict(office.desk))
    except ValidationError:  # changed under an earlier version with other bounds: calls go on as it was started
        log.exception("the setting %r is not usable, the start settings hold", NAME)
        return start
