"""What a caller goes through before a person: seconds of prompts and waiting, key presses.  Pure arithmetic.

The national standard for government hotlines (GB/T 33358-2016) advises against menus, so a city gives itself a
budget in ``ivr.toml`` and a file that exceeds it is refused, unless it does so by guessed lengths only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ivr.menu import Menu, Option, PromptId

SecondsOf = Callable[[PromptId], float]
"""How long a prompt takes to speak."""


@dataclass(frozen=True, slots=True)
class Journey:
    """One way to a queue, for a caller who listens to everything."""

    name: str
    seconds: float
    keys: int


def journeys(menu: Menu, seconds_of: SecondsOf) -> list[Journey]:
    """Every way to a person during office hours, except by wrong keys."""
    opening = sum(map(seconds_of, opening_prompts(menu)))
    handing_over = seconds_of(menu.queue.prompt) if menu.queue.prompt else 0.0
    found = [Journey("emergency key", opening, 1)]
    if not menu.menu.enabled:
        return [Journey("silent caller", opening + handing_over, 0), *found]
    asking = seconds_of(menu.menu.prompt)
    silent = opening + menu.limits.silences * (asking + menu.menu.wait_seconds) + handing_over
    found.append(Journey("silent caller", silent, 0))
    found.append(Journey(f"key {menu.menu.person_key}", opening + asking + handing_over, 1))
    found += [
        Journey(f"menu {path}", opening + seconds + handing_over, keys)
        for path, seconds, keys in _leaves(menu.menu.options, asking, seconds_of)
    ]
    return found


def opening_prompts(menu: Menu) -> tuple[PromptId, ...]:
    """What every caller hears first in office hours."""
    return menu.greeting.prompt, menu.greeting.recording_notice, menu.emergency.prompt


def over_budget(menu: Menu, seconds_of: SecondsOf) -> dict[str, str]:
    """Each way that is longer than the budget, by its name, with a sentence about it."""
    budget = menu.budget
    return {
        way.name: f"{way.name}: {way.seconds:.1f} s and {way.keys} key presses before a person, "
        f"the budget is {budget.seconds:g} s and {budget.keys}"
        for way in journeys(menu, seconds_of)
        if way.seconds > budget.seconds or way.keys > budget.keys
    }


def _leaves(
    options: tuple[Option, ...], heard: float, seconds_of: SecondsOf, path: str = ""
) -> Iterator[tuple[str, float, int]]:
    for option in options:
        here = f"{path}>{option.key}" if path else option.key
        if option.options:
            deeper = heard + (seconds_of(option.prompt) if option.prompt else 0.0)
            yield from _leaves(option.options, deeper, seconds_of, here)
        elif not option.status:  # no way to a person, but to an answer
            yield here, heard, here.count(">") + 1
