"""What a rule pack says about urging, supervising, consequences and assessment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from ticketing.rules.words import Duty, Origin, Src, UnitKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Urge:
    """Urging (催办)."""

    src: Src
    when: Annotated[Literal["overdue_without_explanation", "overdue", "time_nodes"], "When it may be done."]
    recorded: Annotated[bool | None, "Each is recorded."] = None
    automatic: Annotated[bool | None, "The platform urges by itself at its time nodes."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Redo:
    """Sending a result back (重办)."""

    src: Src
    when: Annotated[Literal["centre_dissatisfied", "caller_dissatisfied"], "Whose discontent causes it."]
    recorded: Annotated[bool | None, "Each is recorded."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuperviseKind:
    """One kind of supervision and who does it."""

    src: Src
    code: Annotated[Literal["daily", "listed", "interview", "on_site"], "The kind."]
    zh: Annotated[str, "Its name."]
    by: Annotated[str, "Who does it."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervise:
    """Supervision orders (督办)."""

    src: Src
    when: Annotated[
        tuple[
            Literal[
                "overdue", "refuses_to_accept", "unsolved", "bad_influence", "objection", "leader_assigned", "other"
            ],
            ...,
        ],
        "Grounds.",
    ] = ()
    direct_origins: Annotated[tuple[Origin, ...], "Matters from there are supervised from the start."] = ()
    new_limit: Annotated[bool | None, "An order sets a new limit."] = None
    by_any_section: Annotated[bool | None, "Any section of the office may start one."] = None
    history_and_evaluation: Annotated[bool | None, "Each result is kept and evaluated."] = None
    kinds: Annotated[tuple[SuperviseKind, ...], "The kinds there are; TOML `[[version.supervise.kinds]]`."] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """What follows when a count reaches a threshold."""

    src: Src
    id: Annotated[str, "Its name in this pack."]
    counts: Annotated[
        Literal["urges", "supervise_orders", "complaints", "redos", "overdue"],
        "What is counted; urges and supervise orders are never mixed (C10).",
    ]
    at_least: Annotated[int, "The threshold."]
    while_: Annotated[
        Literal["not_handled", "unresolved_or_no_measure", "always"], "TOML `while`: only as long as this is so."
    ]
    judged: Annotated[
        Literal["at_count", "after_limit"],
        "When the count is reached; or when so many orders were not followed (limit passed, or judged so).",
    ] = "at_count"
    repeat_trigger: Annotated[
        Literal["any", "all"], "C16. For `unresolved_or_no_measure`: one of the two suffices, or both are needed."
    ] = "any"
    unit_kinds: Annotated[tuple[UnitKind, ...], "Only for units of these kinds; empty means all."] = ()
    confirm: Annotated[tuple[str, ...], "What a person must confirm before the acts are carried out."] = ()
    must: Annotated[tuple[Duty, ...], "Acts that become mandatory."] = ()
    may: Annotated[tuple[Duty, ...], "Acts that are offered."] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A ground for accountability or criticism that a person finds, not a count."""

    src: Src
    code: Annotated[str, "Its code."]
    zh: Annotated[str, "The regulation's words."]
    en: Annotated[str, "The same in English."]
    leads_to: Annotated[tuple[Duty, ...], "What it leads to."] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Circular:
    """How widely criticism is published."""

    src: Src
    ordinary: Annotated[str | None, "Ordinary cases."] = None
    some_effect: Annotated[str | None, "Cases with some effect."] = None
    major_effect: Annotated[str | None, "Cases with major effect."] = None

    def reach(self, effect: str) -> str | None:
        """Where a matter of this effect is made known; None where the regulation does not say."""
        return {"ordinary": self.ordinary, "some_effect": self.some_effect, "major_effect": self.major_effect}.get(
            effect
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledgers:
    """Records that must be kept."""

    src: Src
    kept: Annotated[tuple[Literal["urge", "redo", "supervise", "callback", "evaluation"], ...], "Which."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publications:
    """Papers the office issues."""

    src: Src
    names: Annotated[tuple[str, ...], "Their names."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """The knowledge base."""

    src: Src
    units_update: Annotated[bool, "Units keep it up to date."]
    push: Annotated[Literal["real_time", "regular"] | None, "How."] = None
    self_service: Annotated[str | None, "What citizens can look up themselves."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A mark units are measured against."""

    src: Src
    group: Annotated[str, "Which units."]
    indicator: Annotated[Literal["closure_rate", "satisfaction_rate"], "Which rate."]
    at_least: Annotated[int, "Percent."]
    min_tickets: Annotated[int | None, "Only for units with so many tickets or more."] = None
    after: Annotated[str | None, "Only after this campaign."] = None
    leads_to: Annotated[tuple[Duty, ...], "What missing it leads to."] = ()


Measured = Literal[
    "direct_answer",
    "first_dispatch",
    "signed_in_time",
    "on_time",
    "closure_rate",
    "one_time_closure",
    "called_back",
    "confirmed",
    "contacted",
    "solved",
    "satisfaction",
    "satisfaction_plain",
    "returned",
    "return_requested",
    "redone",
    "repeated",
    "overdue",
    "extended",
    "urges",
    "supervisions",
    "three_rates",
]
"""The indicators of :mod:`ticketing.indicators`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How the parts of a composed rate weigh, in percent."""

    src: Src
    contacted: Annotated[int, "Callers whom the unit contacted (响应)."]
    solved: Annotated[int, "Matters that were solved (解决)."]
    satisfaction: Annotated[int, "Satisfied callers (满意); the three make 100."]
    basically: Annotated[int, "How much of a satisfied caller a basically satisfied one counts."] = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Points for a rate: straight lines between given points, level before the first and after the last."""

    src: Src
    indicator: Annotated[Measured, "Which rate."]
    group: Annotated[str, "Which units; `all` for those without a curve of their own."] = "all"
    rates: Annotated[tuple[int, ...], "Percent, rising."]
    tenths: Annotated[tuple[int, ...], "Points at each of them, in tenths of a point."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Assessment of the units."""

    src: Src
    method: Annotated[str | None, "The document that says how."] = None
    targets: Annotated[str | None, "Who is assessed."] = None
    counts_in: Annotated[str | None, "What the result counts in."] = None
    indicators: Annotated[tuple[str, ...], "What is measured."] = ()
    last_place_and_task_missed: Annotated[
        tuple[Duty, ...], "What follows for a unit that is last and missed its task."
    ] = ()
    cycle: Annotated[tuple[str, ...], "The rhythm, as `period: act`."] = ()
    thresholds: Annotated[tuple[Threshold, ...], "Marks; TOML `[[version.assessment.thresholds]]`."] = ()
    weights: Annotated[Weights | None, "Of composed rates; TOML `[version.assessment.weights]`."] = None
    scores: Annotated[tuple[Score, ...], "Points; TOML `[[version.assessment.scores]]`."] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Oversight:
    """Who oversees the office itself."""

    src: Src
    by: Annotated[str, "Who."]
    whole_process: Annotated[bool | None, "The whole process is watched electronically."] = None
