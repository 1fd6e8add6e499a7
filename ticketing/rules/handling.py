"""What a rule pack says about handling: units, returns, reports, replies, closing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from ticketing.rules.words import LimitUnit, Src


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The levels of handling units and the way a matter takes through them."""

    src: Src
    levels: Annotated[int | None, "How many levels the regulation names; the system itself has no end."] = None
    centre_level: Annotated[int | None, "The number of the centre's own level; 0 where it is not counted."] = None
    dispatch_to: Annotated[tuple[int, ...], "Levels the centre dispatches to, in the regulation's numbers."] = ()
    skip_levels: Annotated[Literal["when_necessary", "never"] | None, "Direct dispatch to a lower level."] = None
    upper_reviews: Annotated[bool | None, "The upper unit reviews and certifies the lower one's result."] = None
    push_down_forbidden: Annotated[bool | None, "A county may not hand its departments' work to townships."] = None
    friend_units: Annotated[bool | None, "Units outside the city government take part."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """Giving back what is not the unit's business (退回)."""

    src: Src
    ground: Annotated[Literal["not_own_duty", "wrongly_dispatched"], "On what ground."]
    reason: Annotated[bool | None, "Whether the reason must be stated."] = None
    window: Annotated[int | None, "Within so many `unit` from delivery."] = None
    unit: Annotated[LimitUnit, "Unit of the window."] = "wd"
    locked_after: Annotated[
        tuple[Literal["decided", "designated"], ...], "A unit named in this way may not return the matter."
    ] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminate:
    """Ending a matter in mid-handling (终止办理)."""

    src: Src
    grounds: Annotated[tuple[Literal["not_accept", "caller_refuses"], ...], "On what grounds."]
    written: Annotated[bool | None, "The request is in writing."] = None
    centre_review: Annotated[bool | None, "The centre reviews it."] = None
    explain_to_caller: Annotated[bool | None, "The caller is told why."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """Disputes over who is in charge, overlaps and gaps."""

    src: Src
    proposes: Annotated[str | None, "Who proposes."] = None
    decides: Annotated[str | None, "Who decides."] = None
    centre_may_designate: Annotated[bool | None, "The centre may name a unit directly."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MainUnit:
    """Several units on one matter: lead (主办) and assisting (协办)."""

    src: Src
    named_by: Annotated[Literal["centre"], "Who names the lead."]
    county_vs_department: Annotated[Literal["department"] | None, "Who leads where both are in charge."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveFirst:
    """Matters a leader approves before they are dispatched (呈批)."""

    src: Src
    when: Annotated[tuple[str, ...], "Which matters."]
    by: Annotated[str, "Who approves."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a unit's report must contain."""

    src: Src
    checks: Annotated[
        tuple[
            Literal[
                "all_items_answered",
                "attachments_covered",
                "satisfaction_or_explanation",
                "handler_signature",
                "unit_seal",
                "leader_approval",
            ],
            ...,
        ],
        "A report without one of these is not taken.",
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Who answers the caller."""

    src: Src
    by: Annotated[Literal["unit", "centre"], "Who."]
    feedback_to_centre: Annotated[bool | None, "The unit also reports to the centre."] = None
    except_declined: Annotated[bool | None, "Not when the caller asked for no reply."] = None
    first_contact: Annotated[Literal["immediate"] | None, "How soon the unit contacts the caller."] = None
    common_problem: Annotated[str | None, "How problems common to many are answered."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Satisfaction:
    """Asking whether the caller is content."""

    src: Src
    asked_by: Annotated[Literal["unit", "centre", "platform"], "Who asks."]
    via: Annotated[str | None, "By what means."] = None
    every_closed: Annotated[bool | None, "Every closed matter is asked about."] = None
    missing_needs_explanation: Annotated[bool | None, "A missing opinion must be explained."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """The centre's call-back (回访)."""

    src: Src
    duty: Annotated[Literal["mandatory", "discretionary"], "Whether each closing needs one."]
    feeds_assessment: Annotated[bool | None, "Its result counts in the assessment."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dissatisfied:
    """What follows when the caller is not content."""

    src: Src
    solvable: Annotated[Literal["redo"], "It can be solved."]
    later: Annotated[Literal["promise"] | None, "It can be solved when conditions ripen (承诺)."] = None
    impossible: Annotated[Literal["explain"] | None, "It cannot be solved."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingReport:
    """The report that closes a matter."""

    src: Src
    required: Annotated[bool, "Closing needs it."]
    name: Annotated[str, "Its name."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Review on the caller's objection."""

    src: Src
    kinds: Annotated[tuple[str, ...], "Its stages."]
