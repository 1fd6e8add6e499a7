"""What the office's settings are now, in the form in which they are changed, and what their values may be."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, get_args

from ticketing.dictionary import Category
from ticketing.life import EVENTS, VERBS
from ticketing.messages import ALARM_PLACES, CHANNELS, PLACES, RECEIVERS, WAITING, WAITING_PLACES
from ticketing.office import LIGHTS, SEES, Office
from ticketing.rules.words import UnitKind


def setting_in_force(office: Office, name: str) -> dict[str, Any] | None:
    """A setting as :func:`ticketing.change_setting` takes it; None for a calendar, which is loaded as a whole."""
    if name == "units":
        return {"units": [asdict(unit) for unit in office.dictionary.units]}
    if name == "categories":
        return {"categories": [_category(one) for one in office.dictionary.categories]}
    if name == "roles":
        return {
            "roles": {
                code: {
                    "zh": role.zh,
                    "en": role.en,
                    "sees": role.sees,
                    "verbs": [verb for verb in VERBS if verb in role.verbs],
                    "reads": sorted(role.reads),
                    "permissions": sorted(role.permissions),
                }
                for code, role in office.roles.items()
            }
        }
    if name == "messages":
        return {"message": [asdict(one) for one in office.messages]}
    if name == "parameters":
        counting = office.pack.versions[-1].rules.counting
        return {light: getattr(counting, light) for light in LIGHTS}
    return None


def setting_choices(name: str) -> dict[str, list[str]]:
    """What the fields of a setting may hold, where that is a list."""
    if name == "units":
        return {"kind": list(get_args(UnitKind))}
    if name == "roles":
        return {"sees": list(SEES), "verbs": list(VERBS)}
    if name == "messages":
        return {
            "on": sorted(EVENTS | {WAITING}),
            "by": list(CHANNELS),
            "to": list(RECEIVERS),
            "places": sorted(PLACES),
            "alarmed_places": sorted(ALARM_PLACES),
            "keeper_places": sorted(WAITING_PLACES),
        }
    return {}


def _category(node: Category) -> dict[str, Any]:
    return {"code": node.code, "zh": node.zh, "en": node.en, "children": [_category(one) for one in node.children]}
