"""Time in a rule pack: how days are counted, limits, extensions, pauses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from ticketing.rules.words import Kind, LimitUnit, Mode, Origin, Src


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """How days are counted where the regulation is silent (conventions C1–C16)."""

    src: Src
    time_zone: Annotated[str, "C1. The zone dates are read in."] = "Asia/Shanghai"
    working_days: Annotated[
        Literal["state_council", "monday_to_friday"], "C2. The yearly notice with make-up days, or plain weekdays."
    ] = "state_council"
    day_zero: Annotated[Literal["excluded", "included"], "C3. Whether the day of the trigger counts."] = "excluded"
    cutoff: Annotated[str, "C4. `24:00`, or the closing hour `HH:MM` at which the last day ends."] = "24:00"
    unit_clock_from: Annotated[
        Literal["delivery", "signature"], "C5. The unit's clock starts at delivery to its inbox or at its signature."
    ] = "delivery"
    thresholds: Annotated[
        Literal["inclusive", "exclusive"], "C6. Whether “two or more times” is reached at the second time."
    ] = "inclusive"
    extension_from: Annotated[
        Literal["old_due", "approval"], "C8. An extension is counted from the old due date or from its approval."
    ] = "old_due"
    redispatch: Annotated[
        Literal["full", "remaining"], "C9. After a return the next unit has a full limit, or what was left of it."
    ] = "full"
    last_day_off: Annotated[
        Literal["moves", "stands"], "Natural days: a last day off moves to the next working day, or stands."
    ] = "moves"
    percent_decimals: Annotated[int, "C12. Decimals of a shown percentage, rounded half up."] = 2
    yellow_within: Annotated[int, "C15. Yellow when due within so many working days."] = 1
    yellow_share: Annotated[int, "C15 for hour limits: yellow in the last so many percent of the time."] = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When the line is answered."""

    src: Src
    manned: Annotated[str, "`24h`, or the daily hours `HH:MM-HH:MM` in which people answer."]
    holidays: Annotated[bool | None, "Whether people answer on days off too."] = None
    otherwise: Annotated[tuple[str, ...], "What takes messages outside these hours."] = ()
    units: Annotated[str | None, "Hours the handling units must be reachable."] = None
    voicemail_sections: Annotated[tuple[str, ...], "Sections that deal with voice messages in turn."] = ()
    voicemail_turn: Annotated[
        Literal["message", "day", "week"], "When the next section's turn comes: with each message, day or week."
    ] = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRule:
    """One time limit.  The first one that fits a matter holds."""

    src: Src
    step: Annotated[
        Literal["handle", "accept", "sign"],
        "What must be done within it; the unit's signature is what ends `sign` (签收) and `accept` (受理).",
    ] = "handle"
    mode: Annotated[tuple[Mode, ...], "Only for these ways of dispatch; empty means any."] = ()
    kind: Annotated[tuple[Kind, ...], "Only for these kinds of request; empty means any."] = ()
    origin: Annotated[tuple[Origin, ...], "Only for matters from there; empty means any."] = ()
    rule: Annotated[
        Literal["fixed", "centre_sets", "own_rule", "at_once"],
        "`fixed`: `amount`; `centre_sets`: named at dispatch; `own_rule`: another document's; `at_once`: no date.",
    ] = "fixed"
    amount: Annotated[int | None, "How many; needed for `fixed`."] = None
    unit: Annotated[LimitUnit, "Working days, natural days, hours, minutes."] = "wd"
    target: Annotated[int | None, "A shorter amount to aim at, where the regulation names two."] = None
    starts: Annotated[
        Literal["delivery"] | None, "The trigger, where the regulation itself names it; otherwise C5 decides."
    ] = None
    report: Annotated[Literal["written", "phone_or_written"] | None, "In what form the result comes back."] = None
    document: Annotated[str | None, "For `own_rule`: whose rule holds."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgent:
    """Urgent matters."""

    src: Src
    rule: Annotated[Literal["report_continuously", "same_day"], "Report at any time, or not overnight."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statute:
    """A law's own limit beside the regulation's."""

    src: Src
    rule: Annotated[
        Literal["longer_prevails", "prevails"], "The law's limit holds when it is longer, or in any conflict."
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsolvable:
    """What is owed when a matter cannot be solved in time for objective reasons."""

    src: Src
    must: Annotated[tuple[Literal["explanation", "plan"], ...], "What the unit gives instead."]
    then: Annotated[tuple[str, ...], "Who takes it up when the units cannot solve it, in order."] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRule:
    """A time in which the unit's clock stands still."""

    src: Src
    while_: Annotated[Literal["return_requested", "termination_requested"], "TOML `while`: the status that stops it."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """More time (延期)."""

    src: Src
    kind: Annotated[
        Literal["apply", "explain_only"], "Applied for and decided; or only explained, which moves no date."
    ]
    approval: Annotated[Literal["centre", "none"] | None, "Who decides."] = None
    filed_before: Annotated[Literal["due"] | None, "Latest moment to file."] = None
    must_state: Annotated[tuple[Literal["length", "reasons"], ...], "What the request must say."] = ()
    max_count: Annotated[int | None, "How often one unit may have it for one matter."] = None
    max_amount: Annotated[int | None, "Longest extension, in `unit`."] = None
    unit: Annotated[LimitUnit, "Unit of the extension."] = "wd"
