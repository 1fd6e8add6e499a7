"""The way of an incoming call: greeting, office hours, the emergency hint, the optional menu, a queue.

Every path ends in exactly one :class:`~ivr.verbs.SetVariables`; a path that is cut anywhere leaves the safe
defaults of the dialplan standing, so a caller always reaches a person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator
from dataclasses import dataclass, replace

from ivr import speech_rules
from ivr.flows.status import LEAVE, status
from ivr.hours import OfficeHours
from ivr.lint import opening_prompts
from ivr.menu import EMERGENCY, GOODBYE, SKIPPED, Menu, Option
from ivr.verbs import Answer, Flow, GetData, Keys, Lookup, Play, SetVariables, Verb

_CLASSES = ("normal", "priority", "blocked")


@dataclass(frozen=True, slots=True)
class Call:
    """What is known of a call when it begins."""

    caller_number: str
    """As the carrier sent it; empty when withheld."""
    now: dt.datetime
    """The moment of the call in the city's local time."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Where the call goes; becomes the channel variables."""

    queue: str
    priority: int
    language: str
    caller_class: str = "normal"
    path: str = ""
    next: str = "queue"
    survey: bool = False
    """Whether the caller is asked how the call was, after it."""

    def variables(self) -> SetVariables:
        """Inherited (``__``) where later legs of the call must see them; names as the dialplan knows them."""
        return SetVariables(
            (
                ("__HL_QUEUE", self.queue),
                ("__HL_PRIORITY", str(self.priority)),
                ("__HL_MENU_PATH", self.path),
                ("__HL_CALLER_CLASS", self.caller_class),
                ("__HL_LANG", self.language),
                ("__HL_SURVEY", "yes" if self.survey else ""),
                ("HL_NEXT", self.next),
            )
        )


def inbound(call: Call, menu: Menu, office: OfficeHours) -> Flow:
    """The flow of a call to the hotline's number."""
    caller_class = yield Lookup("caller_class", call.caller_number)
    choice = _usual(menu, caller_class if caller_class in _CLASSES else "normal")
    if choice.caller_class == "blocked":
        if menu.callers.blocked_prompt:
            yield Play((menu.callers.blocked_prompt,))
        yield replace(choice, next="voicemail").variables()
    elif not office.is_open(call.now):
        yield from _closed(call, menu, office, choice)
    else:
        yield from _open(call, menu, choice)


def _usual(menu: Menu, caller_class: Answer) -> Choice:
    """Straight to a person; a caller of the priority list to theirs."""
    if caller_class == "priority":
        queue, priority = menu.callers.priority_queue, menu.callers.priority_level
    else:
        queue, priority = menu.queue.name, menu.queue.priority
    return Choice(queue, priority, menu.language, str(caller_class), survey=menu.survey.ask)


def _emergency(menu: Menu, choice: Choice) -> Choice:
    return replace(
        choice,
        queue=menu.emergency.queue,
        priority=max(menu.emergency.priority, choice.priority),
        path=EMERGENCY,
        next="queue",
    )


def _closed(call: Call, menu: Menu, office: OfficeHours, choice: Choice) -> Flow:
    prompts = [menu.greeting.prompt, menu.greeting.recording_notice, menu.emergency.prompt, menu.closed.prompt]
    opening = office.next_opening(call.now) if menu.closed.opening_prompt else None
    if opening and menu.closed.opening_prompt:
        prompts += [menu.closed.opening_prompt, *speech_rules.when(opening, call.now)]
    key = yield from _play(tuple(prompts), menu.emergency.key)
    if key == menu.emergency.key:
        yield _emergency(menu, choice).variables()
    else:
        yield replace(choice, next=menu.closed.next).variables()


def _open(call: Call, menu: Menu, choice: Choice) -> Flow:
    options = menu.menu.options if menu.menu.enabled else ()
    keys = menu.emergency.key + menu.menu.person_key + "".join(option.key for option in options)
    early = yield from _play(opening_prompts(menu), keys)
    if early == menu.emergency.key:
        choice = _emergency(menu, choice)
    elif options:
        choice = yield from _ask(call, menu, choice, early)
    if menu.queue.prompt and choice.path != EMERGENCY and choice.next == "queue":
        yield Play((menu.queue.prompt,))
    yield choice.variables()


def _ask(call: Call, menu: Menu, choice: Choice, early: str) -> Generator[Verb, Answer, Choice]:
    """The menu with its sub-menus; ``early`` is a key pressed during the greeting."""
    prompt, options = menu.menu.prompt, menu.menu.options
    path: list[str] = []
    silences = wrong_keys = 0
    pressed = Keys(early, timed_out=False) if early else None
    most = max(menu.limits.silences, menu.limits.wrong_keys)
    while silences < menu.limits.silences and wrong_keys < menu.limits.wrong_keys and silences + wrong_keys < most:
        if pressed is None:
            answer = yield GetData((prompt,), menu.menu.wait_seconds)
            pressed = answer if isinstance(answer, Keys) else Keys()
        option = next((one for one in options if one.key == pressed.digits), None)
        if pressed.digits == menu.emergency.key:
            return _emergency(menu, choice)
        if pressed.digits == menu.menu.person_key:
            break
        if option is None:
            silences, wrong_keys = silences + pressed.timed_out, wrong_keys + (not pressed.timed_out)
        else:
            path.append(option.key)
            if option.status:
                return (yield from _status(call, menu, choice, path))
            if not option.options:
                return _chosen(option, choice, path)
            prompt, options = option.prompt or prompt, option.options
        pressed = None
    return replace(choice, path=">".join([*path, SKIPPED]))


def _status(call: Call, menu: Menu, choice: Choice, path: list[str]) -> Generator[Verb, Answer, Choice]:
    """Who has heard how far the request is and says nothing more is taken leave of."""
    ending = yield from status(call.caller_number, menu)
    if ending == EMERGENCY:
        return _emergency(menu, choice)
    if ending == LEAVE:
        yield Play((GOODBYE,))
    return replace(choice, path=">".join(path), next="hangup" if ending == LEAVE else "queue")


def _chosen(option: Option, choice: Choice, path: list[str]) -> Choice:
    """A caller of the priority list keeps the better of both priorities."""
    return replace(
        choice,
        queue=choice.queue if choice.caller_class == "priority" else option.queue or choice.queue,
        priority=max(choice.priority, option.priority or 0),
        language=option.language or choice.language,
        path=">".join(path),
        next="voicemail" if option.voicemail else "queue",
    )


def _play(prompts: tuple[str, ...], stop_keys: str) -> Generator[Verb, Answer, str]:
    answer = yield Play(prompts, stop_keys)
    return answer.digits if isinstance(answer, Keys) else ""
